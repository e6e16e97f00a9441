/** The desk where something is missing: single keys, a network beyond this machine, an answer in time, notices, width, a place in the plan. */
import { expect, type Page } from '@playwright/test'
import { axeOn } from '../kit/axe'
import { test } from '../kit/browser'
import { type OwnShop, openShop } from '../kit/own-shop'

test.describe.configure({ mode: 'default' })

let shop: OwnShop
let page: Page
test.beforeAll(async ({ browser }) => {
  shop = await openShop(browser)
  page = shop.page
})
test.afterAll(() => page.context().close())

const row = (name: string) =>
  page.getByRole('list', { name: 'Conversations' }).getByRole('link').filter({ hasText: name })
const note = (words: string) => page.locator('.toast').filter({ hasText: words })

test('an empty inbox leads to the snippet, not to a shop whose chat belongs to somebody else', async () => {
  await shop.open('inbox?tab=all')
  await expect(page.getByRole('link', { name: 'Put the chat on your website' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'demo shop' })).toHaveCount(0)
})

test('in the review a held key labels one message; an input method and keys that are off label none', async () => {
  for (const text of ['Zwq mnb vfr', 'Plk jhg tre', 'Vbx qqw nmm', 'Xcv bnm lkj']) await shop.write(text, 'Kim')
  await shop.open('models/review')
  const main = page.getByRole('main')
  const first = main.getByRole('button', { name: /^1 / })
  await expect(main).toContainText('4 messages left')
  await expect(first).toBeVisible()
  for (let i = 0; i < 16; i++) await page.keyboard.down('1')
  await page.keyboard.up('1')
  await expect(main).toContainText('3 messages left')
  await page.evaluate(() => {
    const composed = { key: '1', keyCode: 229, bubbles: true, cancelable: true }
    document.body.dispatchEvent(new KeyboardEvent('keydown', composed))
  })
  await page.keyboard.press('2')
  await expect(main).toContainText('2 messages left')
  await page.keyboard.press('Control+/')
  const sheet = page.getByRole('dialog')
  await sheet.getByRole('switch').click()
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  await expect(first).toHaveCount(0)
  await page.keyboard.press('1')
  await page.keyboard.press('Backspace')
  await expect(main).toContainText('2 messages left')
  await main.getByRole('button', { name: 'Discard' }).click()
  await expect(main).toContainText('1 message left')
  await page.keyboard.press('Control+/')
  await sheet.getByRole('switch').click()
  await page.keyboard.press('Escape')
})

test('where only this machine itself can be reached, places and keys lead on as long as the server is heard', async () => {
  const alone = await shop.elsewhere('inbox', {})
  await alone.context().addInitScript(() => Object.defineProperty(navigator, 'onLine', { get: () => false }))
  await alone.reload()
  expect(await alone.evaluate(() => navigator.onLine)).toBe(false)
  await alone.getByRole('navigation').getByRole('link', { name: 'Tickets' }).click()
  await expect(alone).toHaveURL(/\/tickets/)
  await alone.keyboard.press('g')
  await alone.keyboard.press('i')
  await expect(alone).toHaveURL(/\/inbox/)
  await alone.context().close()
})

test('E and J pressed before the desk knows what one may do: the first is resolved, the next is open, and nothing else changes', async () => {
  await shop.write('Where is my order?', 'Ada')
  await shop.write('I want a refund', 'Ben')
  await shop.open('inbox')
  await expect(row('Ada')).toBeVisible()
  await row('Ben').click()
  await expect(page.getByRole('article', { name: 'Ben' })).toBeVisible()
  let answer = () => {}
  const asked = new Promise<void>((done) => {
    answer = done
  })
  await page.route('**/api/v1/me', async (route) => {
    await asked
    await route.continue()
  })
  await page.reload()
  await expect(page.getByRole('article', { name: 'Ben' })).toBeVisible()
  await expect(row('Ada')).toBeVisible()
  await page.keyboard.press('e')
  await page.keyboard.press('j')
  await expect(page.getByRole('article', { name: 'Ada' })).toBeVisible()
  answer()
  await expect(note('Resolved')).toHaveCount(1)
  await expect(row('Ben')).toHaveCount(0)
  await expect(
    page.getByRole('article', { name: 'Ada' }).getByRole('button', { name: 'Resolve', exact: true }),
  ).toBeVisible()
  await page.unrouteAll({ behavior: 'ignoreErrors' })
})

