/** Every page of Models: no barrier in either language, wide or narrow, light or dark; and what each lets people do by hand or by key. */
import { expect, type Page } from '@playwright/test'
import { axe } from '../kit/axe'
import { test } from '../kit/browser'
import { type OwnShop, openShop } from '../kit/own-shop'
import { questions } from '../kit/questions'

const file = (rows: string[]) => ({
  name: 'texts.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(['text,label', ...rows].join('\n')),
})
const groups = questions(5, 24)
const rows = groups.flat().map(({ text, label }) => `"${text.replaceAll('"', '""')}",${label}`)

async function teach({ page, open }: OwnShop): Promise<void> {
  await open('models/intents')
  await page.getByLabel('Import').setInputFiles(file(rows))
  await expect(page.locator('.toast').filter({ hasText: 'rows imported' })).toBeVisible()
  await page.getByLabel('Use those that come along').click()
  await expect(page.getByText('aside', { exact: true }).first()).toBeVisible()
}

async function train({ page, open }: OwnShop): Promise<void> {
  await open('models')
  await page.getByRole('button', { name: 'Train a model' }).click()
  const version = page.getByRole('link', { name: 'Version 1' })
  await expect(version).toBeVisible({ timeout: 150_000 })
  await page.getByRole('button', { name: 'Put in charge' }).click()
  await expect(page.getByRole('region', { name: 'In charge' })).toContainText('Version 1')
}

/** What is written in a cell, and how many texts it opens. */
async function openCell(page: Page, name: RegExp): Promise<void> {
  const cell = page.getByRole('button', { name }).first()
  const count = Number(await cell.textContent())
  expect(count).toBeGreaterThan(0)
  await cell.click()
  const texts = page.locator('#texts')
  await expect(texts.getByRole('listitem')).toHaveCount(Math.min(count, 40))
  await expect(texts).toContainText(`${Math.min(count, 40)} of ${count}`)
}

/** Which words moved an answer, in words, and what another text would get. */
async function askWhy(page: Page): Promise<void> {
  await page.locator('#texts').getByRole('button', { name: 'Why is that said of' }).first().click()
  const why = page.getByRole('dialog', { name: 'Why?' })
  await expect(why.getByRole('heading', { name: 'Words that decided' })).toBeVisible()
  await expect(why.getByText(/^for “.+”, against “.+”$/)).toBeVisible()
  await axe(page)
  await why.getByRole('button', { name: 'What if it said…' }).click()
  await why.getByLabel('Text to try').fill('how old must I be')
  await expect(why.getByRole('list').last().getByRole('listitem')).toHaveCount(3)
  await page.keyboard.press('Escape')
}

