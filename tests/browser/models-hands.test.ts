/** What a hand on the pages of Models relies on: digits that stay where they are, names that fit a phone, and one undo for one press. */
import { type Browser, expect, type Page } from '@playwright/test'
import { axe } from '../kit/axe'
import { test } from '../kit/browser'
import { openShop } from '../kit/own-shop'

const file = (rows: readonly string[]) => ({
  name: 'texts.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from(['text,label', ...rows].join('\n')),
})
/** As long as a name may be. */
const long = 'Beneficiary not allowed because the account is not verified!'
const broad = 'W'.repeat(60)

/** How much wider than the page anything is. */
const wider = (page: Page) =>
  page.evaluate(() => {
    const main = document.querySelector('main [class*=overflow-y-auto]')
    return main ? main.scrollWidth - main.clientWidth : 1
  })
/** A shop of its own, where a visitor has written that, with their conversation open. */
async function openWritten(browser: Browser, text: string): Promise<Page> {
  const { page, write, open } = await openShop(browser)
  await write(text, 'Kim')
  await open('inbox')
  await page.getByRole('listitem').filter({ hasText: 'Kim' }).first().click()
  return page
}
/** By the API, as the page that is open would. */
const ask = (page: Page, path: string) =>
  page.evaluate(async (asked) => {
    const [, account] = location.pathname.split('/')
    return (await fetch(`/api/v1/${account}/${asked}`)).json()
  }, path)

test('the digits of the review mean the same for a sitting, and long names fit a phone', async ({ browser }) => {
  const shop = await openShop(browser)
  const { page } = shop
  await shop.open('models/intents')
  const rows = [long, broad].flatMap((name) => Array.from({ length: 6 }, (_, at) => `${name} ${'abcdef'[at]},${name}`))
  await page.getByLabel('Import').setInputFiles(file(rows))
  await expect(page.locator('.toast').filter({ hasText: '12 new texts' })).toBeVisible()
  for (const text of ['Zwq mnb vfr', 'Plk jhg tre', 'Vbx qqw nmm', 'Trw kkl zzp']) await shop.write(text, 'Kim')
  await shop.open('models/review')
  const main = page.getByRole('main')
  await expect(main).toContainText('4 messages left')
  const buttons = main.locator('fieldset button')
  await expect(buttons).toHaveCount(9)
  const texts = () => main.locator('article p').first().textContent()
  for (const _ of [1, 2]) {
    const before = await texts()
    const read = page.waitForResponse(
      (answer) => /\/intents$/.test(answer.url()) && answer.request().method() === 'GET',
    )
    await page.keyboard.press('9')
    await expect.poll(texts).not.toBe(before)
    const shown = await buttons.allTextContents()
    await read
    await page.waitForTimeout(300)
    expect(await buttons.allTextContents()).toEqual(shown)
  }
  await page.setViewportSize({ width: 360, height: 740 })
  await expect(buttons.filter({ hasText: long.slice(0, 20) })).toBeVisible()
  expect(await wider(page)).toBeLessThanOrEqual(0)
})

test('one choice for all that read the same is one press with one way back, and keeps where texts come from', async ({
  browser,
}) => {
  const shop = await openShop(browser)
  const { page } = shop
  await shop.open('models/intents')
  const same = ['!', '?', '.', ' ', ';'].map((end, at) => `when does my parcel come${end},${at ? long : broad}`)
  const others = [long, broad].flatMap((name) =>
    Array.from({ length: 6 }, (_, at) => `${name} ${'abcdef'[at]},${name}`),
  )
  await page.getByLabel('Import').setInputFiles(file([...same, ...others]))
  await expect(page.locator('.toast').filter({ hasText: 'new texts' })).toBeVisible()
  await page.setViewportSize({ width: 360, height: 740 })
  await shop.open('models/data')
  const found = page
    .getByRole('listitem')
    .filter({ hasText: 'parcel come!' })
    .filter({ has: page.getByRole('button') })
  await expect(found).toBeVisible({ timeout: 30_000 })
  expect(await wider(page)).toBeLessThanOrEqual(0)
  const parcels = async () => {
    const { intents } = (await ask(page, 'intents')) as { intents: { key: string; name: string | null }[] }
    const key = (name: string) => intents.find((one) => one.name === name)?.key
    const of = async (name: string) =>
      ((await ask(page, `examples?intent=${key(name)}`)) as { examples: { text: string; source: string }[] }).examples
        .filter(({ text }) => text.includes('parcel'))
        .map(({ source }) => source)
    return { long: await of(long), broad: await of(broad) }
  }
  const before = await parcels()
  expect(before.broad).toEqual(['import'])
  const requests: string[] = []
  page.on('request', (request) => request.method() === 'POST' && requests.push(new URL(request.url()).pathname))
  await found.getByRole('button', { name: `It is ${broad}` }).click()
  const note = page.locator('.toast').filter({ hasText: 'Labelled “' })
  await expect(note).toHaveCount(1)
  expect(requests.filter((path) => path.endsWith('/examples/move'))).toHaveLength(1)
  expect(await parcels()).toEqual({ long: [], broad: [...before.long, ...before.broad] })
  await note.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(parcels).toEqual(before)
})

