/** A browser test's own account: opened by signing up, with visitors who write to it by the widget's API. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type APIRequestContext, type Browser, expect, type Page } from '@playwright/test'
import { readSite } from './site'

const unique = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`
const password = 'violet harbour kettle'
const json = { 'content-type': 'application/json' }

export interface Visitor {
  say(text: string): Promise<void>
  /** What the desk has answered, in order. */
  hears(): Promise<string[]>
}

export interface OwnShop {
  page: Page
  slug: string
  siteKey: string
  /** Opens a page of the account's desk. */
  open(path: string): Promise<void>
  /** The same person in another browser, at a page of the desk. */
  elsewhere(path: string, options?: Parameters<Browser['newContext']>[0]): Promise<Page>
  /** A new visitor. */
  visitor(name?: string): Promise<Visitor>
  /** A new visitor writes, and goes on writing. */
  write(text: string, name?: string, more?: readonly string[]): Promise<void>
  /** The answer to a browser on that website which opens the chat. */
  visit(origin?: string): Promise<number>
}

export const person = () => ({ name: 'Tess Lin', email: `${unique()}@example.com`, password })

/** By the API; the pages for this are `signUpByPages`. */
async function signUp(request: APIRequestContext, site: string, who: ReturnType<typeof person>): Promise<string> {
  const headers = { origin: site, 'sec-fetch-site': 'same-origin' }
  const data = { ...who, accountName: `Tea ${unique()}`, timeZone: 'Asia/Shanghai' }
  const made = await request.post(`${site}/api/v1/sign-up`, { headers, data })
  expect(made.status()).toBe(201)
  return ((await made.json()) as { slug: string }).slug
}

/** The context's cookies are then the person's. */
async function signIn(request: APIRequestContext, site: string, { email }: { email: string }): Promise<void> {
  const headers = { origin: site, 'sec-fetch-site': 'same-origin' }
  const { csrfToken } = (await (await request.get(`${site}/api/auth/csrf`)).json()) as { csrfToken: string }
  const form = { csrfToken, email, password, json: 'true' }
  const entered = await request.post(`${site}/api/auth/callback/password?json=true`, { headers, form })
  expect(entered.status()).toBe(200)
}

type Options = Parameters<Browser['newContext']>[0]

export async function openShop(browser: Browser, options: Options = {}): Promise<OwnShop> {
  const { site } = readSite()
  const owner = person()
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  const slug = await signUp(context.request, site, owner)
  await signIn(context.request, site, owner)
  return shopOf(browser, await context.newPage(), slug, owner, options)
}

/** Fills in the form of the public sign-up page that is open, and sends it. */
export async function fillSignUp(page: Page, { name, email }: { name: string; email: string }): Promise<void> {
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('Name of your business').fill(`Tea ${unique()}`)
  await page.getByRole('button', { name: 'Create the account' }).click()
}

/** A stranger opens the site, and signs up by its pages. */
export async function signUpByPages(browser: Browser): Promise<OwnShop> {
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  await page.goto(readSite().site)
  await page.getByRole('link', { name: 'Create an account' }).first().click()
  const owner = person()
  await fillSignUp(page, owner)
  await page.waitForURL(/\/inbox$/)
  return shopOf(browser, page, new URL(page.url()).pathname.split('/')[1] ?? '', owner, {})
}

async function shopOf(
  browser: Browser,
  page: Page,
  slug: string,
  owner: ReturnType<typeof person>,
  options: Options,
): Promise<OwnShop> {
  const { site } = readSite()
  const newContext = () => browser.newContext({ locale: 'en-GB', ...options })
  const context = page.context()
  const answer = await context.request.get(`${site}/api/v1/${slug}/inboxes`)
  const siteKey = ((await answer.json()) as { inboxes: { siteKey: string }[] }).inboxes[0]?.siteKey ?? ''
  const session = async (origin?: string, name?: string): Promise<Response> => {
    const answer = await fetch(`${site}/api/widget/sessions`, {
      method: 'POST',
      headers: { ...json, ...(origin ? { origin } : {}) },
      body: JSON.stringify({ siteKey, locale: 'en', ...(name ? { identity: { name } } : {}) }),
    })
    if (answer.status !== 429) return answer
    // All stories' visitors come from one address, which may begin 60 sessions a minute.
    await sleep(1_000 * Number(answer.headers.get('retry-after')))
    return session(origin, name)
  }
  const visitor = async (name?: string): Promise<Visitor> => {
    const { token } = (await (await session(undefined, name)).json()) as { token: string }
    const headers = { ...json, authorization: `Bearer ${token}` }
    const url = `${site}/api/widget/messages`
    return {
      say: async (text) => {
        const body = JSON.stringify({ clientId: crypto.randomUUID(), text })
        expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(201)
      },
      hears: async () => {
        const { messages } = (await (await fetch(`${url}?limit=200`, { headers })).json()) as {
          messages: { from: string; text: string }[]
        }
        return messages.filter((message) => message.from === 'agent').map((message) => message.text)
      },
    }
  }
  return {
    page,
    slug,
    siteKey,
    open: async (path) => void (await page.goto(`${site}/${slug}/${path}`)),
    elsewhere: async (path, other) => {
      const elsewhere = await (other ? browser.newContext(other) : newContext())
      await signIn(elsewhere.request, site, owner)
      // The person's own choice, made at sign-up, goes before their browser's.
      const language = other?.locale?.startsWith('zh') ? 'zh-CN' : 'en'
      if (other?.locale) await elsewhere.addCookies([{ name: 'lingxi_locale', value: language, url: site }])
      const fresh = await elsewhere.newPage()
      await fresh.goto(`${site}/${slug}/${path}`)
      return fresh
    },
    visit: async (origin) => (await session(origin)).status,
    visitor,
    write: async (text, name, more = []) => {
      const { say } = await visitor(name)
      for (const said of [text, ...more]) await say(said)
    },
  }
}
