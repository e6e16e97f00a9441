/** What comes in while somebody works, and what goes wrong meanwhile: news, refusals, slow sendings, a lost connection, a reload. */
import { expect, type Page, type Route } from '@playwright/test'
import { test } from '../kit/browser'
import { type OwnShop, openShop } from '../kit/own-shop'

test.describe.configure({ mode: 'serial' })

let shop: OwnShop
let page: Page
test.beforeAll(async ({ browser }) => {
  shop = await openShop(browser)
  page = shop.page
})
test.afterAll(() => page.context().close())

const rows = () => page.getByRole('list', { name: 'Conversations' }).getByRole('link')
const row = (name: string) => rows().filter({ hasText: name })
const log = () => page.getByRole('log')
const place = (name: string) => page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name })
const leaveFields = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
const undo = () => page.getByRole('button', { name: /^Undo/ }).last()
const field = (name: string) => page.getByRole('textbox', { name: `Reply to ${name}` })

/** Holds the next request of a kind until the returned function answers it with a refusal. */
async function refuseLater(path: string): Promise<{ asked: Promise<void>; refuse(): Promise<void> }> {
  let held: Route | undefined
  const asked = new Promise<void>((resolve) => {
    void page.route(
      path,
      (route) => {
        held = route
        resolve()
      },
      { times: 1 },
    )
  })
  const body = JSON.stringify({ code: 'rate_limited', title: 'Too fast', detail: 'Wait a moment.', status: 429 })
  return {
    asked,
    refuse: async () => held?.fulfill({ status: 429, contentType: 'application/problem+json', body }),
  }
}

async function openRow(name: string): Promise<void> {
  await row(name).click()
  await expect(page.getByRole('article', { name })).toBeVisible()
  await leaveFields()
}

test('who comes back to the inbox finds what has happened meanwhile', async () => {
  await shop.write('Is anyone there?', 'Ada')
  await shop.open('inbox')
  await expect(row('Ada')).toBeVisible()
  await place('Settings').click()
  await expect(page).toHaveURL(/settings/)
  await shop.write('I write while you are away', 'Ben')
  await place('Inbox').click()
  await expect(row('Ben')).toBeVisible({ timeout: 4_000 })

  await place('Tickets').click()
  await expect(page).toHaveTitle(/^Tickets/)
  await page.getByRole('row').filter({ hasText: 'Is anyone there?' }).getByRole('checkbox').click()
  await page.keyboard.press('e')
  await expect(page.getByText('1 ticket resolved')).toBeVisible()
  await place('Inbox').click()
  await expect(row('Ben')).toBeVisible()
  await expect(row('Ada')).toBeHidden({ timeout: 4_000 })
})

test('a refused change takes itself back and nothing else', async () => {
  const visitor = await shop.visitor('Cleo')
  await visitor.say('I want a refund')
  await openRow('Cleo')
  await expect(log().getByRole('button', { name: /^About:/ })).toBeVisible()
  const correction = await refuseLater('**/correct')
  await page.keyboard.press('i')
  await expect(page.getByRole('combobox', { name: 'What is it about?' })).toBeFocused()
  await page.keyboard.type('compl')
  await page.keyboard.press('Enter')
  await correction.asked
  await expect(log().getByRole('button', { name: 'About: Complaint. Correct it' })).toBeVisible()
  await visitor.say('Are you reading this?')
  await expect(log()).toContainText('Are you reading this?')
  await correction.refuse()
  await expect(page.getByRole('alert').filter({ hasText: 'Too fast' }).or(page.getByText('Too many'))).toBeVisible()
  await expect(log().getByRole('button', { name: 'About: Complaint. Correct it' })).toHaveCount(0)
  await expect(log()).toContainText('Are you reading this?')

  const resolve = await refuseLater('**/status')
  await leaveFields()
  await page.keyboard.press('e')
  await resolve.asked
  await expect(row('Cleo')).toBeHidden()
  await shop.write('I am new here', 'Dora')
  await expect(row('Dora')).toBeVisible()
  // What comes back from the server is not what this is about.
  await page.route('**/conversations?*', (route) => route.abort())
  await resolve.refuse()
  await expect(row('Cleo')).toBeVisible()
  await expect(row('Dora')).toBeVisible()
  await page.unroute('**/conversations?*')
})

test('two quick replies reach the visitor in the order of writing, however slow the first one is', async () => {
  const visitor = await shop.visitor('Eve')
  await visitor.say('Which way?')
  await openRow('Eve')
  await page.route(
    '**/reply',
    async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 1_500))
      await route.continue()
    },
    { times: 1 },
  )
  for (const text of ['First left', 'then right']) {
    await field('Eve').fill(text)
    await field('Eve').press('Control+Enter')
  }
  await expect.poll(() => visitor.hears()).toEqual(['First left', 'then right'])
})

