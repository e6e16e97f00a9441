/** What a page may say to the widget and hear from it: window.Lingxi, who the visitor is, and strangers' messages. */
import { expect } from '@playwright/test'
import { test } from '@/tests/kit/widget-page'

test('window.Lingxi: calls before and after loading, events, unread count, identity, destroy', async ({
  shop,
  server,
  page,
}) => {
  shop.page = () => ({
    html: `<!doctype html><html lang="en"><body><script>
      window.heard = [];
      (window.Lingxi ||= []).push(['on', 'open', () => heard.push('open')], ['identify', { userId: 'u1', name: 'Lin', email: 'lin@example.com', plan: 'gold' }], ['open']);
      Lingxi.push(['on', 'close', () => heard.push('close')]);
    </script>${shop.snippet}</body></html>`,
  })
  await page.goto(shop.url)
  await expect(shop.draft).toBeFocused()
  await shop.send('hello')
  await expect(shop.log.locator('.sent')).toBeVisible()
  expect(server.sessions[0]).toMatchObject({
    locale: 'en',
    page: `${shop.url}/`,
    identity: { userId: 'u1', name: 'Lin', email: 'lin@example.com' },
  })
  expect(server.sessions[0]?.identity).not.toHaveProperty('plan')
  await page.evaluate(() => {
    const { Lingxi, heard } = window as never as {
      Lingxi: Record<string, (...all: unknown[]) => void>
      heard: unknown[]
    }
    Lingxi.on?.('unread', (count: unknown) => heard.push(count))
    Lingxi.close?.()
  })
  server.reply('while closed')
  await expect(shop.launcher).toHaveAccessibleName('Chat (1)')
  await expect(page.locator('b')).toHaveText('1')
  await shop.launcher.click()
  await expect(page.locator('b')).toBeHidden()
  expect(await page.evaluate(() => (window as never as { heard: unknown[] }).heard)).toEqual([
    'open',
    'close',
    1,
    'open',
    0,
  ])
  // Somebody else signs in: nothing of the first one stays.
  await page.evaluate(() =>
    (window as never as { Lingxi: { identify(who: unknown): void } }).Lingxi.identify({
      userId: 'u2',
      email: 'mo@example.com',
    }),
  )
  await expect.poll(() => server.sessions.length).toBe(2)
  await expect(shop.log.locator('.visitor')).toHaveCount(0)
  await page.evaluate(() => (window as never as { Lingxi: { destroy(): void } }).Lingxi.destroy())
  await expect(shop.launcher).toHaveCount(0)
  expect(await page.evaluate(() => 'Lingxi' in window)).toBe(false)
})

test('a stranger who signs in keeps what they wrote, joined to what is known of them', async ({
  shop,
  server,
  page,
}) => {
  await shop.open()
  await shop.send('before signing in')
  await expect(shop.log.locator('.sent')).toBeVisible()
  const identify = (userId: string) =>
    page.evaluate((who) => (window as never as { Lingxi: { identify(who: unknown): void } }).Lingxi.identify(who), {
      userId,
      signature: 'signed',
    })
  await identify('new')
  await expect.poll(() => server.sessions.length).toBe(2)
  expect(server.sessions[1]).toMatchObject({ identity: { userId: 'new', signature: 'signed' } })
  await shop.send('and after')
  await expect(shop.log.locator('.visitor [dir]')).toHaveText(['before signing in', 'and after'])
  expect(server.threads.size).toBe(1)

  // In another browser, where the same person is a stranger first.
  const [known = ''] = server.threads.keys()
  server.people.set('new', known)
  await page.evaluate(() => {
    sessionStorage.clear()
  })
  await shop.frame.locator('html').evaluate(() => localStorage.clear())
  await page.goto(`${shop.url}/other`)
  await shop.launcher.click()
  await shop.send('from another browser')
  await expect(shop.log.locator('.sent')).toBeVisible()
  await identify('new')
  const all = ['before signing in', 'and after', 'from another browser']
  await expect(shop.log.locator('.visitor [dir]')).toHaveText(all)
  expect(server.threads.size).toBe(1)
  server.reply('hello again')
  await expect(shop.log.locator('.agent [dir]')).toHaveText('hello again')
})

test('strangers are not heard: messages of another origin or shape change nothing', async ({ shop, server, page }) => {
  await shop.open()
  await expect.poll(() => server.streams).toBe(1)
  // From the page itself, from a frame of the page's origin, and from a stranger's frame to ours.
  await page.evaluate(() => {
    for (const data of [{ lingxi: 1, close: true }, { lingxi: 1, accent: '#ff0000', unread: 7 }, null, 'x', 7])
      window.postMessage(data, '*')
    const other = document.createElement('iframe')
    document.body.append(other)
    other.contentWindow?.postMessage({}, '*')
    const chat = document.documentElement.lastElementChild?.shadowRoot?.querySelector('iframe')?.contentWindow
    chat?.postMessage({ lingxi: 2, open: false }, '*')
    chat?.postMessage(null, '*')
    Object.assign(other, {
      srcdoc:
        '<script>parent.postMessage({lingxi:1,close:true},"*");for(const f of [...Array(parent.length).keys()])parent[f].postMessage({lingxi:1,open:false,theme:"dark"},"*")</script>',
    })
  })
  await page.waitForTimeout(400)
  await expect(shop.launcher).toHaveAttribute('aria-expanded', 'true')
  await expect(shop.launcher).toHaveAccessibleName('Chat')
  await expect(shop.frame.first().locator('html')).not.toHaveClass('dark')
})

test.describe('where the chat is not allowed', () => {
  // The browser reports what `frame-ancestors` keeps out.
  test.use({ policyReports: 'expected' })

  test('the frame opens only on allowed pages; elsewhere and with a wrong key it says so', async ({
    shop,
    server,
    page,
    watch,
  }) => {
    server.allowedOrigins = ['https://tea.example']
    await page.clock.install()
    await page.goto(shop.url)
    await shop.launcher.click()
    // The frame's answer has come, and was kept out: the page below is left at once.
    await expect.poll(() => watch.stopped.length).toBeGreaterThan(0)
    // The clock goes on only when it is told to, and not before the panel has come and begun to wait.
    await expect(async () => {
      await page.clock.runFor(15_000)
      await expect(page.locator('p')).toHaveText('Chat cannot be reached. Please try again.', { timeout: 200 })
    }).toPass()
    server.allowedOrigins = []
    shop.page = () => ({ html: `<html lang="en">${shop.snippet.replace('site-key="site-key"', 'site-key="wrong"')}` })
    await page.evaluate(() => sessionStorage.clear())
    await page.goto(`${shop.url}/2`)
    await shop.launcher.click()
    await expect(shop.frame.locator('#greeting')).toHaveText(
      'This chat is not available here. Please reach us another way.',
    )
    await expect(shop.draft).toBeHidden()
  })
})
