/** The widget on the demo shop of a real installation: written, stored once, still there after a reload, under its policy. */
import { expect } from '@playwright/test'
import { readSite } from '@/tests/kit/site'
import { test } from '../kit/browser'
import { stretched } from '../kit/guarantee'

test('the demo shop: a message in each language is stored, and the chat goes on after a reload', async ({ page }) => {
  const site = readSite()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  await page.goto(site.shop)
  const launcher = page.locator('button[aria-expanded]')
  await launcher.click()
  const frame = page.frameLocator('iframe')
  const draft = frame.locator('#draft')
  await expect(draft).toBeFocused()
  const texts = ['Where is my order?', '我要退款，太慢了!']
  for (const text of texts) {
    await draft.fill(text)
    await draft.press('Enter')
  }
  await expect(frame.locator('.sent')).toBeVisible()
  await expect(frame.locator('.visitor [dir]')).toHaveText(texts)
  await page.reload()
  await expect(frame.locator('.visitor [dir]')).toHaveText(texts)
  await expect(frame.locator('#name')).not.toHaveText('')
  expect(complaints).toEqual([])
})

test('from the demo shop to the desk and back: two questions appear within a second, labelled and with a reason, and the answer in the chat', async ({
  browser,
  page,
}) => {
  const { site, shop, account, email, password } = readSite()
  const desk = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  await desk.goto(`${site}/sign-in?next=${encodeURIComponent(`/${account}/inbox`)}`)
  await desk.locator('input[type=email]').fill(email)
  await desk.locator('input[type=password]').fill(password)
  await desk.locator('form button[type=submit]').first().click()
  const list = desk.getByRole('list', { name: 'Conversations' })
  await expect(list).toBeVisible()

  await page.goto(shop)
  await page.locator('button[aria-expanded]').click()
  const frame = page.frameLocator('iframe')
  const draft = frame.locator('#draft')
  // Nobody else's words: the demo has such questions of its own.
  const name = Date.now().toString(36)
  const texts = [`我要退款，太慢了! ${name}`, `Where is my order? ${name}`]
  for (const text of texts) {
    await draft.fill(text)
    await draft.press('Enter')
    await expect(list.getByRole('link').filter({ hasText: text })).toBeVisible({ timeout: stretched(1_000) })
  }
  await list.getByRole('link').filter({ hasText: texts[1] }).click()
  const log = desk.getByRole('log')
  for (const text of texts) await expect(log).toContainText(text)
  await expect(log.getByRole('button', { name: /^About:/ })).toHaveCount(2)
  await expect(log.getByRole('img', { name: 'Why it went here' })).toBeVisible()
  await desk.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await desk.keyboard.press('r')
  await desk.keyboard.type('It comes tomorrow.')
  await desk.keyboard.press('Control+Enter')
  await expect(frame.locator('.agent [dir]')).toHaveText('It comes tomorrow.')
})

test('files of the widget: cacheable, embeddable, the frame under a policy of hashes', async ({ request }) => {
  const { site, siteKey } = readSite()
  const loader = await request.get(`${site}/widget.js`)
  expect(loader.headers()).toMatchObject({ 'access-control-allow-origin': '*' })
  expect(loader.headers()['cache-control']).toContain('max-age=')
  const panel = /panel\.js\?\w+/.exec(await loader.text())?.[0]
  const answer = await request.get(`${site}/widget/${panel}`)
  expect(answer.headers()['cache-control']).toContain('immutable')
  expect(answer.headers()['access-control-allow-origin']).toBe('*')
  for (const lang of ['en', 'zh-CN']) {
    const frame = await request.get(`${site}/widget/frame?key=${siteKey}&lang=${lang}`)
    expect(await frame.text()).toContain(`lang=${lang}>`)
    const policy = frame.headers()['content-security-policy']
    for (const part of ["default-src 'none'", "script-src 'sha256-", "style-src 'sha256-", 'frame-ancestors '])
      expect(policy).toContain(part)
    expect(policy).not.toContain('unsafe')
    // The one file that comes later is named with the host, and kept for ever.
    expect(policy).toContain(` ${new URL(site).host}/widget/more.js;`)
    const more = /more\.js\?\w+/.exec(await frame.text())?.[0]
    expect((await request.get(`${site}/widget/${more}`)).headers()['cache-control']).toContain('immutable')
  }
  const wrong = await request.post(`${site}/api/widget/sessions`, { data: { siteKey: 'wrong' } })
  expect(wrong.status()).toBe(404)
})