test('a draft and a reply that was not sent outlive the page; signing out forgets them', async () => {
  const visitor = await shop.visitor('Finn')
  await visitor.say('Hello from Finn')
  await openRow('Finn')
  await page.route('**/reply', (route) => route.abort())
  await field('Finn').fill('You will have it on Monday')
  await field('Finn').press('Control+Enter')
  await expect(log().getByText('Not sent')).toBeVisible()
  await field('Finn').fill('A second one')
  await field('Finn').press('Control+Enter')
  await expect(log().getByText('Not sent')).toHaveCount(2)
  await field('Finn').fill('half a thought')
  await page.unroute('**/reply')
  await page.reload()
  await expect(field('Finn')).toHaveValue('half a thought')
  await expect(log().getByText('Not sent')).toHaveCount(2)
  await page.getByRole('button', { name: 'Discard' }).last().click()
  await expect(log().getByText('Not sent')).toHaveCount(1)
  await page.getByRole('button', { name: 'Send again' }).click()
  await expect.poll(() => visitor.hears()).toEqual(['You will have it on Monday'])
  await page.reload()
  await expect(field('Finn')).toHaveValue('half a thought')
  await expect(log()).toContainText('You will have it on Monday')
  await expect(log().getByText('Not sent')).toHaveCount(0)

  const elsewhere = await shop.elsewhere(`inbox/${page.url().split('/').at(-1)}`)
  await elsewhere.getByRole('textbox', { name: 'Reply to Finn' }).fill('not for the next person')
  const kept = () => elsewhere.evaluate(() => JSON.stringify(localStorage))
  expect(await kept()).toContain('not for the next person')
  await elsewhere.getByRole('button', { name: /^You:/ }).click()
  await elsewhere.getByRole('menuitem', { name: 'Sign out' }).click()
  await elsewhere.waitForURL(/sign-in/)
  expect(await kept()).not.toContain('not for the next person')
  await elsewhere.context().close()
})

test('an undo that could not get through is there to be pressed again', async () => {
  await openRow('Ben')
  await page.keyboard.press('e')
  await expect(row('Ben')).toBeHidden()
  await page.route('**/undo', (route) => route.abort(), { times: 1 })
  await undo().click()
  await expect(page.getByRole('alert').filter({ hasText: 'No connection' })).toContainText('try again')
  await expect(row('Ben')).toBeHidden()
  await undo().click()
  await expect(row('Ben')).toBeVisible()
})

test('the ticket table tells of news that its filter finds, and of no other', async () => {
  await shop.open('tickets?priority=urgent&status=open')
  await expect(page.getByRole('heading', { name: 'No ticket matches' })).toBeVisible()
  const desk = await shop.elsewhere('inbox')
  await shop.write('Quite a normal question', 'Gus')
  await desk.getByRole('list', { name: 'Conversations' }).getByRole('link').filter({ hasText: 'Gus' }).click()
  await expect(desk.getByRole('article', { name: 'Gus' })).toBeVisible()
  // Heard, asked about, and not found.
  await page.waitForResponse((answer) => answer.url().includes('/tickets?') && answer.url().includes('ids='))
  await expect(page.getByRole('button', { name: /new or changed/ })).toHaveCount(0)
  await desk.getByRole('button', { name: 'Priority: Normal' }).click()
  await desk.getByRole('menu').getByText('Urgent', { exact: true }).click()
  await page.getByRole('button', { name: '1 ticket is new or changed' }).click()
  await expect(page.getByRole('row').filter({ hasText: 'Quite a normal question' })).toBeVisible()
  await desk.context().close()
})

test('tabs and filters show what they say, and stand in the address', async () => {
  await shop.open('inbox')
  const tab = (name: RegExp) => page.getByRole('navigation', { name: 'Lists' }).getByRole('link', { name })
  await tab(/^Unassigned/).click()
  await expect(page).toHaveURL(/tab=unassigned/)
  await openRow('Ben')
  await page.keyboard.press('m')
  await expect(row('Ben')).toBeHidden()
  await tab(/^Mine/).click()
  await expect(rows()).toHaveCount(1)
  await expect(row('Ben')).toBeVisible()

  await tab(/^Open/).click()
  await page.getByRole('button', { name: 'Filter' }).click()
  const filters = page.getByRole('dialog', { name: 'Filters' })
  await filters.getByLabel('Priority').selectOption('Urgent')
  await expect(rows()).toHaveCount(1)
  await expect(row('Gus')).toBeVisible()
  await filters.getByLabel('Priority').selectOption('Any')
  await filters.getByLabel('Status').selectOption('Resolved')
  await expect(row('Ada')).toBeVisible()
  await expect(page).toHaveURL(/status=resolved/)
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Remove the filter Resolved' }).click()
  await expect(row('Ada')).toBeHidden()
  await page.getByRole('button', { name: 'More lists' }).click()
  await page.getByRole('menuitemcheckbox', { name: /^Resolved/ }).click()
  await expect(row('Ada')).toBeVisible()
  await page.reload()
  await expect(row('Ada')).toBeVisible()
})

test('without a connection neither a press nor a key takes the page away; a word says why, and afterwards both work again', async () => {
  await shop.open('inbox')
  await expect(rows().first()).toBeVisible()
  // The note that says so needs its code: it comes with the first touch.
  await page.keyboard.press('Shift')
  await page.waitForTimeout(500)
  await page.context().setOffline(true)
  try {
    await place('Tickets').click()
    await expect(page.getByText('Check the network and try again.')).toBeVisible()
    await page.keyboard.press('g')
    await page.keyboard.press('m')
    await page.waitForTimeout(500)
    await expect(page).toHaveURL(/\/inbox$/)
    await expect(rows().first()).toBeVisible()
  } finally {
    await page.context().setOffline(false)
  }
  await page.keyboard.press('g')
  await page.keyboard.press('t')
  await expect(page).toHaveURL(/\/tickets/)
})
