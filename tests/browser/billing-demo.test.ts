/** Demo billing shows all of the billing page: marked invoices with their lines, the cap, and no button that does nothing; ends and debts in words. */
import { expect, type Page } from '@playwright/test'
import { axeOn } from '../kit/axe'
import { test } from '../kit/browser'
import { type OwnShop, openShop } from '../kit/own-shop'
import { readSite } from '../kit/site'
import { askDatabase } from '../kit/site-database'

const day = 86_400_000
const at = (days: number) => new Date(Date.now() + days * day).toISOString()
const held = {
  plan: 'pro',
  interval: 'month',
  currency: 'usd',
  state: 'active',
  seats: 2,
  periodStart: at(-10),
  periodEnd: at(20),
  trialEnd: null,
  cancelAtPeriodEnd: false,
  pastDueSince: null,
}
const invoice = {
  id: 'demo_1',
  number: 'DEMO-0002',
  state: 'paid',
  currency: 'usd',
  total: 4_040,
  paid: 4_040,
  due: 0,
  refunded: 0,
  disputed: false,
  url: null,
  createdAt: at(-10),
  demo: true,
  lines: [
    { what: 'plan', kind: 'plan', plan: 'pro', seats: 2, amount: 3_800, from: at(-10), to: at(20) },
    { what: 'overage', kind: 'overage', messages: 1_200, amount: 240 },
  ],
}

/** This installation bills through Stripe: its answer is changed into the one that is meant. */
async function answering(shop: OwnShop, change: object): Promise<void> {
  const api = `${readSite().site}/api/v1/${shop.slug}/billing`
  await shop.page.route(api, async (route) => {
    const told = await (await shop.page.context().request.get(api)).json()
    await route.fulfill({ json: { ...told, managed: true, trial: false, ...change } })
  })
}

/** Nothing sticks out at the narrowest width, and nothing is wrong with it. */
async function look(page: Page, name: string): Promise<void> {
  for (const width of [360, 1_280]) {
    await page.setViewportSize({ width, height: 800 })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    await page.screenshot({ path: test.info().outputPath(`${name}-${width}.png`), fullPage: true })
  }
  const { violations } = await axeOn(page).analyze()
  expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([])
}

const entitled = (change: object) => ({
  plan: 'pro',
  graceUntil: null,
  readOnly: false,
  limits: { seats: null, trainings: 60, intents: 200, messages: 20_000, files: null, data: 0, audit: 0, model: 0 },
  ...change,
})

test('demo billing has marked invoices, a cap, and a sentence where Stripe has a button; a change says that it takes an end back', async ({
  browser,
}) => {
  const shop = await openShop(browser)
  const { page } = shop
  const beyond = { cap: 2_000, alert: null, said: null, price: 200, cost: 240, labels: 30_000, bills: true }
  const subscription = { ...held, cancelAtPeriodEnd: true }
  await answering(shop, { provider: 'demo', subscription, entitlements: entitled({}), beyond, invoices: [invoice] })
  await shop.open('settings/billing')
  await expect(page.getByText('DEMO-0002')).toBeVisible()
  await expect(page.getByText('Demo, no charge')).toBeVisible()
  await page.getByText('What is on it').click()
  await expect(page.getByText('1,200 labelled messages beyond the plan')).toBeVisible()
  await expect(page.getByText('until its end are billed after it, up to your cap of $20 a month.')).toBeVisible()
  await expect(page.getByText(/^Pro, 2 people, /)).toBeVisible()
  await expect(page.getByText('$2.40 of $20')).toBeVisible()
  await expect(page.getByText(/In demo billing nothing is paid/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Payment and invoices' })).toHaveCount(0)
  await look(page, 'demo')

  const end = new Intl.DateTimeFormat('en', { dateStyle: 'long' }).format(new Date(held.periodEnd))
  await page.getByRole('button', { name: 'Choose Business' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change to Business?' })
  await expect(dialog).toContainText(`Your plan was to end on ${end}. The change takes that back: Business goes on`)
  await expect(dialog.getByRole('button', { name: 'Change and go on' })).toBeVisible()
  await look(page, 'goes-on')
})

test('a plan that ended with a debt says so and until when, the way to the invoice, and its end was asked about with that', async ({
  browser,
}) => {
  const shop = await openShop(browser)
  const { page } = shop
  const due = { graceUntil: at(3) }
  const open = {
    ...invoice,
    id: 'in_1',
    number: 'LX-1',
    state: 'open',
    demo: false,
    lines: [],
    url: 'https://pay.example/1',
    due: 3_040,
  }
  const told = { provider: 'stripe', invoices: [open] }
  await answering(shop, { ...told, subscription: { ...held, state: 'past_due' }, entitlements: entitled(due) })
  await shop.open('settings/billing')
  await expect(page.getByText('$30.40 due')).toBeVisible()
  await page.getByRole('button', { name: 'End the plan' }).click()
  await expect(page.getByRole('dialog', { name: 'End the plan?' })).toContainText('The payment that is due stays due.')
  await page.keyboard.press('Escape')

  await page.unrouteAll()
  const entitlements = entitled({ plan: 'free', graceUntil: at(-1), readOnly: true })
  await answering(shop, { ...told, subscription: { ...held, state: 'canceled', periodEnd: at(-9) }, entitlements })
  await page.reload()
  await expect(page.getByText(/with an invoice still open: the desk can be read but not changed/)).toBeVisible()
  await expect(page.getByRole('link', { name: 'Pay' })).toHaveAttribute('href', 'https://pay.example/1')
  await look(page, 'debt')
})

test('more people than the Free plan includes: the page says who reads only, and an owner gives a place to another', async ({
  browser,
}) => {
  const shop = await openShop(browser)
  const { page, slug } = shop
  for (const [at, name] of ['Ann', 'Ben', 'Cleo'].entries())
    await askDatabase(
      `WITH person AS (INSERT INTO "user" (id, email, name) VALUES (gen_random_uuid(), gen_random_uuid() || '@example.com', $2) RETURNING id)
       INSERT INTO membership (account_id, id, user_id, role, created_at)
       SELECT a.id, gen_random_uuid(), p.id, 'agent', now() + make_interval(mins => $3::int) FROM account a, person p WHERE a.slug = $1`,
      [slug, name, at],
    )
  await shop.open('settings/team')
  await expect(
    page.getByText('The plan includes 3 people. One member can read the desk, and change nothing.'),
  ).toBeVisible()
  const row = (name: string) => page.getByRole('listitem').filter({ hasText: name })
  await expect(row('Cleo').getByText('Reads only')).toBeVisible()
  await look(page, 'places')
  await row('Cleo').getByRole('button', { name: 'Give Cleo the place of Ben' }).click()
  await expect(page.getByText('Cleo works now; Ben reads only.')).toBeVisible()
  await expect(row('Ben').getByText('Reads only')).toBeVisible()
  await expect(row('Cleo').getByText('Reads only')).toHaveCount(0)
})
