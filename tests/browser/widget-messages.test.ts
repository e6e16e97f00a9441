/** What a visitor writes arrives once and in order, whatever the network does, and answers arrive without gap or double. */
import { expect } from '@playwright/test'
import { test } from '@/tests/kit/widget-page'

const texts = (all: { text: string }[]) => all.map(({ text }) => text)

test('a message is shown at once, then confirmed, and the answer appears', async ({ shop, server }) => {
  await shop.open()
  await shop.send('Where is my order?')
  await expect(shop.log.locator('.visitor [dir]')).toHaveText('Where is my order?')
  await expect(shop.log.locator('.sent')).toHaveText('Sent')
  expect(texts(server.messages)).toEqual(['Where is my order?'])
  server.reply('It left this morning: https://example.com/track?id=1.')
  await expect(shop.log.locator('.agent [dir]')).toHaveText('It left this morning: https://example.com/track?id=1.')
  const link = shop.log.locator('.agent a')
  await expect(link).toHaveAttribute('href', 'https://example.com/track?id=1')
  await expect(link).toHaveAttribute('rel', 'noreferrer')
  await expect(link).toHaveAttribute('target', '_blank')
})

test('a failed message says so, is tried again by itself, and at once on request', async ({ shop, server }) => {
  await shop.open()
  await expect.poll(() => server.streams).toBe(1)
  server.fail('/messages', { times: 1, status: 503, headers: { 'retry-after': '60' } })
  await shop.send('first')
  await shop.send('second')
  await expect(shop.log.locator('.failed')).toContainText('Not sent.')
  // The server asked for a minute of silence: nothing is sent before.
  await expect(shop.log.locator('.visitor')).toHaveCount(2)
  expect(server.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/messages'))).toHaveLength(1)
  await shop.log.getByRole('button', { name: 'Try again' }).click()
  await expect(shop.log.locator('.sent')).toHaveText('Sent')
  expect(texts(server.messages)).toEqual(['first', 'second'])

  server.fail('/messages', { times: 2, status: 0 })
  await shop.send('third')
  await expect(shop.log.locator('.failed')).toBeVisible()
  await expect(shop.log.locator('.sent')).toHaveText('Sent', { timeout: 15_000 })
  expect(texts(server.messages)).toEqual(['first', 'second', 'third'])
})

test('an answer lost on its way does not make a second message, not even over a reload', async ({
  shop,
  server,
  page,
}) => {
  await shop.open()
  await expect.poll(() => server.streams).toBe(1)
  server.fail('/messages', { times: 99, status: 0, after: true })
  await shop.send('我要退款，太慢了！')
  await shop.send('🐉 a\u0301 \u202Eabc')
  await expect.poll(() => server.messages.length).toBe(1)
  server.recover()
  await page.reload()
  await expect(shop.log.locator('.visitor [dir]')).toHaveText(['我要退款，太慢了！', '🐉 a\u0301 \u202Eabc'])
  await expect(shop.log.locator('.sent')).toBeVisible()
  expect(texts(server.messages)).toEqual(['我要退款，太慢了！', '🐉 a\u0301 \u202Eabc'])
  await page.waitForTimeout(300)
  await expect(shop.log.locator('.visitor')).toHaveCount(2)
})

test('what was written while the server was away is sent after a reload', async ({ shop, server, page }) => {
  await shop.open()
  await expect.poll(() => server.streams).toBe(1)
  server.fail('/api/', { times: 999 })
  await shop.send('one')
  await shop.send('two')
  await shop.draft.fill('a draft')
  await page.reload()
  await expect(shop.log.locator('.visitor [dir]')).toHaveText(['one', 'two'])
  await expect(shop.draft).toHaveValue('a draft')
  expect(server.messages).toHaveLength(0)
  server.recover()
  await expect.poll(() => texts(server.messages), { timeout: 20_000 }).toEqual(['one', 'two'])
})

test('streams cut again and again: every answer once, in order, holes filled', async ({ shop, server }) => {
  await shop.open()
  await shop.send('hello')
  await expect(shop.log.locator('.sent')).toBeVisible()
  const expected: string[] = []
  for (let round = 0; round < 6; round++) {
    await expect.poll(() => server.streams, { timeout: 15_000 }).toBe(1)
    const text = `answer ${round}`
    expected.push(text, `${text}b`)
    server.reply(text, { skip: round % 3, silent: round % 2 === 0 })
    server.reply(`${text}b`)
    server.cutStreams()
  }
  await expect(shop.log.locator('.agent [dir]')).toHaveText(expected, { timeout: 15_000 })
})

test('without streams it asks, and still hears', async ({ shop, server }) => {
  server.streamsBlocked = true
  await shop.open()
  await shop.send('hello')
  await expect(shop.log.locator('.sent')).toBeVisible()
  server.reply('heard without a stream')
  await expect(shop.log.locator('.agent [dir]')).toHaveText('heard without a stream', { timeout: 15_000 })
})

test('a token that ran out is renewed, and the conversation stays', async ({ shop, server }) => {
  await shop.open()
  await shop.send('before')
  await expect(shop.log.locator('.sent')).toBeVisible()
  server.expireTokens()
  await shop.send('after')
  await expect.poll(() => texts(server.messages)).toEqual(['before', 'after'])
  expect(server.threads.size).toBe(1)
  await expect(shop.log.locator('.visitor')).toHaveCount(2)
})

test('long and strange texts: words of 1,000 characters, tags as text, too many characters counted', async ({
  shop,
  server,
  page,
}) => {
  await shop.open()
  await shop.send('w'.repeat(1000))
  await shop.send('<img src=x onerror="alert(1)"><script>alert(2)</script> javascript:alert(3)')
  await expect(shop.log.locator('.visitor')).toHaveCount(2)
  await expect(shop.log.locator('img, script, a')).toHaveCount(0)
  const overflow = await shop.frame.locator('#room').evaluate((room) => room.scrollWidth - room.clientWidth)
  expect(overflow).toBe(0)
  await shop.draft.fill('x'.repeat(7_600))
  await expect(shop.frame.locator('#count')).toHaveText('400 characters left')
  await shop.draft.fill('x'.repeat(8_001))
  await expect(shop.frame.locator('#count')).toHaveText('1 characters too many')
  await expect(shop.frame.getByRole('button', { name: 'Send' })).toBeDisabled()
  await shop.draft.press('Enter')
  await page.waitForTimeout(200)
  expect(server.messages).toHaveLength(2)
})

test('a message after a line break; Enter while a Chinese input method composes sends nothing', async ({
  shop,
  server,
  page,
}) => {
  await shop.open('/zh')
  await shop.draft.focus()
  await page.keyboard.type('a')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('b')
  await page.keyboard.press('Enter')
  await expect.poll(() => texts(server.messages)).toEqual(['a\nb'])
  await shop.draft.evaluate((box: HTMLTextAreaElement) => {
    box.value = 'tui kuan'
    box.dispatchEvent(new CompositionEvent('compositionstart'))
    box.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, cancelable: true, bubbles: true }),
    )
    // Safari: the composition has ended already, only the code tells.
    box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, cancelable: true, bubbles: true }))
  })
  await page.waitForTimeout(200)
  expect(server.messages).toHaveLength(1)
  const session = await page.context().newCDPSession(page)
  await shop.draft.fill('')
  await session.send('Input.imeSetComposition', { text: '退款', selectionStart: 2, selectionEnd: 2 })
  await session.send('Input.insertText', { text: '退款' })
  await page.keyboard.press('Enter')
  await expect.poll(() => texts(server.messages)).toEqual(['a\nb', '退款'])
})

test('a message that is refused says so to who listens, too', async ({ shop, server }) => {
  await shop.open()
  await shop.send('first')
  await expect(shop.log.locator('.sent')).toBeVisible()
  await expect(shop.log.getByRole('alert')).toHaveCount(0)
  server.fail('messages', { status: 409 })
  await shop.send('second')
  await expect(shop.log.getByRole('alert')).toContainText('Not sent.')
})
