/** Script injection where visitors and strangers look: the widget, its notes to the page, the site's addresses; and the control. */
import { readFileSync } from 'node:fs'
import { expect } from '@playwright/test'
import { build } from 'esbuild'
import type { composeMail, MailKind } from '@/lib/features/mail/compose'
import { test } from '../kit/browser'
import { amount, held } from '../kit/guarantee'
import { Hostile } from '../kit/hostile/answers'
import { type Payload, packs, payloads } from '../kit/hostile/payloads'
import { foundMarkup, runRaw, setTrap } from '../kit/hostile/trap'
import { visit } from '../kit/hostile/visit'
import { readSite } from '../kit/site'
import { startShop } from '../kit/visitor-server'

const all = payloads()
/** Every so many of them, with each place and vector among them. */
const some = (most: number): Payload[] => all.filter((_, at) => at % Math.ceil(all.length / most) === 0)

test.describe('control', () => {
  test.use({ policyReports: 'expected' })

  test('where nothing protects, the same texts run @hard', async ({ browser }) => {
    test.setTimeout(120_000)
    const { site } = readSite()
    const context = await browser.newContext()
    const trap = await setTrap(context)
    const page = await context.newPage()
    const body = '<!doctype html><body>'
    await page.route('**/raw', (route) => route.fulfill({ contentType: 'text/html', body }))
    await page.goto(`${site}/raw`)
    const tried = some(amount(all.length, 200))
    await runRaw(page, tried)
    expect(trap.fired.size).toBeGreaterThan(amount(1_300, 150))
    expect(trap.noticed.length).toBeGreaterThan(10)
    // Under the product's policy, on a page of its own, they do not run even as markup: it is stopped, reported and found.
    const guarded = await browser.newContext()
    const second = await setTrap(guarded)
    const real = await guarded.newPage()
    await real.goto(`${site}/sign-in`)
    await runRaw(real, some(200), true)
    expect([...second.fired]).toEqual([])
    expect(second.reports.length).toBeGreaterThan(50)
    expect((await foundMarkup(real)).length).toBeGreaterThan(50)
    held(
      '4 control of script injection',
      `${trap.fired.size} of ${tried.length} texts ran where nothing protects; under the policy 0 of ${some(200).length}, with ${second.reports.length} reports`,
    )
    await context.close()
    await guarded.close()
  })
})

/** The mail composer; its words are JSON that this runner does not load by itself. */
async function composer(): Promise<typeof composeMail> {
  const entryPoints = ['lib/features/mail/compose.ts']
  const { outputFiles } = await build({ entryPoints, bundle: true, write: false, format: 'esm', platform: 'node' })
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64')
  return ((await import(`data:text/javascript;base64,${code}`)) as { composeMail: typeof composeMail }).composeMail
}

type Sentences = Record<string, string>
/** All kinds of mails: those with a subject. What each takes is what its sentences name. */
const mails = Object.entries(
  JSON.parse(readFileSync('lib/words/en/mail.json', 'utf8')) as Record<string, Sentences>,
).filter(([, sentences]) => sentences.subject)

