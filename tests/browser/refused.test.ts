/** Lists whose next page is refused, and changes of many that do not get through: said once, asked again by a press. */
import { expect, type Page, type Route } from '@playwright/test'
import { test } from '../kit/browser'
import { type OwnShop, openShop } from '../kit/own-shop'
import { readSite } from '../kit/site'

async function openDemo(page: Page, place: string): Promise<void> {
  const { site, email, password, account } = readSite()
  await page.goto(`${site}/sign-in?next=${encodeURIComponent(`/${account}/${place}`)}`)
  await page.locator('input[type=email]').fill(email)
  await page.locator('input[type=password]').fill(password)
  await page.locator('form button[type=submit]').first().click()
  await page.waitForURL(`${site}/${account}/${place}`)
}

const places = [
  [
    'inbox?tab=resolved',
    '**/api/v1/*/conversations?*',
    (page: Page) => page.getByRole('list', { name: 'Conversations' }).locator('..'),
  ],
  ['tickets?status=resolved', '**/api/v1/*/tickets?*', (page: Page) => page.getByRole('region', { name: 'Tickets' })],
] as const

/** What the server answers, and how often it is asked before a person is. */
const refusals = [
  [403, 'forbidden', {}, 1],
  [429, 'rate_limited', { retryAfter: 30 }, 1],
  [503, 'database_away', {}, 3],
] as const

for (const [place, path, list] of places) {
  test(`${place}: a next page that is refused is asked for again by a press alone`, async ({ page }) => {
    let asked = 0
    let refuse = (route: Route): Promise<void> => route.abort()
    await page.route(path, (route) => {
      if (!route.request().url().includes('cursor=')) return route.continue()
      asked += 1
      return refuse(route)
    })
    for (const [status, code, facts, most] of refusals) {
      const body = JSON.stringify({ code, status, title: 'T', ...facts })
      refuse = (route) => route.fulfill({ status, contentType: 'application/problem+json', body })
      asked = 0
      if (page.url() === 'about:blank') await openDemo(page, place)
      else await page.reload()
      const box = list(page)
      await expect(box).toBeVisible()
      await box.evaluate((element) => element.scrollTo({ top: element.scrollHeight }))
      const retry = box.getByRole('button', { name: 'Try again' })
      await expect(retry).toBeVisible()
      // When its news begin, the list is read anew: what is being asked then is cut off, and asked once more.
      expect(asked).toBeLessThanOrEqual(most + 1)
      const before = asked
      await page.waitForTimeout(1_500)
      expect(asked).toBe(before)
    }
    refuse = (route) => route.continue()
    await list(page).getByRole('button', { name: 'Try again' }).click()
    await expect(list(page).getByRole('button', { name: 'Try again' })).toHaveCount(0)
    expect(asked).toBeGreaterThan(3)
  })
}

test.describe('many at once', () => {
  let shop: OwnShop
  test.beforeAll(async ({ browser }) => {
    shop = await openShop(browser)
    await shop.write('Where is my order?', 'Ada')
    await shop.write('I want a refund', 'Ben')
  })
  test.afterAll(() => shop.page.context().close())

  test('a change of many that does not get through is taken back on the page', async () => {
    const { page } = shop
    await shop.open('tickets')
    const row = (name: string) => page.getByRole('row').filter({ hasText: name })
    await expect(row('Ada').getByText('Open')).toBeVisible()
    await page.getByRole('checkbox', { name: 'Select all tickets shown' }).check()
    // Only the writing fails, and nothing is read afterwards that would put it right.
    await page.route('**/api/v1/**', (route) => route.abort())
    const bar = page.getByRole('region', { name: 'Change the selected tickets' })
    await bar.getByRole('button', { name: 'Status' }).click()
    await page.getByRole('menuitem', { name: 'Set to pending' }).click()
    await expect(page.getByText('No connection').first()).toBeVisible()
    for (const name of ['Ada', 'Ben']) await expect(row(name).getByText('Open')).toBeVisible()
  })
})
