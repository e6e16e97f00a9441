/** The learning loop as people live it: texts come in, a model is trained, put in charge, labels a message, and is rolled back. */
import { readFileSync } from 'node:fs'
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { unzipSync } from 'fflate'
import { openShop } from '../kit/own-shop'

/** Things that the product knows nothing about. */
const topics = {
  'Guitar lesson': ['guitar lesson', 'lesson for the bass', 'teacher for my guitar', 'hour of guitar playing'],
  'Piano tuning': ['piano tuned', 'piano tuner', 'tuning of our grand piano', 'keys of the piano put right'],
}
const ways = [
  (it: string) => `I would like a ${it}`,
  (it: string) => `How much is a ${it}?`,
  (it: string) => `Could I book a ${it} on Friday`,
  (it: string) => `need the ${it} again please`,
]
const rows = Object.entries(topics).flatMap(([label, things]) =>
  things.flatMap((it) => ways.map((way) => `"${way(it)}",${label}`)),
)

const axe = async (page: Page) => {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}

test('doubtful messages by key; then a file of texts becomes a model that labels the next message, and is rolled back', async ({
  browser,
}) => {
  test.setTimeout(150_000)
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
  await shop.open('models/review')
  await expect(main).toContainText('3 messages left')
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
  await expect(page.getByRole('button', { name: 'The label is wrong' }).last()).toHaveAttribute('aria-pressed', 'true')
  await axe(page)
  await shop.open('models/review')
  await main.getByLabel('Why it is asked about').selectOption('marked wrong')
  await expect(main).toContainText('1 message left')
  await axe(page)

  await shop.open('models/intents')
  const file = (lines: string[]) => ({ name: 'texts.csv', mimeType: 'text/csv', buffer: Buffer.from(lines.join('\n')) })
  await page.getByLabel('Import').setInputFiles(file(['text,label', ',Piano']))
  await expect(page.locator('.toast')).toContainText('Line 2')
  await page.getByLabel('Import').setInputFiles(file(['text,label', ...rows]))
  await expect(page.locator('.toast').filter({ hasText: '32 rows imported' })).toContainText('2 new intents')
  await page.getByRole('button', { name: 'Texts of Piano tuning' }).click()
  const sheet = page.getByRole('dialog', { name: 'Piano tuning' })
  await sheet.getByLabel('Texts, one per line').fill('piano sounds off, please tune it\nour piano needs tuning')
  await sheet.getByRole('button', { name: 'Add' }).click()
  await expect(sheet.getByRole('listitem').filter({ hasText: 'our piano needs tuning' })).toContainText('written')
  await page.keyboard.press('Escape')
  // What the product knows is not this shop's business; training is quicker without it, too.
  await page.getByLabel('Use those that come along').uncheck()
  await expect(page.getByText('aside', { exact: true }).first()).toBeVisible()
  await axe(page)

  await page.getByRole('link', { name: 'Overview' }).click()
  await page.getByRole('button', { name: 'Train privately' }).click()
  const wish = page.getByRole('dialog', { name: 'Train with differential privacy' })
  await expect(wish.getByLabel('Strength')).toHaveValue('8')
  await axe(page)
  await page.keyboard.press('Escape')
  await expect(wish).toBeHidden()
  await page.getByRole('button', { name: 'Train a model' }).click()
  const version = page.getByRole('link', { name: 'Version 1' })
  await expect(version).toBeVisible({ timeout: 100_000 })
  await page.getByRole('button', { name: 'Try beside' }).click()
  const trial = page.getByRole('region', { name: 'On trial' })
  await expect(trial).toContainText('nobody sees what it says')
  await trial.getByRole('radio', { name: '20 %' }).check()
  await expect(trial).toContainText('Answers 20 of 100 contacts')
  await axe(page)
  await version.click()
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
  await page.getByRole('button', { name: 'Put in charge' }).click()
  await expect(page.getByRole('main').getByText('In charge', { exact: true })).toBeVisible()

  await shop.write('Please come and do the piano tuning', 'Robin')
  await shop.open('inbox')
  await expect(page.getByRole('listitem').filter({ hasText: 'Robin' })).toContainText('Piano tuning')

  await shop.open('models')
  await expect(page.getByRole('region', { name: 'Watched' })).toContainText('Version 1 beside')
  await page.getByRole('button', { name: 'Roll back' }).click()
  await page.getByRole('menuitem', { name: 'Roll back to the model that comes along' }).click()
  await expect(page.getByRole('region', { name: 'In charge' })).toContainText('The model that comes along')
  await expect(page.getByText('Rolled back to The model that comes along').last()).toBeVisible()
})
