/** Signing up and in through the pages, and the links that the operator finds in the outbox. */
import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test'
import { readSite } from './site'

export const password = 'violet harbour kettle'
export const unique = () => `${Date.now().toString(36)}${Math.floor(Math.random() * 1e6).toString(36)}`

export const english = (browser: Browser): Promise<BrowserContext> => browser.newContext({ locale: 'en-GB' })

export async function signUp(page: Page, business: string): Promise<{ email: string; slug: string }> {
  const email = `${unique()}@example.com`
  await page.goto(`${readSite().site}/sign-up`)
  await page.getByLabel('Your name').fill('Ada Byron')
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByLabel('Name of your business').fill(business)
  await page.getByRole('button', { name: 'Create the account' }).click()
  await page.waitForURL(/\/[a-z0-9-]+\/inbox/)
  return { email, slug: new URL(page.url()).pathname.split('/')[1] ?? '' }
}

export async function signIn(page: Page, email: string, secret: string, next = ''): Promise<void> {
  await page.goto(`${readSite().site}/sign-in${next ? `?next=${encodeURIComponent(next)}` : ''}`)
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(secret)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** The browser loses its cookies; an open desk would go to the sign-in page by itself and cross our next step. */
export async function forget(context: BrowserContext, page: Page): Promise<void> {
  await page.goto('about:blank')
  await context.clearCookies()
}

/** The path of the link in the newest mail to someone, read by the operator in the outbox. */
export async function mailedPath(browser: Browser, to: string, kind: string): Promise<string> {
  const { site, email, password: secret } = readSite()
  const context = await english(browser)
  const page = await context.newPage()
  await signIn(page, email, secret, '/operator/outbox')
  const row = page.getByRole('listitem').filter({ hasText: to }).filter({ hasText: kind }).first()
  await row.getByText('Show the text').click()
  const text = (await row.locator('pre').textContent()) ?? ''
  await context.close()
  const link = /https?:\/\/\S+/.exec(text)?.[0] ?? ''
  expect(link, 'a link of this installation').toContain(kind)
  return site + new URL(link).pathname
}
