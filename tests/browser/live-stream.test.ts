/** The desk's event stream: one connection for all tabs, no gap when the leading tab goes or the connection breaks. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type BrowserContext, expect, type Page } from '@playwright/test'
import { build } from 'esbuild'
import { test as base } from '../kit/browser'

/** A stream server that numbers its events and replays what came after a reader's last id. */
class Streams {
  readonly open = new Set<ServerResponse>()
  readonly asked: (string | null)[] = []
  #events: { id: number; text: string }[] = []
  #server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x')
    if (url.pathname !== '/live') {
      response.setHeader('content-type', url.pathname === '/code.js' ? 'text/javascript' : 'text/html')
      return response.end(url.pathname === '/code.js' ? this.code : '<script type="module" src="/code.js"></script>')
    }
    const after = url.searchParams.get('after')
    this.asked.push(after)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    for (const event of this.#events) if (after !== null && event.id > Number(after)) this.#write(response, event)
    response.write(`id: ${this.#events.length}\nevent: ready\ndata: {}\n\n`)
    this.open.add(response)
    response.on('close', () => this.open.delete(response))
  })

  constructor(readonly code: string) {}

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  #write(response: ServerResponse, { id, text }: { id: number; text: string }) {
    response.write(`id: ${id}\nevent: said\ndata: ${JSON.stringify(text)}\n\n`)
  }

  say(text: string) {
    const event = { id: this.#events.length + 1, text }
    this.#events.push(event)
    for (const response of this.open) this.#write(response, event)
  }

  cut() {
    for (const response of this.open) response.destroy()
  }

  stop() {
    this.cut()
    this.#server.close()
  }
}

const script = `
import { LiveStream } from './app/_ui/live-stream'
window.states = []
window.heard = []
const stream = new LiveStream('/live', (state) => window.states.push(state))
window.addEventListener('offline', stream.check)
stream.on('said', (text) => window.heard.push(text))
stream.on('resumed', () => window.heard.push('resumed'))
`

const test = base.extend<{ streams: Streams; tab: () => Promise<Page> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
  streams: async ({}, use) => {
    const built = await build({
      stdin: { contents: script, resolveDir: process.cwd(), loader: 'ts' },
      bundle: true,
      format: 'esm',
      write: false,
    })
    const streams = new Streams(built.outputFiles[0]?.text ?? '')
    await use(streams)
    streams.stop()
  },
  tab: async ({ streams, context }: { streams: Streams; context: BrowserContext }, use) => {
    const url = await streams.start()
    await use(async () => {
      const page = await context.newPage()
      await page.goto(url)
      await expect.poll(() => page.evaluate('window.states.at(-1)')).toBe('live')
      return page
    })
  },
})

const heard = (page: Page) => page.evaluate('window.heard')

test('tabs share one connection and all hear everything', async ({ streams, tab }) => {
  const [first, second, third] = [await tab(), await tab(), await tab()]
  expect(streams.asked).toHaveLength(1)
  streams.say('one')
  streams.say('two')
  for (const page of [first, second, third]) await expect.poll(() => heard(page)).toEqual(['one', 'two'])
  expect(streams.open.size).toBe(1)
})

test('another tab takes over where the leader left', async ({ streams, tab }) => {
  const [first, second] = [await tab(), await tab()]
  streams.say('one')
  await expect.poll(() => heard(second)).toEqual(['one'])
  await first.close()
  await expect.poll(() => streams.asked).toEqual([null, '1'])
  streams.say('two')
  await expect.poll(() => heard(second)).toEqual(['one', 'two'])
})

test('a cut connection comes back without gap or double', async ({ streams, tab }) => {
  const [first, second] = [await tab(), await tab()]
  streams.say('one')
  await expect.poll(() => heard(second)).toEqual(['one'])
  streams.cut()
  await expect.poll(() => second.evaluate("window.states.includes('lost')")).toBe(true)
  streams.say('two')
  for (const page of [first, second]) {
    await expect.poll(() => page.evaluate('window.states.at(-1)')).toBe('live')
    await expect.poll(() => heard(page)).toEqual(['one', 'two'])
  }
  expect(streams.asked).toEqual([null, '1'])
})

test('a browser that calls itself offline may still hear its server: the stream finds out, without gap or double', async ({
  streams,
  tab,
}) => {
  const page = await tab()
  streams.say('one')
  await expect.poll(() => heard(page)).toEqual(['one'])
  await page.evaluate(() => window.dispatchEvent(new Event('offline')))
  await expect.poll(() => streams.asked).toEqual([null, '1'])
  streams.say('two')
  await expect.poll(() => heard(page)).toEqual(['one', 'two'])
  expect(await page.evaluate('window.states')).not.toContain('lost')
  streams.stop()
  await page.evaluate(() => window.dispatchEvent(new Event('offline')))
  await expect.poll(() => page.evaluate('window.states.at(-1)')).toBe('lost')
})
