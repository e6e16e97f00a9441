/** A browser test's own account: opened by signing up, with visitors who write to it by the widget's API. */
import { type Browser, expect, type Page } from '@playwright/test'
import { readSite } from './site'

const unique = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`
const json = { 'content-type': 'application/json' }

export interface OwnShop {
  page: Page
  slug: string
  siteKey: string
  /** Opens a page of the account's desk. */
  open(path: string): Promise<void>
  /** A new visitor writes; the page they are on may be another website's. */
  write(text: string, name?: string): Promise<void>
  /** The answer to a browser on that website which opens the chat. */
  visit(origin?: string): Promise<number>
}

export async function openShop(browser: Browser, options: Parameters<Browser['newContext']>[0] = {}): Promise<OwnShop> {
  const { site } = readSite()
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  const page = await context.newPage()
  await page.goto(`${site}/sign-up`)
  await page.locator('input[autocomplete="name"], input[name="name"]').first().fill('Tess Lin')
  await page.locator('input[type=email]').fill(`${unique()}@example.com`)
  await page.locator('input[type=password]').first().fill('violet harbour kettle')
  await page.locator('form input:not([type=email], [type=password])').last().fill(`Tea ${unique()}`)
  await page.locator('form button[type=submit]').first().click()
  await page.waitForURL(/\/[a-z0-9-]+\/inbox/)
  const slug = new URL(page.url()).pathname.split('/')[1] ?? ''
  const answer = await page.evaluate(async (path) => (await fetch(path)).json(), `/api/v1/${slug}/inboxes`)
  const siteKey = (answer as { inboxes: { siteKey: string }[] }).inboxes[0]?.siteKey ?? ''
  const session = (origin?: string, name?: string) =>
    fetch(`${site}/api/widget/sessions`, {
      method: 'POST',
      headers: { ...json, ...(origin ? { origin } : {}) },
      body: JSON.stringify({ siteKey, locale: 'en', ...(name ? { identity: { name } } : {}) }),
    })
  return {
    page,
    slug,
    siteKey,
    open: async (path) => void (await page.goto(`${site}/${slug}/${path}`)),
    visit: async (origin) => (await session(origin)).status,
    write: async (text, name) => {
      const { token } = (await (await session(undefined, name)).json()) as { token: string }
      const headers = { ...json, authorization: `Bearer ${token}` }
      const body = JSON.stringify({ clientId: crypto.randomUUID(), text })
      expect((await fetch(`${site}/api/widget/messages`, { method: 'POST', headers, body })).status).toBe(201)
    },
  }
}
