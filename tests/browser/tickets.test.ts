/** A day's work in the ticket table: filter, select, resolve many, take it back, share the address, export. */
import { readFileSync } from 'node:fs'
import { expect, type Page } from '@playwright/test'
import { parse } from 'csv-parse/sync'
import { axeOn } from '../kit/axe'
import { test } from '../kit/browser'
import { type OwnShop, openShop } from '../kit/own-shop'

const rows = (page: Page) => page.locator('tbody tr[data-index]')

async function fill(shop: OwnShop): Promise<void> {
  for (const [name, text] of [
    ['Ada', 'I want a refund for the kettle, please'],
    ['Ben', 'Where is my order 77?'],
    ['Cleo', 'My refund has not arrived'],
    ['陈静', '我要退款，太慢了！'],
    ['=Eve', '=HYPERLINK("http://evil.example")'],
  ] as const)
    await shop.write(text, name)
}

test('filter, resolve many, undo, export', async ({ browser }) => {
  const shop = await openShop(browser)
  const { page } = shop
  await fill(shop)
  await shop.open('tickets')
  await expect(rows(page)).toHaveCount(5)
  await expect(page.getByRole('columnheader', { name: 'Last activity' })).toHaveAttribute('aria-sort', 'descending')

  // Search, and the address says so.
  await page.getByRole('searchbox', { name: 'Search tickets' }).fill('refund')
  await expect(rows(page)).toHaveCount(2)
  await expect(page).toHaveURL(/[?]q=refund$/)

  // Both, by the head's box; the bar says how many.
  await page.getByRole('checkbox', { name: 'Select all tickets shown' }).check()
  const bar = page.getByRole('region', { name: 'Change the selected tickets' })
  await expect(bar).toContainText('2 selected')
  await bar.getByRole('button', { name: 'Resolve' }).click()
  await expect(page.getByText('2 tickets resolved')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'No ticket matches' })).toBeVisible()

  // Taken back whole.
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(rows(page)).toHaveCount(2)
  await expect(rows(page).first()).toContainText('Open')

  // The address is the filter: somebody else sees the same.
  const address = page.url()
  await page.goto('about:blank')
  await page.goto(address)
  await expect(rows(page)).toHaveCount(2)

  // What is shown is what is exported; nothing in it is a formula.
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(rows(page)).toHaveCount(5)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^tickets-\d{4}-\d\d-\d\d\.csv$/)
  const text = readFileSync(await download.path(), 'utf8')
  const cells: string[][] = parse(text, { bom: true })
  expect(cells).toHaveLength(6)
  expect(cells.flat().filter((cell) => /^[=+@-]/.test(cell))).toEqual([])
  expect(text).toContain('我要退款')
})

test('the keyboard is enough: move, select, shift for a range, resolve', async ({ browser }) => {
  const shop = await openShop(browser)
  const { page } = shop
  await fill(shop)
  await shop.open('tickets?sort=number&direction=asc')
  await expect(rows(page)).toHaveCount(5)
  await page.keyboard.press('j')
  await expect(rows(page).nth(0).getByRole('link')).toBeFocused()
  await page.keyboard.press('j')
  await page.keyboard.press('x')
  await expect(rows(page).nth(1)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Escape')
  await expect(rows(page).nth(1)).toHaveAttribute('aria-selected', 'false')
  await page.getByRole('checkbox', { name: 'Select ticket 1', exact: true }).click()
  await page.getByRole('checkbox', { name: 'Select ticket 3' }).click({ modifiers: ['Shift'] })
  await expect(page.getByText('3 selected')).toBeVisible()
  await page.keyboard.press('e')
  await expect(page.getByText('3 tickets resolved')).toBeVisible()
  await expect(rows(page)).toHaveCount(2)
})

test('columns and the order are remembered, in another browser too; a new ticket waits behind a press', async ({
  browser,
}) => {
  const shop = await openShop(browser)
  const { page } = shop
  await fill(shop)
  await shop.open('tickets')
  await page.getByRole('columnheader', { name: 'No.' }).getByRole('button').click()
  await expect(page).toHaveURL(/sort=number/)
  await page.getByRole('button', { name: 'Display' }).click()
  await page.getByRole('checkbox', { name: 'Created' }).check()
  // Chosen without a connection, it is kept when there is one again.
  await page.context().setOffline(true)
  await page.getByRole('checkbox', { name: 'About' }).uncheck()
  await page.getByRole('button', { name: 'Move Status down' }).press('Enter')
  const heads = ['No.', 'Ticket', 'Contact', 'Priority', 'Status']
  await expect(page.getByRole('columnheader').filter({ hasText: /./ })).toContainText(heads)
  const sent = page.waitForResponse((answer) => answer.url().endsWith('/me/preferences') && answer.ok())
  await page.context().setOffline(false)
  await sent
  await page.keyboard.press('Escape')
  await page.reload()
  for (const desk of [page, await shop.elsewhere('tickets')]) {
    await expect(desk.getByRole('columnheader', { name: 'Created' })).toBeVisible()
    await expect(desk.getByRole('columnheader', { name: 'About' })).toHaveCount(0)
    await expect(desk.getByRole('columnheader').filter({ hasText: /./ })).toContainText(heads)
  }
  await expect(rows(page)).toHaveCount(5)
  await shop.write('One more question', 'Flo')
  await page.getByRole('button', { name: /new or changed/ }).click()
  await expect(rows(page)).toHaveCount(6)
  await expect(rows(page).first()).toContainText('One more question')
})

for (const [name, options] of [
  ['wide, light', { viewport: { width: 1440, height: 900 }, colorScheme: 'light' }],
  ['360 px, dark, Chinese', { viewport: { width: 360, height: 740 }, colorScheme: 'dark', locale: 'zh-CN' }],
] as const)
  test(`no barrier that axe can find: ${name}`, async ({ browser }) => {
    const shop = await openShop(browser, options)
    await fill(shop)
    await shop.open('tickets')
    const { page } = shop
    await page.getByRole('checkbox', { name: /ticket 2|工单 2/ }).click()
    await expect(page.getByRole('region', { name: /Change the selected|更改所选/ })).toBeVisible()
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
    const { violations } = await axeOn(page).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
  })
