/** Settings as people live them: a label, a routing line, the websites that may show the chat. */
import { expect } from '@playwright/test'
import { axeOn } from '../kit/axe'
import { test } from '../kit/browser'
import { openShop } from '../kit/own-shop'

test('a label is made, renamed, deleted and brought back', async ({ browser }) => {
  const shop = await openShop(browser)
  const { page } = shop
  await shop.open('settings/labels')
  await expect(page.getByRole('heading', { name: 'No label yet' })).toBeVisible()
  await page.getByLabel('New label').fill('VIP')
  await page.getByRole('radio', { name: 'Pink' }).check()
  await page.getByRole('button', { name: 'Add label' }).click()
  const list = page.getByRole('main').getByRole('listitem')
  await expect(list).toHaveCount(1)
  await page.getByLabel('New label').fill('vip')
  await page.getByRole('button', { name: 'Add label' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'in use already' })).toBeVisible()
  await page.getByRole('button', { name: 'Change VIP' }).click()
  await page.getByRole('main').getByLabel('Name', { exact: true }).fill('Very important')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(list).toContainText(['Very important'])
  await page.getByRole('button', { name: 'Delete Very important' }).click()
  await expect(list).toHaveCount(0)
  // The notice of the renaming may still be there, with an undo of its own.
  const notice = page.locator('.toast').filter({ hasText: 'deleted' })
  await notice.getByRole('button', { name: 'Undo' }).click()
  await expect(list).toContainText(['Very important'])
})

test('a routing line is made, tried, moved by keyboard, and decides the next message', async ({ browser }) => {
  const shop = await openShop(browser)
  const { page } = shop
  await shop.open('settings/routing')
  const lines = page.getByRole('list', { name: 'Lines' }).getByRole('listitem')
  // A new account begins with two.
  await expect(lines).toHaveCount(2)
  const before = await lines.count()
  await page.getByRole('button', { name: 'New line' }).click()
  const form = page.getByRole('dialog', { name: 'New line' })
  await form.getByLabel('Name').fill('Everything at once')
  await form.getByLabel('Priority').selectOption('urgent')
  await form.getByRole('button', { name: 'Save the line' }).click()
  await expect(lines).toHaveCount(before + 1)
  // A dialog gives the focus back once it is gone.
  await expect(form).toBeHidden()
  await expect(page.getByRole('button', { name: 'New line' })).toBeFocused()

  // To the top, by the arrow key on its handle.
  const handle = page.getByRole('button', { name: /^Move Everything at once/ })
  await handle.focus()
  for (let place = before; place > 0; place--) {
    await page.keyboard.press('ArrowUp')
    await expect(lines.nth(place - 1)).toContainText('Everything at once')
  }
  await expect(handle).toBeFocused()

  await page.getByLabel('Message to try').fill('Where is my parcel? It was due on Monday.')
  await expect(lines.first()).toContainText('This line decides', { timeout: 20_000 })
  await expect(page.getByRole('region', { name: 'Try it' })).toContainText('urgent')

  await shop.write('Where is my parcel?', 'Robin')
  await shop.open('tickets')
  await expect(page.locator('tbody tr[data-index]').first()).toContainText('Urgent')
})

test('allowed websites hold within a second, and an undo too', async ({ browser }) => {
  const shop = await openShop(browser)
  const { page } = shop
  expect(await shop.visit('https://elsewhere.example')).toBe(201)
  await shop.open('settings/inbox')
  await expect(page.getByText('Any website may show this chat now')).toBeVisible()
  const field = page.getByLabel('Website address')
  await field.fill('shop.example/path')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'no website address' })).toBeVisible()
  await field.fill('HTTPS://Shop.Example/')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByText('https://shop.example may show the chat')).toBeVisible()
  await expect.poll(() => shop.visit('https://elsewhere.example'), { timeout: 1_500 }).toBe(403)
  expect(await shop.visit('https://shop.example')).toBe(201)
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect.poll(() => shop.visit('https://elsewhere.example'), { timeout: 3_000 }).toBe(201)
})

test('the look is previewed, saved and undone; the secret is shown once', async ({ browser }) => {
  const shop = await openShop(browser)
  const { page } = shop
  await shop.open('settings/inbox')
  await expect(page.getByText(`data-site-key="${shop.siteKey}"`)).toBeVisible()
  const preview = page.getByRole('figure', { name: 'Preview' })
  await page.getByLabel('Greeting').fill('Tea first, questions second')
  await expect(preview).toContainText('Tea first, questions second')
  await page.getByLabel('Colour', { exact: true }).first().fill('#ffff99')
  await expect(page.getByText(/Hard to see on light pages: 1.0 : 1/)).toBeVisible()
  await page.getByRole('button', { name: '#0072b2' }).click()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('Saved. Websites show it within a second.')).toBeVisible()
  await page.reload()
  await expect(page.getByLabel('Greeting')).toHaveValue('Tea first, questions second')
  await page.getByRole('button', { name: 'Make a new secret' }).click()
  const dialog = page.getByRole('dialog', { name: 'Identity secret' })
  await expect(dialog.locator('pre')).toHaveText(/^[\w-]{43}$/)
  await dialog.getByRole('button', { name: 'I have kept it' }).click()
  await expect(dialog).toBeHidden()
})

test('no barrier that axe can find, in both languages, wide and narrow', async ({ browser }) => {
  test.setTimeout(120_000)
  const shop = await openShop(browser)
  const narrow = { viewport: { width: 360, height: 740 }, locale: 'zh-CN', colorScheme: 'dark' } as const
  for (const options of [{ viewport: { width: 1440, height: 900 }, locale: 'en-GB' }, narrow]) {
    const page = await shop.elsewhere('settings/inbox', options)
    const at = (section: string) => page.url().replace(/[^/]+$/, section)
    for (const section of ['inbox', 'routing', 'labels', 'teams', 'billing']) {
      await page.goto(at(section))
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(page.locator('html')).toHaveAttribute('lang', options.locale === 'zh-CN' ? 'zh-CN' : 'en')
      await expect(page.getByRole('status', { name: /Loading|正在加载/ })).toHaveCount(0)
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), section).toBeLessThanOrEqual(
        0,
      )
      const { violations } = await axeOn(page).analyze()
      expect(violations.map(({ id, nodes }) => [section, id, nodes[0]?.html])).toEqual([])
    }
    await page.context().close()
  }
})
