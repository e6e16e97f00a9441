/**
 * `npm run bench -- pages`: what the inbox costs a browser on first load — script bytes, requests, LCP, CPU — beside an empty
 * page of the same framework (our not-found page) and a blank page, in the same minute. Median of five fresh browsers each.
 */
import { chromium } from 'playwright'
import { findChromium } from '@/lib/cli/launch/chromium.mjs'
import { type BenchAccount, type House, openHouse } from './kit/house'
import { percentile, post, runLoad } from './kit/load'
import { signIn } from './kit/people'
import { texts } from './kit/texts'

/** With `--check` one of each: does this bench still run? */
const loads = process.argv.includes('--check') ? 1 : 5
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

interface Load {
  scriptKb: number
  cssKb: number
  requests: number
  lcp: number
  scriptMs: number
  taskMs: number
}

async function measure(url: string, site: string, cookie: string, executablePath: string): Promise<Load> {
  const browser = await chromium.launch({ executablePath, args: flags })
  try {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    const [name = '', value = ''] = cookie.split('=')
    await context.addCookies([{ name, value, url: site }])
    const page = await context.newPage()
    const cdp = await context.newCDPSession(page)
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' })
    await cdp.send('Network.enable')
    const kinds = new Map<string, string>()
    let scriptKb = 0
    let cssKb = 0
    let requests = 0
    cdp.on('Network.responseReceived', (event) => kinds.set(event.requestId, event.type))
    cdp.on('Network.loadingFinished', (event) => {
      requests++
      const kind = kinds.get(event.requestId)
      if (kind === 'Script') scriptKb += event.encodedDataLength / 1_000
      if (kind === 'Stylesheet') cssKb += event.encodedDataLength / 1_000
    })
    await page.addInitScript(() => {
      new PerformanceObserver((list) => {
        ;(globalThis as unknown as { lcp: number }).lcp = list.getEntries().at(-1)?.startTime ?? 0
      }).observe({ type: 'largest-contentful-paint', buffered: true })
    })
    await page.goto(url, { waitUntil: 'load' })
    await page.waitForTimeout(1_500)
    const { metrics } = await cdp.send('Performance.getMetrics')
    const metric = (wanted: string) => (metrics.find((one) => one.name === wanted)?.value ?? 0) * 1_000
    const lcp = await page.evaluate(() => (globalThis as unknown as { lcp?: number }).lcp ?? Number.NaN)
    return { scriptKb, cssKb, requests, lcp, scriptMs: metric('ScriptDuration'), taskMs: metric('TaskDuration') }
  } finally {
    await browser.close()
  }
}

async function fill(house: House, account: BenchAccount): Promise<void> {
  const tokens = await house.visitors(account, 60)
  const requests = tokens.map((token, n) =>
    post(
      '/api/widget/messages',
      token,
      JSON.stringify({ clientId: crypto.randomUUID(), text: texts[n % texts.length] }),
    ),
  )
  await runLoad({
    port: house.port,
    callers: 4,
    requests: 60,
    maxSeconds: 20,
    request: (_caller, n) => requests[n] as Buffer,
  })
}

const executablePath = await findChromium(process.env)
if (!executablePath) throw new Error('This bench needs a Chromium.')
const house = await openHouse()
try {
  const account = await house.newAccount()
  await fill(house, account)
  const cookie = await signIn(house, account)
  const site = `http://127.0.0.1:${house.port}`
  const pages: [string, string][] = [
    ['inbox', `${site}/bench-${account.ctx.accountId}/inbox`],
    ['tickets', `${site}/bench-${account.ctx.accountId}/tickets`],
    ['landing', `${site}/`],
    ['framework alone', `${site}/no-such-page/at/all`],
    ['blank', 'about:blank'],
  ]
  const rows: [string, Load][] = []
  for (const [name, url] of pages) {
    const all: Load[] = []
    for (let n = 0; n < loads; n++) all.push(await measure(url, site, cookie, executablePath))
    const of = (key: keyof Load) =>
      percentile(
        all.map((one) => one[key]).sort((a, b) => a - b),
        0.5,
      )
    const keys = Object.keys(all[0] as Load) as (keyof Load)[]
    rows.push([name, Object.fromEntries(keys.map((key) => [key, of(key)])) as unknown as Load])
  }
  const framework = rows.find(([name]) => name === 'framework alone')?.[1] as Load
  const columns = 'page              script kB   css kB   requests   LCP ms   script CPU ms   main-thread CPU ms'
  console.log(`${columns}   script and its CPU beside the framework's`)
  for (const [name, row] of rows) {
    const beside = (key: keyof Load) => `× ${(row[key] / framework[key]).toFixed(2)}`
    console.log(
      `${name.padEnd(17)} ${row.scriptKb.toFixed(1).padStart(9)} ${row.cssKb.toFixed(1).padStart(8)} ${row.requests.toFixed(0).padStart(10)} ${row.lcp.toFixed(0).padStart(8)} ${row.scriptMs.toFixed(0).padStart(15)} ${row.taskMs.toFixed(0).padStart(20)}   ${beside('scriptKb')} · ${beside('scriptMs')}`,
    )
  }
} finally {
  await house.close()
}
process.exit(0)
