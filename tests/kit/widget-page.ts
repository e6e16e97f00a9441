/** A shop with the widget on it, for browser tests: a visitor server, a page on another origin, and the ways to look inside. */
import type { FrameLocator, Locator, Page } from '@playwright/test'
import { buildWidget } from '@/lib/cli/build-widget'
import { startShop, VisitorServer } from '@/tests/kit/visitor-server'
import { test as base } from './browser'

export interface Shop {
  url: string
  /** Markup of the page at a path; the snippet is `snippet`. */
  page: (path: string) => { html: string; headers?: Record<string, string> }
  snippet: string
  launcher: Locator
  frame: FrameLocator
  draft: Locator
  log: Locator
  open(path?: string): Promise<void>
  send(text: string): Promise<void>
}

interface Fixtures {
  server: VisitorServer
  shop: Shop
}

async function makeShop(page: Page, server: VisitorServer): Promise<[Shop, () => Promise<unknown>]> {
  const snippet = `<script async src="${server.url}/widget.js" data-site-key="${server.siteKey}"></script>`
  const frame = page.frameLocator('iframe')
  const shop = {
    snippet,
    page: (path: string) => ({
      html: `<!doctype html><html lang="${path.includes('zh') ? 'zh-CN' : 'en'}"><head><meta name="viewport" content="width=device-width"><title>Tea</title></head><body><main><h1>Tea</h1></main>${snippet}</body></html>`,
    }),
    launcher: page.locator('button[aria-expanded]'),
    frame,
    draft: frame.locator('#draft'),
    log: frame.locator('#log'),
    url: '',
    async open(path = '/') {
      if (!page.url().startsWith(shop.url + path)) await page.goto(shop.url + path)
      await shop.launcher.click()
      await shop.draft.waitFor()
    },
    async send(text: string) {
      await shop.draft.fill(text)
      await shop.draft.press('Enter')
    },
  }
  const { url, stop } = await startShop((path) => shop.page(path))
  shop.url = url
  return [shop, stop]
}

export const test = base.extend<Fixtures, { built: undefined }>({
  built: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names out of this pattern
    async ({}, use) => {
      await buildWidget()
      await use(undefined)
    },
    { scope: 'worker', auto: true },
  ],
  server: async ({ built: _ }, use) => {
    const server = await new VisitorServer().start()
    await use(server)
    await server.stop()
  },
  shop: async ({ page, server }, use) => {
    const [shop, stop] = await makeShop(page, server)
    await use(shop)
    await page.close()
    await stop()
  },
})
