/** The learning loop as people live it: the review by keys; and a model trained, corrected, trained again, tried, put in charge, rolled back. */
import { readFileSync } from 'node:fs'
import { expect, type Page } from '@playwright/test'
import { unzipSync } from 'fflate'
import { axe } from '../kit/axe'
import { test } from '../kit/browser'
import { held, long } from '../kit/guarantee'
import { openShop } from '../kit/own-shop'
import { type Question, questions } from '../kit/questions'
import { askDatabase } from '../kit/site-database'

/** All of it by `npm run test:hard -- --long`; as much as proves the story otherwise. */
const size = (all: number, small: number) => (long ? all : small)
const labels = size(20, 5)
/** Few enough that what is corrected makes a difference that a comparison sees. */
const imported = size(8, 24)
const conversations = size(1_500, 20)
const corrected = size(200, 6)
/** A visitor writes so many: the door lets no more than this through in half a minute. */
const perVisitor = size(10, 4)

const groups = questions(labels, imported + Math.ceil(conversations / labels) + 1)
const truth = new Map(groups.flat().map(({ text, label }) => [text, label]))
const nameOf = (label: string) => label.charAt(0).toUpperCase() + label.slice(1).replaceAll('_', ' ')
const rows = groups
  .flatMap((group) => group.slice(0, imported))
  .map(({ text, label }) => `"${text.replaceAll('"', '""')}",${label}`)
const asked = groups.flatMap((group) => group.slice(imported, -1)).slice(0, conversations)

test('doubtful messages are labelled by keys, groups of them at once, and what a person sent is found by its reason', async ({
  browser,
}) => {
  const shop = await openShop(browser)
  const { page } = shop
  // Before anything is known: doubtful messages are labelled by keys alone, and a label is taken back.
  for (const text of ['Zwq mnb vfr', 'Plk jhg tre']) await shop.write(text, 'Kim')
  await shop.open('models/review')
  const main = page.getByRole('main')
  await expect(main).toContainText('2 messages left')
  await page.keyboard.press('Backspace')
  await expect(main).toContainText('1 message left')
  await page.keyboard.press('2')
  await expect(page.getByRole('heading', { name: 'Nothing to review' })).toBeVisible()
  await page.keyboard.press('z')
  await expect(main).toContainText('1 message left')
  await page.keyboard.press('2')
  // What says nearly the same is asked about once; one text is taken out of the group, and the others go by one key.
  for (const text of ['Qqx wvv zzkj rrr', 'qqx wvv zzkj rrr!', 'Qqx wvv zzkj rrrt']) await shop.write(text, 'Sam')
  // A label may come a second after its message.
  await expect(async () => {
    await shop.open('models/review')
    await expect(main).toContainText('3 messages left', { timeout: 2_000 })
  }).toPass()
  await page.keyboard.press('e')
  await expect(main.getByRole('checkbox')).toHaveCount(3)
  await axe(page)
  await main.getByRole('checkbox', { name: 'qqx wvv zzkj rrr!' }).focus()
  await page.keyboard.press('Space')
  await expect(main).toContainText('The choice is for 2 messages of 3')
  await page.keyboard.press('3')
  await expect(main).toContainText('1 message left')
  await expect(main).toContainText('qqx wvv zzkj rrr!')
  await page.keyboard.press('z')
  await expect(main).toContainText('3 messages left')
  // Sent by a person from the conversation, found by its reason.
  await shop.open('inbox')
  await page.getByRole('listitem').filter({ hasText: 'Sam' }).first().click()
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Send to the review' }).click()
  await expect(page.locator('.toast').filter({ hasText: 'Sent to the review' })).toBeVisible()
  await page.keyboard.press('w')
  const wrong = page.getByRole('button', { name: 'The label is wrong' }).last()
  await expect(wrong).toHaveAttribute('aria-pressed', 'true')
  await axe(page)
  await page.reload()
  await expect(wrong).toHaveAttribute('aria-pressed', 'true')
  await shop.open('models/review')
  await main.getByLabel('Why it is asked about').selectOption('thumbs down')
  await expect(main).toContainText('1 message left')
  await expect(main.getByRole('article')).toContainText('thumbs down')
  await axe(page)
  // What is done is found by its state, and can be asked about again.
  await page.keyboard.press('4')
  await main.getByRole('radio', { name: 'Submitted' }).check()
  const given = main.getByRole('list', { name: 'Submitted' }).getByRole('listitem')
  await expect(given.first()).toContainText('Cancelling an order')
  await axe(page)
  const all = await given.count()
  await given.first().getByRole('button', { name: 'Ask again' }).click()
  await expect(given).toHaveCount(all - 1)
  await main.getByRole('radio', { name: 'New' }).check()
  await main.getByRole('button', { name: 'Show everything' }).click()
  await expect(main.getByRole('article')).toContainText('sent by a person')
})

