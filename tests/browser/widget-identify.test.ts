/** Who the visitor is, as pages really say it: late, in parts, corrected, in shapes that nobody promised, and wrongly signed. */
import { expect, type Page } from '@playwright/test'
import { test } from '@/tests/kit/widget-page'

/** Calls identify with what `code` makes, in the page. */
const identify = (page: Page, code: string) => page.evaluate(`Lingxi.identify(${code})`)

test('what is learned later is told, and what was written stays while it is the same person', async ({
  shop,
  server,
  page,
}) => {
  await shop.open()
  await shop.send('who am I')
  await expect(shop.log.locator('.sent')).toBeVisible()
  const steps = [
    { name: 'Bee' },
    { name: 'Bee', email: 'bee@example.com' },
    // A name in the newsletter's form becomes a customer.
    { userId: 42, name: 'Bee', email: 'bee@example.com' },
    { userId: 42, name: 'Bee', email: 'bee@example.com', signature: 'signed' },
    { userId: 42, name: 'Beatrice', email: 'new@example.com', signature: 'signed' },
  ]
  for (const [place, who] of steps.entries()) {
    await identify(page, JSON.stringify(who))
    await expect.poll(() => server.sessions.length).toBe(place + 2)
    expect(server.sessions.at(-1)?.identity).toEqual(who)
  }
  // Said again it is no news.
  await identify(page, JSON.stringify(steps.at(-1)))
  await expect(shop.log.locator('.visitor [dir]')).toHaveText('who am I')
  expect(server.threads.size).toBe(1)
  expect(server.sessions).toHaveLength(steps.length + 1)
  // Signed out: nothing stays.
  await identify(page, 'null')
  await expect(shop.log.locator('.visitor')).toHaveCount(0)
  await expect.poll(() => server.threads.size).toBe(2)
  expect(server.sessions.at(-1)?.identity ?? null).toBeNull()
})

test('objects of frameworks are read, a refused claim leaves the chat and is told once', async ({
  shop,
  server,
  page,
}) => {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(shop.url)
  await shop.launcher.waitFor()
  await page.evaluate('window.heard = 0; Lingxi.on("error", () => heard++)')
  await identify(page, 'new Proxy({ userId: 7, name: "Ann", email: null, save() {} }, {})')
  // 401 on a session says that its signature is none of ours.
  server.fail('sessions', { status: 401 })
  await shop.open()
  await shop.send('hello')
  await expect(shop.log.locator('.sent')).toBeVisible()
  await expect(shop.frame.locator('#trouble')).toHaveText('')
  expect(server.sessions.map(({ identity }) => identity)).toEqual([null])
  await identify(page, '{ userId: 7, name: "Ann", signature: "right" }')
  await expect.poll(() => server.sessions.length).toBe(2)
  expect(server.sessions[1]?.identity).toEqual({ userId: 7, name: 'Ann', signature: 'right' })
  await expect(shop.log.locator('.visitor [dir]')).toHaveText('hello')
  expect(await page.evaluate('heard')).toBe(1)
  expect(errors).toEqual([])
})

test('a claim that is refused late takes nothing from the one that has replaced it', async ({ shop, server, page }) => {
  await page.goto(shop.url)
  await shop.launcher.waitFor()
  await page.evaluate('window.heard = 0; Lingxi.on("error", () => heard++)')
  let refuse = () => {}
  const corrected = new Promise<void>((done) => {
    refuse = done
  })
  await page.route('**/api/widget/sessions', async (route) => {
    if (!route.request().postData()?.includes('wrong')) return route.continue()
    await corrected
    await route.fulfill({ status: 401, json: { code: 'signature_invalid' } })
  })
  await identify(page, '{ userId: 7, signature: "wrong" }')
  const asked = page.waitForRequest('**/api/widget/sessions')
  await shop.open()
  await asked
  await identify(page, '{ userId: 7, signature: "right" }')
  await shop.frame.locator('html').evaluate(() => new Promise((done) => setTimeout(done, 100)))
  refuse()
  const right = { userId: 7, signature: 'right' }
  await expect.poll(() => server.sessions.at(-1)?.identity).toEqual(right)
  await page.waitForTimeout(300)
  expect(server.sessions.map(({ identity }) => identity)).toEqual(server.sessions.map(() => right))
  expect(await page.evaluate('heard')).toBe(0)
})
