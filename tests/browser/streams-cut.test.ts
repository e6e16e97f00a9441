/** Streams of real browsers are cut at random: what stands on the screens of visitors and agents has no gap and no repeat at any moment. */
import { type Browser, expect, type Page } from '@playwright/test'
import { test } from '../kit/browser'
import { FaultProxy } from '../kit/fault-proxy'
import { amount, held } from '../kit/guarantee'
import { type OwnShop, openShop } from '../kit/own-shop'
import { readSite } from '../kit/site'
import { startShop } from '../kit/visitor-server'

const wanted = amount(150, 12, 1_000)
/** Messages at least that come meanwhile. */
const answers = amount(60, 6, 140)
/** As many that none has more messages than a desk that opens it anew shows at once (40). */
const pairs = amount(3, 1, 5)

let site: string
let proxy: FaultProxy
let through: string
let shop: OwnShop
let place: Awaited<ReturnType<typeof startShop>>
test.beforeAll(async ({ browser }) => {
  ;({ site } = readSite())
  proxy = new FaultProxy(Number(new URL(site).port))
  through = await proxy.start()
  shop = await openShop(browser)
  const snippet = `<script async src="${through}/widget.js" data-site-key="${shop.siteKey}"></script>`
  place = await startShop(() => ({ html: `<!doctype html><title>Tea</title><h1>Tea</h1>${snippet}` }))
})
test.afterAll(async () => {
  await shop?.page.context().close()
  await place?.stop()
  await proxy.stop()
})

/** One thread on two screens: the visitor's chat and an agent's desk, both through the proxy. */
interface Thread {
  id: string
  said: string[]
  chat: Page
  /** `shown`: how many messages stood there when it was last looked at. */
  screens: { name: string; read: () => Promise<string[]>; shown: number }[]
}

const numbersIn = (text: string): string[] => text.match(/cut-\d+-\d+/g) ?? []
const api = (path: string) => `${site}/api/v1/${shop.slug}/${path}`

async function openThread(browser: Browser, n: number): Promise<Thread> {
  const chat = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  await chat.goto(place.url)
  await chat.locator('button[aria-expanded]').click()
  const frame = chat.frameLocator('iframe')
  const first = `cut-${n}-0`
  await frame.locator('#draft').fill(first)
  await frame.locator('#draft').press('Enter')
  await expect(frame.locator('.sent')).toBeVisible()
  const listed = await (await shop.page.context().request.get(api('conversations'))).json()
  const { id, displayId } = listed.rows.find((one: { preview: string }) => one.preview.includes(first))
  const desk = await shop.elsewhere('inbox')
  await desk.goto(`${through}/${shop.slug}/inbox/${displayId}`)
  await expect(desk.getByRole('log')).toContainText(first)
  const screens = [
    { name: `chat ${n}`, read: async () => numbersIn(await frame.locator('#log').innerText()), shown: 1 },
    { name: `desk ${n}`, read: async () => numbersIn(await desk.getByRole('log').innerText()), shown: 1 },
  ]
  return { id, said: [first], chat, screens }
}

/** The agent answers, past the proxy. */
async function answer(thread: Thread, n: number): Promise<void> {
  const text = `cut-${n}-${thread.said.length}`
  const headers = { origin: site, 'sec-fetch-site': 'same-origin' }
  const data = { clientId: crypto.randomUUID(), text }
  const send = () => shop.page.context().request.post(api(`conversations/${thread.id}/reply`), { headers, data })
  // Told to come again (a crowded machine), it is the same message that comes.
  await expect.poll(async () => (await send()).status(), { timeout: 30_000 }).toBeLessThan(300)
  thread.said.push(text)
}

/**
 * Looks at every screen now: what stands there is the thread from its beginning on without a hole, each message once.
 * How many show every message? What may be missing is only the newest, never what stood there before.
 */
async function look(threads: Thread[]): Promise<number> {
  let whole = 0
  for (const { said, screens } of threads)
    for (const screen of screens) {
      const { name, read } = screen
      const seen = await read()
      expect(seen, name).toEqual(said.slice(0, seen.length))
      expect(seen.length, `${name} has lost some`).toBeGreaterThanOrEqual(screen.shown)
      screen.shown = seen.length
      if (seen.length === said.length) whole++
    }
  return whole
}

test('streams of browsers cut at random: no gap and no repeat on any screen @hard', async ({ browser }) => {
  test.setTimeout(1_200_000)
  const threads: Thread[] = []
  for (let n = 0; n < pairs; n++) threads.push(await openThread(browser, n))
  proxy.plan = () => ({
    bytes: Math.floor(6_000 * Math.random()),
    ms: 900 * Math.random(),
    early: Math.random() < 0.1,
    reset: Math.random() < 0.5,
  })
  const before = proxy.cuts
  let looks = 0
  for (let n = 0; proxy.cuts - before < wanted || looks < answers; n = (n + 1) % pairs) {
    proxy.cutAll()
    await answer(threads[n] as Thread, n)
    // As many answers as one person may give in a minute.
    await shop.page.waitForTimeout(520)
    await look(threads)
    looks++
  }
  const cuts = proxy.cuts - before
  proxy.plan = () => null
  proxy.cutAll()
  const all = threads.reduce((sum, { said }) => sum + 2 * said.length, 0)
  await expect.poll(() => look(threads), { timeout: 60_000 }).toBe(2 * pairs)

  // Control: a chat whose stream is not taken up again lacks what comes, and the look sees it.
  const [thread] = threads as [Thread]
  await thread.chat.context().route(/\/api\/widget\/(events|messages)/, (route) => route.abort())
  proxy.cutAll()
  await answer(thread, 0)
  await expect.poll(async () => (await thread.screens[1]?.read())?.at(-1), { timeout: 30_000 }).toBe(thread.said.at(-1))
  expect(await look([thread])).toBe(1)
  for (const { chat } of threads) await chat.context().close()
  held(
    '1 streams cut, on screen',
    `${cuts} cuts of ${pairs} chats and ${pairs} desks in browsers, ${all} messages shown, looked at ${looks} times meanwhile: 0 gaps, 0 repeats; control: a chat that is kept away lacks the next one`,
  )
})