test('a conversation on a phone has a heading of the first level', async () => {
  await shop.write('Do you open on Sundays?', 'Eve')
  await shop.open('inbox')
  await row('Eve').click()
  await page.setViewportSize({ width: 360, height: 740 })
  await expect(page.getByRole('article', { name: 'Eve' })).toBeVisible()
  const wrong = async () =>
    (await axeOn(page).withRules(['page-has-heading-one']).analyze()).violations.map(({ id }) => id)
  expect(await wrong()).toEqual([])
  // Without it the list's heading, which is not shown here, does not count.
  await page.locator('article h1').evaluate((heading) => heading.setAttribute('style', 'display: none'))
  expect(await wrong()).toEqual(['page-has-heading-one'])
  await page.setViewportSize({ width: 1280, height: 720 })
})

test('a browser that cannot make notices has the choice switched off, and says so', async () => {
  await page.context().addInitScript(() => {
    class Notice {
      static permission = 'granted'
      static requestPermission = async () => 'granted'
      static makes = true
      constructor() {
        // Chrome on Android: notices are made by service workers alone.
        if (!Notice.makes) throw new TypeError('Illegal constructor')
      }
      close() {}
    }
    Object.assign(window, { Notification: Notice })
  })
  const choice = () => page.getByRole('menuitemcheckbox', { name: 'Desktop notices' })
  await shop.open('inbox')
  await page.getByRole('button', { name: /^You:/ }).click()
  await choice().click()
  await page.getByRole('button', { name: /^You:/ }).click()
  await expect(choice()).toBeChecked()
  await page.keyboard.press('Escape')
  const held = () => page.evaluate(async () => (await navigator.locks.query()).held?.map(({ name }) => name).join())
  await expect.poll(held, 'whoever shows them listens').toContain('lingxi seen')
  // Switched on long ago: the first message tells.
  await page.evaluate(() => {
    Object.assign(Notification, { makes: false })
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await shop.write('Is anybody there?', 'Dan')
  await expect(note('cannot show notices')).toBeVisible()
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => false })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await page.getByRole('button', { name: /^You:/ }).click()
  await expect(choice()).not.toBeChecked()
  // And the press itself.
  await choice().click()
  await expect(note('cannot show notices')).toHaveCount(2)
  await page.getByRole('button', { name: /^You:/ }).click()
  await expect(choice()).not.toBeChecked()
})

test('who is beyond the places of the plan is offered nothing that would be refused', async () => {
  // Four people and an ended plan are tested at the database; here the answer says it.
  await page.route('**/api/v1/me', async (route) => {
    const answer = await route.fetch()
    const me = (await answer.json()) as { accounts: { waits: boolean }[] }
    for (const account of me.accounts) account.waits = true
    await route.fulfill({ response: answer, json: me })
  })
  const main = page.getByRole('main')
  await shop.write('Zwq mnb vfr again', 'Kim')
  await shop.open('models')
  await expect(main.getByText('Training is for members who have a place in the plan')).toBeVisible()
  await expect(main.getByRole('button', { name: 'Train a model' })).toHaveCount(0)
  await shop.open('models/review')
  await expect(main).toContainText('left')
  await expect(main.getByRole('button', { name: 'Discard' })).toHaveCount(0)
  await page.keyboard.press('Backspace')
  await page.keyboard.press('1')
  await expect(page.locator('.toast')).toHaveCount(0)
  await shop.open('models/intents')
  await main.getByRole('button', { name: 'Texts of Refund', exact: true }).click()
  const sheet = page.getByRole('dialog')
  await expect(sheet).toContainText('have a place in the plan see its texts')
  await expect(sheet.getByRole('textbox')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(main).not.toContainText('to write more')
  await expect(main.getByRole('button', { name: /^(Add|Import|More)/ })).toHaveCount(0)
  for (const path of ['labels', 'inbox', 'privacy', 'webhooks', 'team']) {
    await shop.open(`settings/${path}`)
    await expect(main.getByText(path === 'team' ? 'Tess Lin' : 'You can read this, and change nothing')).toBeVisible()
    if (path === 'privacy') await expect(main.getByRole('combobox', { disabled: true }).first()).toBeVisible()
    await expect(main.getByRole('button', { name: /^(Save|Add|Invite|Send)/, disabled: false })).toHaveCount(0)
    await expect(main.getByRole('combobox', { disabled: false })).toHaveCount(0)
    await expect(main.getByRole('switch', { disabled: false })).toHaveCount(0)
  }
  // Leaving is their own.
  await expect(main.getByRole('button', { name: 'Leave this account' })).toBeEnabled()
})
