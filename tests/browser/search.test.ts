/** Searching as one types, in the inbox and in the ticket table: by an input method, at any rhythm, with more than fits. */
import { expect, type Page } from '@playwright/test'
import { test } from '../kit/browser'
import { type OwnShop, openShop } from '../kit/own-shop'

let shop: OwnShop
let page: Page
test.beforeAll(async ({ browser }) => {
  shop = await openShop(browser)
  page = shop.page
  await shop.write('我要退款', 'Ada')
  await shop.write('Where is my order?', 'Ben')
})
test.afterAll(() => page.context().close())

const places = [
  ['inbox', (name: string) => page.getByRole('list', { name: 'Conversations' }).getByRole('link', { name })],
  ['tickets', (name: string) => page.getByRole('row').filter({ hasText: name })],
] as const
const field = () => page.getByRole('searchbox')
const asked = () => new URL(page.url()).searchParams.get('q')
/** The words of the addresses that the page has been at, as they came. */
async function watchAsked(): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const words: string[] = []
    Object.assign(window, { words })
    const replace = history.replaceState.bind(history)
    history.replaceState = (data, unused, url) => {
      const q = new URL(String(url), location.href).searchParams.get('q') ?? ''
      if (q !== words.at(-1)) words.push(q)
      replace(data, unused, url)
    }
  })
  return () => page.evaluate(() => (window as unknown as { words: string[] }).words)
}

for (const [place, row] of places) {
  test(`${place}: what an input method chose is searched, and no half of it`, async () => {
    await shop.open(place)
    await expect(row('Ben')).toBeVisible()
    const words = await watchAsked()
    await field().click()
    const session = await page.context().newCDPSession(page)
    for (const text of ['t', 'tui', 'tuik', '退款']) {
      await session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
      await page.waitForTimeout(300)
    }
    expect(asked()).toBe(null)
    await session.send('Input.insertText', { text: '退款' })
    await expect.poll(asked).toBe('退款')
    await expect(row('Ben')).toHaveCount(0)
    await expect(row('Ada')).toBeVisible()
    expect(await words()).toEqual(['退款'])

    // Escape gives a composition up, not the words that stand there already.
    await session.send('Input.imeSetComposition', { text: 'ma', selectionStart: 2, selectionEnd: 2 })
    await field().evaluate((input) => {
      const press = { key: 'Escape', bubbles: true, cancelable: true, isComposing: true }
      input.dispatchEvent(new KeyboardEvent('keydown', press))
    })
    await session.send('Input.imeSetComposition', { text: '', selectionStart: 0, selectionEnd: 0 })
    await expect(field()).toHaveValue('退款')
    await field().press('Escape')
    await expect(field()).toHaveValue('')
    await expect.poll(asked).toBe(null)
    await expect(row('Ben')).toBeVisible()
    await session.detach()
  })

  test(`${place}: pauses between words and keys lose no letter; the field follows what others put into the address`, async () => {
    await shop.open(place)
    await expect(row('Ben')).toBeVisible()
    await field().pressSequentially('where ')
    await expect.poll(asked).toBe('where')
    await page.waitForTimeout(600)
    await field().pressSequentially('is')
    await expect(field()).toHaveValue('where is')
    await expect.poll(asked).toBe('where is')

    // Keys that come just as the search begins, on a device that draws slowly.
    const session = await page.context().newCDPSession(page)
    await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
    for (const delay of [226, 252, 270, 300]) {
      await field().fill('')
      await field().pressSequentially('refund status', { delay })
      await expect(field()).toHaveValue('refund status')
      await expect.poll(asked).toBe('refund status')
      await page.waitForTimeout(500)
      await expect(field()).toHaveValue('refund status')
    }
    await session.send('Emulation.setCPUThrottlingRate', { rate: 1 })
    await session.detach()

    // The words of a link, and of going back, are the field's.
    await page.evaluate(() => window.history.pushState(null, '', `${window.location.pathname}?q=order`))
    await expect(field()).toHaveValue('order')
    await page.goBack()
    await expect(field()).toHaveValue('refund status')
  })

  test(`${place}: of a pasted page so much is searched as a search may have`, async () => {
    const page400 = 'where is my order '.repeat(23)
    await shop.open(place)
    await field().click()
    await page.keyboard.insertText(page400)
    await expect(row('Ben')).toBeVisible()
    await expect.poll(() => asked()?.length).toBeGreaterThan(190)
    await expect(row('Ada')).toHaveCount(0)
    await expect(row('Ben')).toBeVisible()
    // A link may carry more.
    await shop.open(`${place}?q=${encodeURIComponent(page400)}`)
    await expect(row('Ben')).toBeVisible()
    await expect(row('Ada')).toHaveCount(0)
  })
}