test('an import, a removed text and the switch of what comes along are taken back by their notes; a refused name stays', async ({
  browser,
}) => {
  const shop = await openShop(browser)
  const { page } = shop
  await shop.open('models/intents')
  await page.getByLabel('Import').setInputFiles(file(['one of mine,Parcels', 'two of mine,Parcels']))
  await expect(page.getByRole('button', { name: 'Texts of Parcels' })).toContainText('2 texts')
  await page.getByLabel('Import').setInputFiles(file(['one of mine,Letters', 'new here,Letters']))
  const note = page.locator('.toast').filter({ hasText: '1 text changed its intent' })
  await expect(page.getByRole('button', { name: 'Texts of Parcels' })).toContainText('1 text')
  await note.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByRole('button', { name: 'Texts of Parcels' })).toContainText('2 texts')

  await page.getByRole('button', { name: 'Texts of Parcels' }).click()
  const sheet = page.getByRole('dialog', { name: 'Parcels' })
  await sheet.getByRole('button', { name: /Remove .*one of mine/ }).click()
  await expect(sheet.getByRole('listitem')).toHaveCount(1)
  await page.locator('.toast').filter({ hasText: 'removed' }).getByRole('button', { name: 'Undo' }).click()
  await expect(sheet.getByRole('listitem').filter({ hasText: 'one of mine' })).toContainText('imported')
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'More about Parcels' }).click()
  await page.getByRole('menuitem', { name: 'Rename Parcels' }).click()
  const name = page.getByRole('textbox', { name: 'Rename' })
  await name.fill('Refund')
  await page.keyboard.press('Enter')
  await expect(page.locator('.toast').filter({ hasText: 'in use already' })).toBeVisible()
  await expect(name).toHaveValue('Refund')
  await name.fill('Packets')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Texts of Packets' })).toBeVisible()

  await page.getByLabel('Use those that come along').click()
  const aside = page.locator('.toast').filter({ hasText: /\d+ intents are out of use/ })
  await aside.getByRole('button', { name: 'Undo' }).click()
  await expect(page.getByLabel('Use those that come along')).toBeChecked()
})

test('what would the model say: asked once one pauses, and a refusal is said', async ({ browser }) => {
  const page = await openWritten(browser, 'Where is my refund?')
  await page.getByRole('button', { name: 'What the model said' }).first().click()
  await page.getByRole('button', { name: 'What if it said…' }).click()
  const box = page.getByRole('textbox', { name: 'Text to try' })
  let asked = 0
  page.on('request', (request) => request.url().endsWith('/explain') && asked++)
  await box.pressSequentially(' and I would like to speak to a person', { delay: 30 })
  await page.waitForTimeout(600)
  expect(asked).toBeLessThanOrEqual(3)
  await page.route('**/explain', (route) => route.fulfill({ status: 429, json: { code: 'rate_limited', status: 429 } }))
  await box.pressSequentially('!')
  await expect(page.getByRole('alert')).toBeVisible()
})

test('one key corrects a label in the conversation, by what the model would have said next', async ({ browser }) => {
  const page = await openWritten(browser, 'I want a refund, this is far too slow!')
  const guess = page.getByRole('button', { name: /^(Rather|Is it) “/ })
  await expect(guess).toHaveCount(1)
  const name = /“(.+)”/.exec((await guess.textContent()) ?? '')?.[1] as string
  await axe(page)
  await page.locator('body').press('c')
  await expect(page.locator('.toast').filter({ hasText: `Corrected: ${name}` })).toBeVisible()
  await expect(page.getByRole('button', { name: `About: ${name}. Correct it` })).toBeVisible()
  await expect(guess).toHaveCount(0)
  await page.keyboard.press('z')
  await expect(guess).toHaveCount(1)
})
