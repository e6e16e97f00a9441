/** What the widget costs a page: bytes, requests, script time and layout shift, beside a blank page in the same run. */
import { basename } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type Browser, chromium, type Page } from '@playwright/test'
import { buildWidget } from '@/lib/cli/build-widget'
import { findChromium } from '@/lib/cli/launch/chromium.mjs'
import { startShop, VisitorServer } from '@/tests/kit/visitor-server'

/** With `--check` one: does this bench still run? */
const ROUNDS = process.argv.includes('--check') ? 1 : 7
const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-quic', '--no-first-run']

interface Cost {
  requests: number
  gzip: number
  /** Milliseconds of script, and of everything, on the main thread. */
  script: number
  task: number
  shift: number
  /** Milliseconds from the click to the first frame that shows the chat. */
  paint?: number
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

type Way = 'idle' | 'empty frame' | 'click'

async function measure(browser: Browser, url: string, way: Way): Promise<Cost> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  const cost: Cost = { requests: 0, gzip: 0, script: 0, task: 0, shift: 0 }
  page.on('response', async (response) => {
    if (!response.url().includes('/widget')) return
    cost.requests++
    if (response.url().includes('/api/')) return
    const bytes = gzipSync(await response.body(), { level: 9 }).length
    cost.gzip += bytes
  })
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.goto(url)
  await page.waitForTimeout(400)
  if (way === 'empty frame') cost.paint = await openEmptyFrame(page)
  if (way === 'click') cost.paint = await openChat(page)
  const { metrics } = await session.send('Performance.getMetrics')
  const value = (name: string) => (metrics.find((one) => one.name === name)?.value ?? 0) * 1000
  cost.script = value('ScriptDuration')
  cost.task = value('TaskDuration')
  cost.shift = await page.evaluate(
    () =>
      new Promise<number>((done) => {
        let sum = 0
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) sum += (entry as PerformanceEntry & { value: number }).value
        }).observe({ type: 'layout-shift', buffered: true })
        setTimeout(() => done(sum), 50)
      }),
  )
  await context.close()
  return cost
}

/** What the browser alone takes to show a frame with nothing in it, from the same kind of server. */
function openEmptyFrame(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((done) => {
        const start = performance.now()
        const frame = document.createElement('iframe')
        frame.src = '/blank'
        frame.onload = () => requestAnimationFrame(() => done(performance.now() - start))
        document.body.append(frame)
      }),
  )
}

async function openChat(page: Page): Promise<number> {
  const paint = await page.evaluate(
    () =>
      new Promise<number>((done) => {
        const shadow = document.documentElement.lastElementChild?.shadowRoot
        const start = performance.now()
        const look = () => {
          const frame = shadow?.querySelector('iframe')
          if (frame && getComputedStyle(frame).opacity !== '0' && frame.className === 'ready')
            requestAnimationFrame(() => done(performance.now() - start))
          else requestAnimationFrame(look)
        }
        shadow?.querySelector('button')?.click()
        look()
      }),
  )
  await page.frameLocator('iframe').locator('#name', { hasText: 'Bench' }).waitFor()
  await page.waitForTimeout(300)
  return paint
}

const line = (name: string, costs: Cost[]) => {
  const of = (key: keyof Cost) => median(costs.map((cost) => cost[key] ?? 0))
  const paint = of('paint') ? `${of('paint').toFixed(0)} ms` : ''
  return [
    name,
    of('requests'),
    of('gzip'),
    of('script').toFixed(1),
    of('task').toFixed(1),
    of('shift').toFixed(3),
    paint,
  ]
}

export async function run(): Promise<void> {
  const { loaderGzip, frameGzip } = await buildWidget()
  const server = await new VisitorServer().start()
  server.inbox = { name: 'Bench', accent: '#5b5bd6', online: true }
  const head = '<!doctype html><html lang="en"><title>Page</title><h1>A page</h1><p>Words.</p>'
  const snippet = `<script async src="${server.url}/widget.js" data-site-key="${server.siteKey}"></script>`
  const shop = await startShop((path) => ({ html: path === '/blank' ? head : head + snippet }))
  const executablePath = await findChromium(process.env)
  const browser = await chromium.launch({ executablePath: executablePath ?? undefined, args })
  const blank: Cost[] = []
  const idle: Cost[] = []
  const empty: Cost[] = []
  const opened: Cost[] = []
  for (let round = 0; round < ROUNDS; round++) {
    blank.push(await measure(browser, `${shop.url}/blank`, 'idle'))
    empty.push(await measure(browser, `${shop.url}/blank`, 'empty frame'))
    idle.push(await measure(browser, `${shop.url}/`, 'idle'))
    opened.push(await measure(browser, `${shop.url}/`, 'click'))
  }
  await browser.close()
  await shop.stop()
  await server.stop()
  const rows = [
    ['page', 'requests', 'bytes gzip', 'script ms', 'main thread ms', 'layout shift', 'shown after'],
    line('blank', blank),
    line('blank, an empty frame', empty),
    line('with the widget, idle', idle),
    line('chat, opened', opened),
  ]
  console.log(`widget: medians of ${ROUNDS} interleaved rounds, ${browser.version()}`)
  for (const row of rows) console.log(row.map((cell, place) => String(cell).padEnd(place ? 16 : 28)).join(''))
  const extra = (key: 'script' | 'task') =>
    median(idle.map((cost) => cost[key])) - median(blank.map((cost) => cost[key]))
  console.log(
    `over a blank page, idle: script ${extra('script').toFixed(1)} ms, main thread ${extra('task').toFixed(1)} ms`,
  )
  console.log(
    `built: loader ${loaderGzip} B (limit 1500), all until a usable chat ${loaderGzip + frameGzip} B (limit 9000)`,
  )
  console.log(
    'measured earlier elsewhere, same method: Live Helper Chat 29.6 kB and 8 requests idle, 51–56 ms of script,',
  )
  console.log('216 kB to a chat; Hexabot 186 kB, 3 requests, 21 ms; deep-chat 111 kB, 2 requests, 16 ms')
}

if (basename(process.argv[1] ?? '').startsWith('widget')) await run()
