/** Notices beside the desk: asked for by a press, only while nobody looks, of what is mine or nobody's, and off again by a press. */
import { expect, type Page } from '@playwright/test'
import { test } from '../kit/browser'
import { held } from '../kit/guarantee'
import { payloads } from '../kit/hostile/payloads'
import { foundMarkup, setTrap } from '../kit/hostile/trap'
import { type OwnShop, openShop } from '../kit/own-shop'

test.describe.configure({ mode: 'serial' })

let shop: OwnShop
let page: Page
test.beforeAll(async ({ browser }) => {
  shop = await openShop(browser)
  page = shop.page
  // A browser without windows shows no notices and hides no tabs: both stand in for what it would do.
  await page.context().addInitScript(() => {
    const place = window as unknown as { notices: { title: string; body: string; press: () => void }[]; asked: number }
    place.notices = []
    place.asked = 0
    class Notice {
      static permission = localStorage.getItem('test.permission') ?? 'default'
      static answer = 'granted'
      static requestPermission = async () => {
        place.asked++
        Notice.permission = Notice.answer
        localStorage.setItem('test.permission', Notice.answer)
        return Notice.answer
      }
      onclick: () => void = () => {}
      readonly shown
      constructor(title: string, { body }: { body: string }) {
        this.shown = { title, body, press: () => this.onclick() }
        place.notices.push(this.shown)
      }
      close() {
        place.notices = place.notices.filter((one) => one !== this.shown)
      }
    }
    Object.assign(window, { Notification: Notice })
  })
})
test.afterAll(() => page.context().close())

type Place = { notices: { title: string; body: string; press: () => void }[]; asked: number }
const notices = () =>
  page.evaluate(() => (window as unknown as Place).notices.map(({ title, body }) => `${title}: ${body}`))
const turn = (hidden: boolean) =>
  page.evaluate((away) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => away })
    document.dispatchEvent(new Event('visibilitychange'))
  }, hidden)
/** The desk has said that it is seen: from then on it listens. */
const listening = () =>
  expect
    .poll(() =>
      page.evaluate(async () =>
        (await navigator.locks.query()).held?.some(({ name }) => name?.startsWith('lingxi seen')),
      ),
    )
    .toBe(true)
async function press(name: string): Promise<void> {
  await page.getByRole('button', { name: /^You:/ }).click()
  await page.getByRole('menuitemcheckbox', { name }).click()
}

test('nobody is asked before they press; a browser that lets none through is told of', async () => {
  await shop.open('inbox')
  await shop.write('Is anyone there?', 'Ada')
  await expect(page.getByText('Is anyone there?')).toBeVisible()
  expect(await page.evaluate(() => (window as unknown as Place).asked)).toBe(0)
  await page.evaluate(() => {
    Object.assign(Notification, { answer: 'denied' })
  })
  await press('Desktop notices')
  await expect(page.getByText('Your browser lets no notices of this site through')).toBeVisible()
  expect(await notices()).toEqual([])
})

test('a message is told while the tab is out of sight, with its words; a press on it opens the conversation', async () => {
  await page.evaluate(() => {
    Object.assign(Notification, { answer: 'granted' })
  })
  await press('Desktop notices')
  await listening()
  await shop.write('I can see this one', 'Ben')
  await expect(page.getByText('I can see this one')).toBeVisible()
  await page.waitForTimeout(700)
  expect(await notices()).toEqual([])

  await turn(true)
  await shop.write('Where is my order?', 'Cleo')
  await expect.poll(notices).toEqual(['Cleo: Where is my order?'])
  await expect(page).toHaveTitle(/^\(\d+\) /)
  await page.evaluate(() => (window as unknown as Place).notices[0]?.press())
  await turn(false)
  await expect(page.getByRole('article', { name: 'Cleo' })).toBeVisible()
})

test('one tab that can be seen keeps the others quiet; after a reload the choice is kept, and a press ends it', async () => {
  const other = await page.context().newPage()
  await other.goto(page.url())
  await expect(other.getByRole('article', { name: 'Cleo' })).toBeVisible()
  await turn(true)
  await shop.write('Two tabs are open', 'Dan')
  await expect(other.getByText('Two tabs are open')).toBeVisible()
  await page.waitForTimeout(900)
  expect((await notices()).filter((one) => one.startsWith('Dan'))).toEqual([])
  await other.close()

  await page.reload()
  await listening()
  await expect(page.getByRole('article', { name: 'Cleo' })).toBeVisible()
  await turn(true)
  await shop.write('After a reload', 'Eve')
  await expect.poll(notices).toEqual(['Eve: After a reload'])
  await turn(false)
  await press('Desktop notices')
  await turn(true)
  await shop.write('Nobody wants to know', 'Finn')
  await expect(page.getByText('Nobody wants to know')).toBeVisible()
  await page.waitForTimeout(900)
  expect(await notices()).toEqual([])
})

test('a notice is plain text: hostile names and words arrive in it as they were written, and nothing runs @hard', async () => {
  const context = page.context()
  const trap = await setTrap(context)
  await shop.open('inbox')
  await press('Desktop notices')
  await listening()
  await turn(true)
  const before = (await notices()).length
  const hostile = payloads()
    .filter(({ text }) => text.length < 70 && text === text.trim() && !/[\p{Cc}\p{Cf}]|\s\s/u.test(text))
    .filter((_, at, all) => at % Math.ceil(all.length / 6) === 0)
  for (const { text } of hostile) await shop.write(text, text)
  const written = hostile.map(({ text }) => `${text}: ${text}`).sort()
  await expect.poll(async () => (await notices()).slice(before).sort()).toEqual(written)
  // All of them, as if as many people had written at once: each the name and the words of a row that the desk asks for.
  const all = payloads()
  await page.route(/\/conversations\?.*\bids=.*\blimit=100\b/, async (route) => {
    if (!route.request().url().includes('status=any')) return route.fallback()
    const answer = await (await route.fetch()).json()
    const [row] = answer.rows
    const rows = all.map(({ id, text }) => ({
      ...row,
      id: `${row.id}-${id}`,
      contact: { ...row.contact, name: text },
      preview: text,
    }))
    await route.fulfill({ json: { ...answer, rows } })
  })
  const told = (await notices()).length
  await shop.write('all of them', 'Gus')
  await expect.poll(async () => (await notices()).length).toBe(told + all.length)
  expect((await notices()).slice(told)).toEqual(all.map(({ text }) => `${text}: ${text}`))
  await turn(false)
  expect(await foundMarkup(page)).toEqual([])
  expect([...trap.fired]).toEqual([])
  expect(trap.noticed).toEqual([])
  expect(trap.reports).toEqual([])
  held(
    '4 script injection in notices',
    `${all.length} texts as name and as words of a notice each, as they were written: 0 ran`,
  )
})
