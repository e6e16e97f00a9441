/** The widget as a guest on somebody's page: light, quiet, accessible, and deaf to strangers. */
import AxeBuilder from '@axe-core/playwright'
import { expect } from '@playwright/test'
import { held } from '@/tests/kit/guarantee'
import { test } from '@/tests/kit/widget-page'

test('nothing but the loader before the first opening', async ({ shop, server, page }) => {
  await page.goto(shop.url)
  await expect(shop.launcher).toBeVisible()
  await page.waitForTimeout(300)
  expect(server.requests.map(({ path }) => path)).toEqual(['/widget.js'])
  // Whoever passes by with the pointer or the keyboard has opened nothing.
  await shop.launcher.hover()
  await shop.launcher.focus()
  await page.waitForTimeout(300)
  expect(server.requests.map(({ path }) => path)).toEqual(['/widget.js'])
  await shop.launcher.click()
  await expect.poll(() => server.count('/widget/frame')).toBe(1)
  await expect.poll(() => server.count('/api/widget/sessions')).toBe(1)
  const shifts = await page.evaluate(() => performance.getEntriesByType('layout-shift').length)
  expect(shifts).toBe(0)
})

for (const when of ['at once', 'when the chat has loaded'])
  test(`keyboard: opens from the launcher ${when}, Escape closes`, async ({ shop, page }) => {
    await page.goto(shop.url)
    await expect(shop.launcher).toHaveAttribute('aria-expanded', 'false')
    if (when !== 'at once') {
      await shop.launcher.click()
      await page.locator('iframe.ready').waitFor({ state: 'attached' })
      await shop.launcher.click()
      await expect(shop.launcher).toHaveAttribute('aria-expanded', 'false')
    }
    await shop.launcher.focus()
    await page.keyboard.press('Enter')
    await expect(shop.launcher).toHaveAttribute('aria-expanded', 'true')
    await expect(shop.draft).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(shop.launcher).toHaveAttribute('aria-expanded', 'false')
    await expect(shop.launcher).toBeFocused()
    await page.keyboard.press('Space')
    await expect(shop.draft).toBeFocused()
    const size = await shop.launcher.evaluate((one) => Math.min(one.clientWidth, one.clientHeight))
    expect(size).toBeGreaterThanOrEqual(44)
  })

for (const [path, scheme] of [
  ['/', 'light'],
  ['/zh', 'dark'],
  ['/zh', 'light'],
  ['/', 'dark'],
] as const)
  test(`axe finds nothing at ${path} in ${scheme}`, async ({ shop, server, page }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await shop.open(path)
    await shop.send('Is it the mail@example.com or https://example.com/?')
    await expect(shop.log.locator('.sent')).toBeVisible()
    server.reply('Both: https://example.com/a')
    await expect(shop.log.locator('.agent')).toBeVisible()
    server.fail('/messages', { times: 99 })
    await shop.send('once more')
    await expect(shop.log.locator('.failed')).toBeVisible()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ target }) => target)])).toEqual([])
    const small = await shop.frame
      .locator('button:visible, a:visible')
      .evaluateAll(
        (all) =>
          all.filter(
            (one) =>
              one.tagName === 'BUTTON' &&
              Math.min(one.getBoundingClientRect().width, one.getBoundingClientRect().height) < 24,
          ).length,
      )
    expect(small).toBe(0)
  })

test('Chinese and English: from the page, and with it @hard', async ({ shop, page }) => {
  await shop.open('/zh')
  await expect(shop.launcher).toHaveAccessibleName('在线客服')
  await expect(shop.frame.locator('html')).toHaveAttribute('lang', 'zh-CN')
  await expect(shop.frame.locator('#disclosure')).toHaveText('消息由程序分类、人工回复。')
  await page.evaluate(() => document.documentElement.setAttribute('lang', 'en'))
  await expect(shop.launcher).toHaveAccessibleName('Chat')
  await expect(shop.frame.locator('#disclosure')).toHaveText(
    'Messages are sorted by an automatic classifier; people answer.',
  )
  held('8 disclosure', 'shown before the first message in zh-CN and en')
})

test('that a program sorts messages is said in the words of the business, or not at all @hard', async ({
  shop,
  server,
  page,
}) => {
  server.inbox.disclosure = 'A program reads along.'
  await shop.open()
  await expect(shop.frame.locator('#disclosure')).toHaveText('A program reads along.')
  server.inbox.disclosure = ''
  await page.reload()
  await expect(shop.frame.locator('#disclosure')).toBeHidden()
  held('8 disclosure, of the business', 'its own words, or none')
})

test('own messages are not read out, answers are, history is not news', async ({ shop, server, page }) => {
  await shop.open()
  await shop.send('hello')
  await expect(shop.log.locator('.visitor')).toHaveAttribute('aria-live', 'off')
  await expect(shop.log).toHaveAttribute('role', 'log')
  await expect(shop.log).toHaveAttribute('aria-live', 'polite')
  server.fail('/messages', { times: 3 })
  await page.reload()
  await expect(shop.log).toHaveAttribute('aria-live', 'off')
  await expect(shop.log).toHaveAttribute('aria-live', 'polite', { timeout: 20_000 })
})

