/** An agent's day: a visitor writes, the message appears labelled, is corrected, answered, resolved, and comes back. */
import { type Browser, expect, type Page } from '@playwright/test'
import { axeOn } from '../kit/axe'
import { test } from '../kit/browser'
import { readSite } from '../kit/site'

interface Visitor {
  name: string
  say(text: string): Promise<void>
  hears(): Promise<string[]>
}

/** A visitor of the demo shop, by the widget's own API. */
async function newVisitor(): Promise<Visitor> {
  const { site, siteKey } = readSite()
  const name = `Robin ${Date.now().toString(36)}${Math.floor(Math.random() * 1e4)}`
  const json = { 'content-type': 'application/json' }
  const opened = await fetch(`${site}/api/widget/sessions`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({ siteKey, locale: 'en', identity: { name } }),
  })
  expect(opened.status).toBe(201)
  const { token } = (await opened.json()) as { token: string }
  const headers = { ...json, authorization: `Bearer ${token}` }
  return {
    name,
    say: async (text) => {
      const body = JSON.stringify({ clientId: crypto.randomUUID(), text })
      const answer = await fetch(`${site}/api/widget/messages`, { method: 'POST', headers, body })
      expect(answer.status).toBe(201)
    },
    hears: async () => {
      const answer = await fetch(`${site}/api/widget/messages?limit=200`, { headers })
      const { messages } = (await answer.json()) as { messages: { from: string; text: string }[] }
      return messages.filter((message) => message.from === 'agent').map((message) => message.text)
    },
  }
}

async function openInbox(browser: Browser, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const { site, email, password, account } = readSite()
  const context = await browser.newContext({ locale: 'en-GB', ...options })
  const page = await context.newPage()
  await page.goto(`${site}/sign-in?next=${encodeURIComponent(`/${account}/inbox`)}`)
  await page.locator('input[type=email]').fill(email)
  await page.locator('input[type=password]').fill(password)
  await page.locator('form button[type=submit]').first().click()
  await page.waitForURL(/\/inbox$/)
  await expect(page.getByRole('list', { name: /Conversations|对话列表/ })).toBeVisible()
  return page
}

const row = (page: Page, visitor: Visitor) =>
  page.getByRole('list', { name: 'Conversations' }).getByRole('link', { name: visitor.name })
const log = (page: Page) => page.getByRole('log')
/** A place without a control, so that letters are commands. */
const leaveFields = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())

test('a message arrives labelled, is corrected by key, answered, resolved, and reopened by a new one', async ({
  browser,
}) => {
  const page = await openInbox(browser)
  const visitor = await newVisitor()
  await visitor.say('I want a refund, this is far too slow!')
  await expect(row(page, visitor)).toBeVisible()
  await row(page, visitor).click()
  await expect(log(page)).toContainText('I want a refund')
  await expect(log(page).getByRole('button', { name: /^About:/ })).toBeVisible()

  await leaveFields(page)
  await page.keyboard.press('i')
  await expect(page.getByRole('combobox', { name: 'What is it about?' })).toBeFocused()
  await page.keyboard.type('compl')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Corrected: Complaint')).toBeVisible()
  await expect(log(page).getByRole('button', { name: 'About: Complaint. Correct it' })).toBeVisible()
  await expect(row(page, visitor)).toContainText('Complaint')

  await leaveFields(page)
  await page.keyboard.press('r')
  await page.keyboard.type('You will have it tomorrow.')
  await page.keyboard.press('Control+Enter')
  await expect(log(page)).toContainText('You will have it tomorrow.')
  await expect.poll(() => visitor.hears()).toEqual(['You will have it tomorrow.'])

  await leaveFields(page)
  await page.keyboard.press('e')
  await expect(log(page)).toContainText('You resolved this')
  await expect(row(page, visitor)).toBeHidden()
  await page.getByRole('button', { name: 'Undo' }).last().click()
  await expect(row(page, visitor)).toBeVisible()
  await expect(log(page)).not.toContainText('You resolved this')

  await leaveFields(page)
  await page.keyboard.press('e')
  await expect(row(page, visitor)).toBeHidden()
  // The row goes at the press; the visitor answers what has been done.
  await expect(log(page)).toContainText('You resolved this')
  await visitor.say('It is still not here')
  await expect(row(page, visitor)).toBeVisible()
  await expect(log(page)).toContainText('It is still not here')
  await page.context().close()
})

test('a note stays inside, and a message that could not be sent waits for another try', async ({ browser }) => {
  const page = await openInbox(browser)
  const visitor = await newVisitor()
  await visitor.say('Hello?')
  await row(page, visitor).click()
  await expect(log(page)).toContainText('Hello?')
  await leaveFields(page)
  await page.keyboard.press('n')
  await page.keyboard.type('A good customer')
  await page.keyboard.press('Control+Enter')
  await expect(log(page).getByText('Private note')).toBeVisible()
  await page.getByText('Reply', { exact: true }).click()
  await page.route('**/reply', (route) => route.abort())
  await page.getByRole('textbox', { name: `Reply to ${visitor.name}` }).fill('Try me')
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await expect(log(page).getByText('Not sent')).toBeVisible()
  await page.unroute('**/reply')
  await page.getByRole('button', { name: 'Send again' }).click()
  await expect(log(page).getByText('Not sent')).toBeHidden()
  await expect.poll(() => visitor.hears()).toEqual(['Try me'])
  await page.context().close()
})

test('search finds Chinese and English; letters do nothing while typing', async ({ browser }) => {
  const page = await openInbox(browser)
  const visitor = await newVisitor()
  await visitor.say('我想换一个紫砂壶')
  await page.keyboard.press('/')
  await page.keyboard.type('紫砂')
  await expect(row(page, visitor)).toBeVisible()
  await expect(page).toHaveURL(/q=/)
  await page.getByRole('searchbox').fill('eeejjj')
  await expect(page.getByText('No conversation matches')).toBeVisible()
  await page.getByRole('searchbox').fill(visitor.name.split(' ')[1] ?? '')
  await expect(row(page, visitor)).toBeVisible()
  await page.context().close()
})

test('on a phone the panes come one at a time', async ({ browser }) => {
  const page = await openInbox(browser, { viewport: { width: 360, height: 740 } })
  const visitor = await newVisitor()
  await visitor.say('Small screen')
  await row(page, visitor).click()
  await expect(log(page)).toContainText('Small screen')
  await expect(row(page, visitor)).toBeHidden()
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  expect(wide).toBe(false)
  await page.getByRole('button', { name: 'Back to the list' }).click()
  await expect(row(page, visitor)).toBeVisible()
  await page.context().close()
})

for (const [language, scheme] of [
  ['en-GB', 'light'],
  ['zh-CN', 'dark'],
] as const) {
  test(`nothing for axe to find: ${language}, ${scheme}`, async ({ browser }) => {
    const page = await openInbox(browser, { locale: language, colorScheme: scheme })
    await page
      .getByRole('list', { name: /Conversations|对话列表/ })
      .getByRole('link')
      .first()
      .click()
    await expect(page.getByRole('log')).toBeVisible()
    await expect(page.getByRole('log').locator('.chip').first()).toBeVisible()
    const { violations } = await axeOn(page).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze()
    expect(violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([])
    await page.context().close()
  })
}