test('no barrier on any page of Models, in both languages, wide and narrow, light and dark', async ({ browser }) => {
  test.setTimeout(420_000)
  const shop = await openShop(browser)
  const { page } = shop
  await teach(shop)
  await train(shop)
  for (const text of ['Zwq mnb vfr', 'Plk jhg tre']) await shop.write(text, 'Kim')
  // The page of figures: the one in charge is opened, and each cell opens the texts behind it.
  await page.getByRole('link', { name: 'Evaluation' }).click()
  await expect(page.getByLabel('Version to look at')).toHaveValue('1')
  const matrix = page.getByRole('region', { name: 'What was taken for what' })
  await expect(matrix.getByRole('row')).not.toHaveCount(0)
  const all = page.getByRole('button', { name: 'Show all 5 intents' })
  if (await all.isVisible()) await all.click()
  await expect(matrix.getByRole('row')).toHaveCount(6)
  await openCell(page, /, rightly, /)
  await askWhy(page)
  const run = await page.evaluate(async () => {
    const [, account] = location.pathname.split('/')
    const answer = await fetch(`/api/v1/${account}/learning`)
    return ((await answer.json()) as { runs: { id: string }[] }).runs[0]?.id
  })
  // The version in charge has a name that stays while versions come and go.
  const named = await page.evaluate(async () => {
    const [, account] = location.pathname.split('/')
    const card = (alias: string) => fetch(`/api/v1/${account}/learning/versions/${alias}/card.md`)
    return [(await card('champion')).status, (await card('challenger')).status, (await card('nobody')).status]
  })
  expect(named).toEqual([200, 404, 404])
  const paths = [
    '',
    '/review',
    '/intents',
    '/data',
    '/runs',
    `/runs/${run}`,
    '/evaluation',
    '/versions/1',
    '/deployment',
  ]
  const narrow = { viewport: { width: 360, height: 740 }, locale: 'zh-CN', colorScheme: 'dark' } as const
  for (const options of [{ viewport: { width: 1440, height: 900 }, locale: 'en-GB' }, narrow]) {
    const other = await shop.elsewhere('models', options)
    const base = other.url()
    for (const path of paths) {
      await other.goto(`${base}${path}`)
      await expect(other.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(other.locator('html')).toHaveAttribute('lang', options.locale === 'zh-CN' ? 'zh-CN' : 'en')
      await expect(other.getByRole('status', { name: /Loading|正在加载/ })).toHaveCount(0)
      await expect(other.getByRole('main').getByRole('alert')).toHaveCount(0)
      // What the worker found comes by itself, with its time.
      if (path === '/data') await expect(other.getByText(/^(Last look|上次检查)/)).toBeVisible({ timeout: 20_000 })
      if (path === '/versions/1') await expect(other.getByText(/From dataset|来自数据集/)).toBeVisible()
      const wider = () => other.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(await wider(), path).toBeLessThanOrEqual(0)
      // The frame of Models scrolls by itself: it may not scroll sideways either.
      const inner = await other.evaluate(() => {
        const main = document.querySelector('main [class*=overflow-y-auto]')
        return main ? main.scrollWidth - main.clientWidth : 1
      })
      expect(inner, path).toBeLessThanOrEqual(0)
      await axe(other)
    }
    await other.context().close()
  }
  await nameBrokenCases(shop)
})

/** The way back to the model that comes along names what it gets wrong: it knows no intent of the account's own. */
async function nameBrokenCases({ page, open }: OwnShop): Promise<void> {
  const text = 'what must always hold'
  await open('models/versions/1')
  // One of two intents is not what the version says.
  const row = page.getByRole('listitem').filter({ hasText: text })
  for (const index of [1, 2]) {
    await page.getByLabel('Text', { exact: true }).fill(text)
    await page.getByLabel('Intent', { exact: true }).selectOption({ index })
    await page.getByRole('button', { name: 'Add case' }).click()
    await expect(page.locator('.toast').filter({ hasText: 'Case added' }).last()).toBeVisible()
    if (await row.getByText('says').isVisible()) break
  }
  await open('models/deployment')
  await page.getByRole('button', { name: 'Back to the model that comes along' }).click()
  const dialog = page.getByRole('dialog', { name: 'It gets cases wrong' })
  await expect(dialog.getByRole('listitem')).toContainText(text)
  await expect(dialog.getByRole('listitem')).toContainText('says')
  await axe(page)
  await dialog.getByRole('button', { name: 'All the same' }).click()
  await expect(page.getByText('Rolled back to The model that comes along').last()).toBeVisible()
  // A version that is to take over has to get them right: the same list, the same on its page, and no way past it.
  await open('models/versions/1')
  await expect(page.getByRole('heading', { name: 'Beside the model in charge' })).toContainText('A case fails')
  await expect(page.getByRole('heading', { name: 'What keeps it from taking over' })).toBeVisible()
  await page.getByRole('button', { name: 'Put in charge' }).click()
  await expect(dialog.getByRole('listitem')).toContainText(text)
  await expect(dialog.getByRole('button', { name: 'All the same' })).toHaveCount(0)
  await axe(page)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Remove the case' }).click()
  await expect(page.getByRole('heading', { name: 'Beside the model in charge' })).toContainText('Holds')
  await page.getByRole('button', { name: 'Put in charge' }).click()
  await expect(page.getByRole('main').getByText('In charge', { exact: true })).toBeVisible()
}

test('the review by its keys: another intent at 0, a new one at N, and undo by its own button', async ({ browser }) => {
  const shop = await openShop(browser)
  const { page } = shop
  for (const text of ['Zwq mnb vfr', 'Plk jhg tre', 'Vbx qqw nmm']) await shop.write(text, 'Kim')
  await shop.open('models/review')
  const main = page.getByRole('main')
  await expect(main).toContainText('3 messages left')
  const undo = main.getByRole('button', { name: 'Undo' })
  await expect(undo).toBeDisabled()
  await expect(undo).toContainText('Z')
  await page.keyboard.press('0')
  await page.locator('input[role=combobox]').fill('Warranty')
  await page.keyboard.press('Enter')
  await expect(main).toContainText('2 messages left')
  const note = page.locator('.toast').filter({ hasText: 'Warranty' })
  await expect(note.getByRole('button', { name: 'Undo' })).toContainText('Z')
  await undo.click()
  await expect(main).toContainText('3 messages left')
  await page.keyboard.press('n')
  const made = page.getByRole('dialog', { name: 'New intent' })
  await made.getByLabel('Name').fill('refund')
  await axe(page)
  await page.keyboard.press('Enter')
  await expect(made).toContainText('in use already')
  await made.getByLabel('Name').fill('Gift cards')
  await page.keyboard.press('Enter')
  await expect(made).toBeHidden()
  await expect(main).toContainText('2 messages left')
  await expect(page.locator('.toast').filter({ hasText: 'New intent “Gift cards”' })).toBeVisible()
  // What the model takes for something else is not asked about.
  const taken = main.getByLabel('What the model takes it for')
  await taken.selectOption('Gift cards')
  await expect(page.getByRole('heading', { name: 'Nothing to review' })).toBeVisible()
  await main.getByRole('button', { name: 'Show everything' }).click()
  await expect(main).toContainText('2 messages left')
})

test('whoever answers second hears who was first, and may insist', async ({ browser }) => {
  const shop = await openShop(browser)
  const { page } = shop
  await shop.write('Zwq mnb vfr', 'Kim')
  await shop.open('models/review')
  // Another member's word is put in its place where the answer comes back: two people's flows are tested at the database.
  const me = await page.evaluate(async () => {
    const [, account] = location.pathname.split('/')
    return ((await (await fetch(`/api/v1/${account}/people`)).json()) as { me: string }).me
  })
  const asked: { unlessAnswered: boolean; messageIds: string[] }[] = []
  await page.route('**/review/label', async (route) => {
    const body = route.request().postDataJSON() as (typeof asked)[number]
    asked.push(body)
    if (!body.unlessAnswered) return route.continue()
    const answered = body.messageIds.map((messageId) => ({ messageId, authorId: me, intent: 'invoice' }))
    await route.fulfill({ json: { labelled: 0, undoId: null, answered } })
  })
  // The number is on its intent: those come by a request of their own.
  await expect(page.getByRole('main').getByRole('button', { name: /^2 / })).toBeVisible()
  await page.keyboard.press('2')
  const note = page.locator('.toast').filter({ hasText: 'Tess Lin labelled it “Invoice” meanwhile' })
  await expect(note).toBeVisible()
  await expect(page.locator('.toast')).toHaveCount(1)
  await note.getByRole('button', { name: 'all the same' }).click()
  await expect(page.locator('.toast').filter({ hasText: 'Labelled “' })).toBeVisible()
  expect(asked.map(({ unlessAnswered }) => unlessAnswered)).toEqual([true, false])
})

test('texts are moved to another intent, and a merge is taken back, by one press each', async ({ browser }) => {
  const shop = await openShop(browser)
  const { page } = shop
  await teach(shop)
  await page.getByRole('button', { name: 'Texts of Age limit' }).click()
  const sheet = page.getByRole('dialog', { name: 'Age limit' })
  const list = sheet.getByRole('list', { name: 'Texts' }).getByRole('listitem')
  const before = 24
  await expect(list).toHaveCount(before)
  for (const at of [0, 1]) await list.nth(at).getByRole('checkbox').check()
  await expect(sheet).toContainText('2 texts chosen')
  await axe(page)
  await sheet.getByRole('button', { name: 'Move to…' }).click()
  await page.locator('input[role=combobox]').fill('Card arrival')
  await page.keyboard.press('Enter')
  await expect(list).toHaveCount(before - 2)
  await page.locator('.toast').filter({ hasText: '2 texts moved' }).getByRole('button', { name: 'Undo' }).click()
  await expect(list).toHaveCount(before)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'More about Age limit' }).click()
  await page.getByRole('menuitem', { name: 'Merge Age limit' }).click()
  await page.getByLabel('Into').selectOption({ label: 'Card arrival' })
  await page.getByRole('button', { name: 'Merge', exact: true }).click()
  await expect(page.getByText('merged into Card arrival')).toBeVisible()
  await page.locator('.toast').filter({ hasText: 'Merged into' }).getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByText('merged into Card arrival')).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Texts of Age limit' })).toContainText(`${before} texts`)
})