/** Labels what the queue asks about as somebody does who knows the answers: by number keys, and by name where there is none. */
async function review(page: Page, most: number): Promise<number> {
  const card = page.getByRole('main').getByRole('article')
  const shown = card.locator('p.text-lg')
  for (let done = 0; ; ) {
    await expect(card.or(page.getByRole('heading', { name: 'Nothing to review' }))).toBeVisible()
    if (done >= most || !(await card.count())) return done
    const text = (await shown.textContent()) ?? ''
    const label = truth.get(text) ?? ''
    if (await card.getByRole('button', { name: 'that say nearly the same' }).count()) {
      await page.keyboard.press('e')
      // What is about something else is taken out of the group.
      for (const each of await card.getByRole('listitem').locator('label').allTextContents())
        if (truth.get(each) !== label) await card.getByRole('checkbox', { name: each, exact: true }).first().uncheck()
    }
    const keyed = await card.getByRole('group', { name: 'What is it about?' }).getByRole('button').allTextContents()
    const at = keyed.findIndex((words) => words.slice(1) === nameOf(label))
    if (at >= 0) await page.keyboard.press(String(at + 1))
    else {
      await card.getByRole('button', { name: 'Another intent…' }).click()
      await page.locator('input[role=combobox]').fill(nameOf(label))
      await page
        .getByRole('dialog')
        .getByRole('option', { name: nameOf(label), exact: true })
        .click()
    }
    await expect(shown.filter({ hasText: text })).toHaveCount(0)
    done += 1
  }
}

/** The plan that everybody begins with labels fewer messages a month than the whole story has: a month goes by. */
const nextMonth = (slug: string) =>
  askDatabase(
    `UPDATE usage_record SET created_at = created_at - interval '40 days'
     WHERE account_id = (SELECT id FROM account WHERE slug = $1)`,
    [slug],
  )

/** What is written in a cell is how many texts it opens, each with the label that people gave it. */
async function lookAtConfusion(page: Page): Promise<void> {
  const matrix = page.getByRole('region', { name: 'What was taken for what' })
  const cells = matrix.getByRole('button', { name: /, (once|\d+ times)$/ })
  await expect(cells.first()).toBeVisible({ timeout: 60_000 })
  const wrong = cells.and(page.getByRole('button', { name: / taken for / }))
  const cell = (await wrong.count()) ? wrong.first() : cells.first()
  const count = Number(await cell.textContent())
  const [truth] = ((await cell.getAttribute('aria-label')) ?? '').split(/ taken for |, rightly/)
  await cell.click()
  const opened = page.locator('#texts').getByRole('listitem')
  await expect(opened).toHaveCount(Math.min(count, 40))
  for (const text of await opened.all()) await expect(text.getByText(truth as string, { exact: true })).toBeVisible()
}

/** How sure the model must be is tried by keys, saved for one intent, seen under Intents, and taken back. */
async function saveLine(page: Page): Promise<void> {
  const slider = page.getByRole('slider', { name: 'Least certainty' })
  const handled = page.getByText('Handled without a person').locator('xpath=following-sibling::dd')
  await expect(handled).toHaveText(/%/)
  await page.getByLabel('For', { exact: true }).selectOption({ label: 'Card arrival' })
  await slider.focus()
  await page.keyboard.press('End')
  await expect(slider).toHaveAttribute('aria-valuetext', '99%')
  await page.getByRole('button', { name: 'Save for Card arrival' }).click()
  await expect(page.getByText('99% is what holds now')).toBeVisible()
  const undo = page.locator('.toast').filter({ hasText: 'Least certainty of “Card arrival” saved' })
  await undo.getByRole('button').first().click()
  await expect(page.getByText('50% is what holds now')).toBeVisible()
  await page.getByLabel('For', { exact: true }).selectOption('')
  await slider.focus()
  await page.keyboard.press('ArrowRight')
  await page.getByRole('button', { name: /^Save for all/ }).click()
  await expect(page.getByText('51% is what holds now')).toBeVisible()
  await axe(page)
}