/** The text in every fact; what a sentence counts or chooses by is no text. */
function filledWith(text: string, sentences: Sentences): Record<string, string | number> {
  const whole = Object.values(sentences).join(' ')
  const counted = new Set([...whole.matchAll(/\{(\w+), (?:plural|number)/g)].map(([, name]) => name))
  const names = [...whole.matchAll(/\{(\w+)[,}]/g)].map(([, name = '']) => name)
  return Object.fromEntries(names.map((name) => [name, counted.has(name) ? 7 : text]))
}

test('nothing runs in a mail @hard', async ({ browser }) => {
  const compose = await composer()
  const context = await browser.newContext()
  const trap = await setTrap(context)
  const page = await context.newPage()
  expect(mails.length).toBeGreaterThanOrEqual(26)
  let shown = 0
  for (const text of packs(some(amount(all.length, 200)), 400))
    for (const locale of ['en', 'zh-CN'] as const)
      for (const [kind, sentences] of mails) {
        const link = sentences.button ? `https://example.com/?${text}` : null
        const { html, subject } = compose(locale, kind as MailKind, filledWith(text, sentences), link)
        // In words, too: not only where the button leads.
        expect(html.replace(/href="[^"]*"/g, '')).toContain('_fired')
        expect(subject).not.toMatch(/[\r\n]/)
        await page.setContent(html)
        expect(await foundMarkup(page)).toEqual([])
        shown++
      }
  expect([...trap.fired]).toEqual([])
  expect(trap.noticed).toEqual([])
  held(
    '4 script injection in mails',
    `${shown} mails of ${mails.length} kinds with all texts in every fact, shown without any policy: 0 ran`,
  )
  await context.close()
})

test('nothing runs in the widget, and notes of strangers are no notes @hard', async ({ browser }) => {
  test.setTimeout(120_000)
  const { site, siteKey } = readSite()
  const context = await browser.newContext()
  const trap = await setTrap(context)
  const page = await context.newPage()
  const hostile = new Hostile(all)
  hostile.begin()
  const file = { id: '0199a000-0000-7000-8000-000000000001', name: 'x', type: 'text/plain', size: 9 }
  const message = {
    from: 'agent',
    authorName: 'x',
    text: 'x',
    createdAt: '2026-11-20T08:00:00.000Z',
    attachments: [file],
  }
  const texts = { greeting: 'x', away: 'x', placeholder: 'x', disclosure: 'x' }
  const session = {
    token: 'x',
    contactId: file.id,
    inbox: { name: 'x', accent: '#0f766e', ink: '#ffffff', online: false, ...texts },
  }
  await context.route('**/api/widget/**', (route) => {
    const { pathname } = new URL(route.request().url())
    const json = (body: unknown, status = 200) =>
      route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(hostile.replace(body, pathname)) })
    if (pathname.endsWith('/sessions')) return json(session, 201)
    if (pathname.endsWith('/events'))
      return route.fulfill({ contentType: 'text/event-stream', body: 'retry: 60000\n\n' })
    const messages = Array.from({ length: 40 }, (_, at) => ({
      ...message,
      id: `0199a000-0000-7000-8000-0000000001${at + 10}`,
      sequence: at + 1,
    }))
    return json({ messages, last: 40 })
  })
  const snippet = `<script async src="${site}/widget.js" data-site-key="${siteKey}"></script>`
  const shop = await startShop(() => ({ html: `<!doctype html><title>Tea</title><h1>Tea</h1>${snippet}` }))
  const stranger = await startShop(() => ({ html: '<!doctype html><title>Other</title>' }))
  await page.goto(shop.url)
  await page.locator('button[aria-expanded]').click()
  const frame = page.frameLocator('iframe')
  await expect(frame.locator('#log')).toContainText('_fired')
  await expect(frame.locator('#log > *').nth(39)).toBeAttached()
  await expect(frame.locator('#disclosure')).toContainText('_fired')
  const inside = page.frames().find((one) => one.url().includes('/widget/frame'))
  if (!inside) throw new Error('no frame')
  const badge = page.locator('button[aria-expanded] b')
  const note = { lingxi: 1, unread: 77 }
  // Somebody else's frame in the page, and the page's own window, say what only the widget's frame may say.
  await page.evaluate(async (url) => {
    const other = document.createElement('iframe')
    other.src = url
    document.body.append(other)
    await new Promise((loaded) => other.addEventListener('load', loaded))
  }, stranger.url)
  const foreign = page.frames().find((one) => one.url().startsWith(stranger.url))
  await foreign?.evaluate((said) => {
    parent.postMessage(said, '*')
    // …and to the widget's frame, what only the page may say.
    for (let at = 0; at < parent.frames.length; at++)
      parent.frames[at]?.postMessage({ ...said, open: false, theme: 'dark' }, '*')
  }, note)
  await page.evaluate((said) => postMessage(said, '*'), note)
  await page.waitForTimeout(200)
  await expect(badge).not.toHaveText('77')
  // The right window in a wrong shape changes nothing either, and breaks nothing.
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  for (const shape of [null, 7, 'lingxi', [], { lingxi: 2, unread: 77 }, { unread: 77 }, { lingxi: '1', unread: 77 }])
    await inside.evaluate((said) => parent.postMessage(said, '*'), shape)
  await page.waitForTimeout(100)
  await expect(badge).not.toHaveText('77')
  expect(errors).toEqual([])
  // Control: the same note from the frame itself counts.
  await inside.evaluate((said) => parent.postMessage(said, '*'), note)
  await expect(badge).toHaveText('77')
  const markup = await inside.evaluate(
    () => document.querySelectorAll('[onerror],[onload],[srcdoc],script[src*=data]').length,
  )
  expect(markup).toBe(0)
  const links = await inside.evaluate(() => [...document.links].map((link) => link.protocol))
  expect(links.filter((kind) => !['http:', 'https:', 'mailto:', 'tel:'].includes(kind))).toEqual([])
  expect(await foundMarkup(page)).toEqual([])
  expect([...trap.fired]).toEqual([])
  expect(trap.noticed).toEqual([])
  expect(trap.reports).toEqual([])
  held(
    '4 script injection in the widget',
    `${all.length} texts in each of ${hostile.fields.size} fields: 0 ran, 0 reports; 10 notes of others or in other shapes: 0 heard`,
  )
  await context.close()
  await shop.stop()
  await stranger.stop()
})

test("nothing in the site's addresses runs @hard", async ({ browser }) => {
  test.setTimeout(120_000)
  const { site } = readSite()
  const context = await browser.newContext()
  const trap = await setTrap(context)
  const page = await context.newPage()
  const long = packs(some(20), 20)[0] as string
  const urls = some(amount(all.length, 40))
    .filter(({ place }) => place === 'address')
    .map(({ text }) => text)
  const addresses = [
    ...['', 'pricing', 'sign-in', 'sign-up', 'reset', 'status', 'accounts', 'demo/shop'].flatMap((path) =>
      ['next', 'callbackUrl', 'error', 'email', 'plan'].map(
        (name) => `${path}?${name}=${encodeURIComponent(long)}#${encodeURIComponent(long)}`,
      ),
    ),
    ...['reset', 'invite', 'sign-in/link', 'sign-in/confirm', 'x/inbox'].map(
      (path) => `${path}/${encodeURIComponent(long.slice(0, 900))}`,
    ),
    `widget/frame?key=${encodeURIComponent(long)}&lang=${encodeURIComponent(long)}#${encodeURIComponent(long)}`,
    ...urls
      .slice(0, amount(12, 3))
      .flatMap((text) => [
        `sign-in?next=${encodeURIComponent(text)}`,
        `sign-in?callbackUrl=${encodeURIComponent(text)}`,
      ]),
  ]
  const visited = addresses.filter((_, at) => at % amount(1, 4) === 0)
  for (const address of visited) await visit(page, `${site}/${address}`, false)
  expect([...trap.fired]).toEqual([])
  expect(trap.noticed).toEqual([])
  expect(trap.reports).toEqual([])
  held("4 script injection in the site's addresses", `${visited.length} addresses: 0 ran, 0 reports`)
  await context.close()
})