test('a page with a strict policy: a nonce is enough, no inline style is needed', async ({ shop, server, page }) => {
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  shop.page = () => ({
    html: `<!doctype html><html lang="en"><head><title>Tea</title></head><body><h1>Tea</h1>${shop.snippet.replace('<script', '<script nonce="abc"')}</body></html>`,
    headers: {
      'content-security-policy': `default-src 'none'; script-src 'nonce-abc'; style-src 'none'; frame-src ${server.url}; require-trusted-types-for 'script'; trusted-types 'none'`,
    },
  })
  await shop.open()
  await shop.send('hello')
  await expect(shop.log.locator('.sent')).toBeVisible()
  expect(complaints).toEqual([])
})

test('single-page sites: included twice, body replaced, even everything removed, and the chat goes on', async ({
  shop,
  server,
  page,
}) => {
  await shop.open()
  await shop.send('still here?')
  await expect(shop.log.locator('.sent')).toBeVisible()
  await page.evaluate((src) => {
    const body = document.createElement('body')
    body.innerHTML = '<h1>Next page</h1>'
    document.body.replaceWith(body)
    const again = Object.assign(document.createElement('script'), { src, async: true })
    again.dataset.siteKey = 'site-key'
    body.append(again)
  }, `${server.url}/widget.js`)
  await page.waitForTimeout(300)
  await expect(shop.launcher).toHaveCount(1)
  await expect(shop.log.locator('.visitor')).toHaveCount(1)
  expect(server.count('/api/widget/sessions')).toBe(1)
  await page.evaluate(() => document.documentElement.lastElementChild?.remove())
  await expect(shop.launcher).toHaveCount(1)
  await expect(shop.log.locator('.visitor')).toHaveCount(1)
})

test('where the browser gives frames of other sites no storage, the chat still works', async ({
  shop,
  server,
  page,
}) => {
  shop.url = shop.url.replace('127.0.0.1', 'localhost')
  await shop.open()
  await shop.send('hello')
  await expect(shop.log.locator('.sent')).toBeVisible()
  server.reply('hello to you')
  await expect(shop.log.locator('.agent [dir]')).toHaveText('hello to you')
  server.fail('/messages', { times: 99 })
  await shop.send('kept by the page')
  await expect(shop.log.locator('.failed')).toBeVisible()
  server.recover()
  await page.reload()
  await expect(shop.log.locator('[dir]')).toHaveText(['hello', 'hello to you', 'kept by the page'])
  await expect(shop.log.locator('.sent')).toBeVisible()
  expect(server.threads.size).toBe(1)
  expect(server.messages).toHaveLength(3)
})

test('offline is said in words, and over when it is over', async ({ shop, page }) => {
  await shop.open()
  await page.context().setOffline(true)
  await expect(shop.frame.locator('#trouble')).toHaveText('No connection. Messages are kept and sent later.')
  await shop.send('kept')
  await page.context().setOffline(false)
  await expect(shop.frame.locator('#trouble')).toBeHidden()
  await expect(shop.log.locator('.sent')).toBeVisible({ timeout: 15_000 })
})

test('phones: full screen; 200 % zoom: nothing cut off', async ({ shop, page }) => {
  await page.setViewportSize({ width: 360, height: 740 })
  await shop.open()
  const box = await page.locator('iframe').boundingBox()
  expect(box).toMatchObject({ x: 0, y: 0, width: 360, height: 740 })
  // 1280 × 720 at 200 %.
  await page.setViewportSize({ width: 640, height: 360 })
  await expect(shop.draft).toBeInViewport()
  await expect(shop.frame.getByRole('button', { name: 'Close chat' })).toBeInViewport()
})

test('another <html>, or a document emptied and written later, has its chat as it was', async ({
  shop,
  server,
  page,
}) => {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  const queue = `<script>(window.Lingxi ||= []).push(['identify', { userId: 'queued' }], ['open'])</script>`
  const { html } = shop.page('/')
  shop.page = () => ({ html: html.replace('<script async', `${queue}<script async`) })
  await page.goto(shop.url)
  await shop.send('hello')
  await expect(shop.log.locator('.sent')).toBeVisible()
  await page.evaluate('heard = []; api = Lingxi; Lingxi.on("close", () => heard.push("close")); Lingxi.identify(null)')
  await expect.poll(() => server.threads.size).toBe(2)
  await shop.send('who am I')
  await page.evaluate(() => {
    const root = document.createElement('html')
    root.append(document.createElement('head'), document.createElement('body'))
    document.documentElement.remove()
    setTimeout(() => document.append(root))
  })
  await expect(shop.log.locator('.visitor [dir]')).toHaveText('who am I')
  // The theme of another <html> is followed, too.
  await page.evaluate(() => document.documentElement.classList.add('dark'))
  await expect(shop.frame.locator('html')).toHaveClass('dark')
  await shop.launcher.click()
  await page.evaluate((text) => {
    document.open()
    setTimeout(() => {
      document.write(text)
      document.close()
    }, 100)
  }, html)
  await expect(shop.frame.locator('html')).not.toHaveClass('dark')
  await expect(shop.launcher).toHaveAttribute('aria-expanded', 'false')
  await shop.launcher.click()
  await expect(shop.log.locator('.visitor [dir]')).toHaveText('who am I')
  await shop.launcher.press('Escape')
  await expect(shop.launcher).toHaveAttribute('aria-expanded', 'false')
  await expect(shop.launcher).toHaveCount(1)
  expect(await page.evaluate('[heard.length, Lingxi === api]')).toEqual([2, true])
  // What was queued before the first loading is not the last word.
  expect(server.sessions.slice(1).map(({ identity }) => identity)).toEqual([null, null, null])
  expect(errors).toEqual([])
})