test(`real questions: a file becomes a model, conversations correct it, the next one holds, is tried, put in charge and rolled back${long ? ' @hard' : ''}`, async ({
  browser,
}) => {
  test.setTimeout(size(1_500_000, 240_000))
  const shop = await openShop(browser)
  const { page } = shop
  await shop.open('models/intents')
  const file = (lines: string[]) => ({ name: 'texts.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) })
  await page.getByLabel('Import').setInputFiles(file(['text,label', ',Piano']))
  await expect(page.locator('.toast')).toContainText('Line 2')
  await page.getByLabel('Import').setInputFiles(file(['text,label', ...rows]))
  await expect(page.locator('.toast').filter({ hasText: `${rows.length} rows imported` })).toContainText('new intents')
  await page.getByRole('button', { name: 'Texts of Card arrival' }).click()
  const sheet = page.getByRole('dialog', { name: 'Card arrival' })
  await sheet.getByLabel('Texts, one per line').fill('the postman has no card for me\nwhen will my card be here')
  await sheet.getByRole('button', { name: 'Add' }).click()
  await expect(sheet.getByRole('listitem').filter({ hasText: 'the postman has no card' })).toContainText('written')
  await page.keyboard.press('Escape')
  // What the product knows is not this shop's business; training is quicker without it, too.
  await page.getByLabel('Use those that come along').uncheck()
  await expect(page.getByText('aside', { exact: true }).first()).toBeVisible()
  await axe(page)

  // The first model, looked at closely.
  await page.getByRole('link', { name: 'Overview' }).click()
  await page.getByRole('button', { name: 'Train privately' }).click()
  const wish = page.getByRole('dialog', { name: 'Train with differential privacy' })
  await expect(wish.getByLabel('Strength')).toHaveValue('8')
  await axe(page)
  await page.keyboard.press('Escape')
  await expect(wish).toBeHidden()
  await page.getByRole('button', { name: 'Train a model' }).click()
  const version = (number: number) => page.getByRole('link', { name: `Version ${number}` })
  await expect(version(1)).toBeVisible({ timeout: size(600_000, 100_000) })
  await version(1).click()
  await expect(page.getByRole('heading', { name: 'Version 1' })).toBeVisible()
  await expect(page.getByText('Trained without differential privacy.')).toBeVisible()
  await page.getByRole('button', { name: 'Download' }).click()
  const [bundle] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Bundle' }).click(),
  ])
  const parts = unzipSync(readFileSync(await bundle.path()))
  expect(Object.keys(parts)).toEqual(
    expect.arrayContaining(['README.md', 'manifest.json', 'model.onnx', 'vocabulary.bin']),
  )
  await axe(page)
  await lookAtConfusion(page)
  await page.getByRole('button', { name: 'Put in charge' }).click()
  await expect(page.getByRole('main').getByText('In charge', { exact: true })).toBeVisible()
  await saveLine(page)

  // Conversations come in and are labelled by it; what it doubts is corrected.
  for (let at = 0; at < asked.length; at += perVisitor) {
    if (at % 500 === 0) await nextMonth(shop.slug)
    const [one, ...more] = asked.slice(at, at + perVisitor).map(({ text }) => text)
    await shop.write(one as string, `Visitor ${at}`, more)
  }
  await nextMonth(shop.slug)
  await shop.open('models/review')
  const labelled = await review(page, corrected)
  expect(labelled).toBeGreaterThan(0)

  // The next one has learned that too, and holds against the first.
  await page.getByRole('link', { name: 'Overview' }).click()
  await page.getByRole('button', { name: 'Train a model' }).click()
  await expect(version(2)).toBeVisible({ timeout: size(600_000, 100_000) })
  const second = page.getByRole('row').filter({ has: version(2) })
  await expect(second).toContainText('Holds')
  await second.getByRole('button', { name: 'Try beside' }).click()
  const trial = page.getByRole('region', { name: 'On trial' })
  await expect(trial).toContainText('nobody sees what it says')
  // It reads along: what both say is compared.
  await shop.write(groups[1]?.at(-1)?.text as string, 'Ash')
  await expect(async () => {
    await shop.open('models')
    await expect(trial.getByText('Read by both')).toBeVisible({ timeout: 3_000 })
  }).toPass({ timeout: size(120_000, 60_000) })
  // What it found is not thrown away by one press, and stays to be read.
  await trial.getByRole('button', { name: 'Stop the trial' }).click()
  const end = page.getByRole('dialog', { name: 'End the trial of version 2?' })
  await end.getByRole('button', { name: 'Cancel' }).click()
  await expect(end).toBeHidden()
  // Nor by a way back that ends it, too.
  await page.getByRole('button', { name: 'Back to the model that comes along' }).click()
  await end.getByRole('button', { name: 'Cancel' }).click()
  await expect(end).toBeHidden()
  await trial.getByRole('button', { name: 'Stop the trial' }).click()
  await end.getByRole('button', { name: 'Stop the trial' }).click()
  await expect(page.getByRole('region', { name: 'Trial stopped' })).toContainText('Read by both')
  await second.getByRole('button', { name: 'Try beside' }).click()
  await trial.getByRole('radio', { name: '20 %' }).check()
  await expect(trial).toContainText('Answers 20 of 100 contacts')
  await axe(page)
  await trial.getByRole('button', { name: 'Put in charge' }).click()
  await expect(page.getByRole('region', { name: 'In charge' })).toContainText('Version 2')

  const next = groups[2]?.at(-1) as Question
  await shop.write(next.text, 'Robin')
  await shop.open('inbox')
  await expect(page.getByRole('listitem').filter({ hasText: 'Robin' })).toContainText(nameOf(next.label))

  await shop.open('models')
  await expect(page.getByRole('region', { name: 'Watched' })).toContainText('Version 2 beside')
  await page.getByRole('link', { name: 'Deployment' }).click()
  const pressed = performance.now()
  await page.getByRole('button', { name: 'Back to version 1' }).click()
  await expect(page.getByRole('region', { name: 'In charge' })).toContainText('Version 1')
  await shop.write(groups[3]?.at(-1)?.text as string, 'Lee')
  const back = performance.now() - pressed
  expect(back).toBeLessThan(5_000)
  await expect(page.getByText('Rolled back to Version 1').last()).toBeVisible()
  await axe(page)
  held(
    'learning: the story on real questions',
    `${asked.length} questions of ${labels} kinds, ${labelled} answers in the review, version 2 holds; rolled back in ${(back / 1_000).toFixed(1)} s`,
  )
})
