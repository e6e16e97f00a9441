/** Playwright's global setup: `npm start` on a fresh data folder, as a newcomer would have it, stopped at the end. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../lib/platform/postgres/free-port'
import { siteFile } from './site'
import { sellEverything } from './stripe/sell'
import { startStripe } from './stripe/server'

export default async function setup(): Promise<() => Promise<void>> {
  mkdirSync(resolve('.build'), { recursive: true })
  // Against an installation that runs already: LINGXI_BROWSER_DEMO=<its data folder>/demo.json
  const running = process.env.LINGXI_BROWSER_DEMO
  if (running) {
    writeFileSync(siteFile, JSON.stringify({ ...JSON.parse(readFileSync(running, 'utf8')), dataDir: dirname(running) }))
    return async () => undefined
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'lingxi-browser-'))
  const port = await freePort()
  const args = ['lib/cli/launch.mjs', 'start', '--port', String(port), '--data-dir', dataDir]
  const { DATABASE_URL: _other, ...environment } = process.env
  const stripe = await startStripe('sk_test_browser', 'whsec_browser')
  sellEverything(stripe.world)
  stripe.deliverTo(`http://127.0.0.1:${port}/api/stripe`)
  const billing = {
    STRIPE_SECRET_KEY: 'sk_test_browser',
    STRIPE_WEBHOOK_SECRET: stripe.secret,
    STRIPE_API_URL: stripe.url,
  }
  // Stories take webhooks on this machine.
  const hooks = { LINGXI_WEBHOOK_PRIVATE: '127.0.0.0/8' }
  // Every story that needs people of its own signs up from the same address, and a story that is told again does so once more.
  const people = { LINGXI_SIGN_UPS_PER_HOUR: '10000', LINGXI_TRIES_PER_QUARTER: '10000' }
  const child = spawn(process.execPath, args, {
    env: { ...environment, ...billing, ...hooks, ...people },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const listen = (chunk: Buffer) => {
    said = (said + chunk).slice(-20_000)
  }
  child.stdout.on('data', listen)
  child.stderr.on('data', listen)
  const stop = async () => {
    child.kill('SIGTERM')
    while (child.exitCode === null && child.signalCode === null) await sleep(50)
    rmSync(dataDir, { recursive: true, force: true })
    await stripe.close()
  }
  for (const end = Date.now() + 480_000; !said.includes('is ready'); await sleep(100)) {
    if (child.exitCode !== null || Date.now() > end) {
      await stop()
      throw new Error(`The installation for the browser tests did not start:\n${said}`)
    }
  }
  const demo = join(dataDir, 'demo.json')
  const site = existsSync(demo) ? JSON.parse(readFileSync(demo, 'utf8')) : { site: `http://127.0.0.1:${port}` }
  writeFileSync(siteFile, JSON.stringify({ ...site, dataDir }))
  return stop
}