test('who corrects labels writes texts for an intent, and sees nothing that only those who train may do', async ({
  browser,
}) => {
  const shop = await openShop(browser)
  const { page } = shop
  // The desk of an agent: what the server lets an agent do is tested there.
  await page.route('**/api/v1/me', async (route) => {
    const answer = await route.fetch()
    const body = (await answer.text()).replaceAll('"owner"', '"agent"')
    await route.fulfill({ response: answer, body })
  })
  await shop.open('models/intents')
  await expect(page.getByRole('heading', { name: 'Come along' })).toBeVisible()
  await page.getByRole('button', { name: 'Texts of Refund', exact: true }).click()
  const sheet = page.getByRole('dialog', { name: 'Refund' })
  await sheet.getByLabel('Texts, one per line').fill('give me back what I paid')
  await sheet.getByRole('button', { name: 'Add' }).click()
  await expect(page.locator('.toast').filter({ hasText: '1 text added' })).toBeVisible()
  await expect(sheet).toContainText('Owners and admins see all of them')
  await axe(page)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('button', { name: 'Texts of Refund', exact: true })).toContainText('1 text')
  // A file of texts may come in, those of the account may not leave.
  await page.getByLabel('Import').setInputFiles({
    name: 'more.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('text,label\nmy money back at last,Refund\n'),
  })
  await expect(page.getByRole('button', { name: 'Texts of Refund', exact: true })).toContainText('2 texts')
  for (const name of ['Export', 'New intent', 'Use those that come along'])
    await expect(page.getByLabel(name)).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'More about Refund', exact: true })).toHaveCount(0)
})
