/** Stories of plans: what is sold, Checkout's page, trial, changes within it and after, services beside a plan, and what each was said to cost. */
import { expect } from 'vitest'
import { planKey } from '@/lib/features/billing/catalog'
import { customerOf } from '@/lib/features/billing/customers'
import type { Preview, Wish } from '@/lib/features/billing/preview'
import { pricesOf } from '@/lib/features/billing/stripe-prices'
import { portalOf, syncStripe } from '@/lib/features/billing/stripe-sync'
import { billAccount } from '@/lib/flows/bill-usage'
import { changeAddOn, changePlan, endPlan, openPortal, refreshBilling } from '@/lib/flows/change-plan'
import { previewChange } from '@/lib/flows/preview-change'
import type { Billing } from '@/lib/flows/read-billing'
import { inAccount } from '@/lib/platform/db/in-account'
import { codeOf } from '../../settings/kit'
import { day, people, pro, type Stage, settled } from './stage'

const preview = ({ owner }: Stage, wish: Wish): Promise<Preview> => previewChange(owner(), wish)
const sessionOf = (url: string | null) => /cs_\w+/.exec(url ?? '')?.[0]

/** The newest invoice, once Stripe has made and paid it. */
const newest = async (
  { soon, owner }: Stage,
  total: number | undefined,
): Promise<Billing['invoices'][number] | undefined> =>
  (
    await soon(
      () => refreshBilling(owner()),
      ({ invoices }) => invoices[0]?.total === total && invoices[0]?.state === 'paid',
    )
  ).invoices[0]

/** The clock goes to the next invoice, and that is what was said. */
async function comesTrue(stage: Stage, { next }: Preview): Promise<void> {
  expect(next).not.toBeNull()
  await stage.advance(Math.ceil((next?.at.getTime() ?? 0) / 1_000) - stage.now() + settled)
  expect(await newest(stage, next?.amount)).toMatchObject({ state: 'paid', total: next?.amount })
}

export const planStories: Record<string, (stage: Stage) => Promise<void>> = {
  'what is sold is brought to Stripe, and a second time changes nothing': async ({ stripe }) => {
    const site = (await portalOf(stripe))?.default_return_url ?? 'https://lingxi.example'
    await syncStripe(stripe, site)
    expect(await syncStripe(stripe, site)).toEqual([])
  },

  'Checkout takes people by the month or year, and messages beside months; one page is open at a time': async (
    stage,
  ) => {
    const { kit, stripe } = stage
    const buyer = kit.rival.as.owner
    const said = await previewChange(buyer, { of: 'plan', ...pro })
    expect(said).toMatchObject({ now: 0, next: { amount: people * 1_900 }, page: true })
    const yearly = { ...pro, interval: 'year' } as const
    const first = await changePlan(buyer, yearly)
    expect(first.url).toMatch(/^https?:\/\//)
    expect((await changePlan(buyer, yearly)).url).toBe(first.url)
    const other = await changePlan(buyer, pro)
    expect(sessionOf(other.url)).not.toBe(sessionOf(first.url))
    const customer = (await inAccount(buyer, (tx) => customerOf(tx, buyer))) ?? ''
    const { data } = await stripe.checkout.sessions.list({ customer })
    expect(data.map(({ mode, status }) => `${mode} ${status}`).sort()).toEqual([
      'subscription expired',
      'subscription open',
    ])
    expect(data.every(({ client_reference_id }) => client_reference_id === kit.rival.accountId)).toBe(true)
    await stripe.customers.del(customer)
  },

  'a year as Checkout leaves it gets its messages by the month with the first reading, and a service beside them':
    async (stage) => {
      const { kit, stripe, customer, owner } = stage
      await stage.card('pm_card_visa')
      const [price = ''] = await pricesOf(stripe, [planKey('pro', 'usd', 'year')])
      const how = { billing_mode: { type: 'flexible' as const }, metadata: { account: kit.shop.accountId } }
      const { id } = await stripe.subscriptions.create({ customer, items: [{ price, quantity: people }], ...how })
      const read = await stage.soon(
        () => refreshBilling(owner()),
        ({ subscription }) => subscription?.state === 'active',
      )
      expect(read).toMatchObject({ subscription: { interval: 'year' }, beyond: { price: 200 } })
      kit.services.env.LINGXI_ADD_ONS.push('support')
      await changeAddOn(owner(), { addOn: 'support', on: true })
      const { items } = await stripe.subscriptions.retrieve(id)
      expect(items.data.map((item) => `${item.price.metadata.kind} ${item.price.recurring?.interval}`)).toEqual([
        'plan year',
        'overage month',
        'support month',
      ])
    },

  'a trial: a larger plan, a year, an end that is taken back, the portal, and the first payment': async (stage) => {
    const { owner } = stage
    await stage.card('pm_card_visa')
    const begun = await stage.subscribe({}, 14)
    expect(begun).toMatchObject({ entitlements: { plan: 'pro' }, subscription: { state: 'trialing', seats: people } })
    const year = { of: 'plan', ...pro, plan: 'business', interval: 'year' } as const
    expect(await preview(stage, year)).toMatchObject({ now: 0, next: { amount: people * 49_000 } })
    const larger = await changePlan(owner(), { plan: 'business', interval: 'year', currency: 'usd' })
    expect(larger).toMatchObject({ url: null, entitlements: { plan: 'business' }, subscription: { interval: 'year' } })
    const back = await preview(stage, { of: 'plan', ...pro })
    await changePlan(owner(), pro)
    expect((await endPlan(owner(), { ends: true })).subscription?.cancelAtPeriodEnd).toBe(true)
    expect((await endPlan(owner(), { ends: false })).subscription?.cancelAtPeriodEnd).toBe(false)
    expect((await openPortal(owner())).url).toMatch(/^https?:\/\//)
    expect(await codeOf(changePlan(owner(), { ...pro, currency: 'cny' }))).toBe('plan_currency')
    await comesTrue(stage, back)
    expect((await refreshBilling(owner())).subscription?.state).toBe('active')
  },

  'a larger plan within a period waits for the next invoice, which asks for what was said': async (stage) => {
    const { owner } = stage
    await stage.card('pm_card_visa')
    await stage.subscribe()
    await stage.advance(10 * day)
    const said = await preview(stage, { of: 'plan', ...pro, plan: 'business' })
    expect(said.now).toBe(0)
    expect(said.next?.amount).toBeGreaterThan(people * 4_900)
    expect((await changePlan(owner(), { ...pro, plan: 'business' })).entitlements.plan).toBe('business')
    await comesTrue(stage, said)
  },

  'a person more costs the rest of the period, and was said to': async (stage) => {
    const { kit, owner, stripe } = stage
    await stage.card('pm_card_visa')
    await stage.subscribe()
    await stage.advance(10 * day)
    const said = await preview(stage, { of: 'people', people: people + 1 })
    const { rows } = await kit.owner.query(
      `INSERT INTO "user" (id, email, name) VALUES (gen_random_uuid(), gen_random_uuid() || '@example.com', 'One') RETURNING id`,
    )
    await kit.owner.query(
      `INSERT INTO membership (account_id, id, user_id, role) VALUES ($1, gen_random_uuid(), $2, 'agent')`,
      [kit.shop.accountId, rows[0].id],
    )
    await billAccount(stripe, owner())
    expect((await refreshBilling(owner())).subscription?.seats).toBe(people + 1)
    await comesTrue(stage, said)
  },

  'another interval is charged at once, less what is left, and back leaves a credit: both as they were said': async (
    stage,
  ) => {
    const { owner } = stage
    await stage.card('pm_card_visa')
    await stage.subscribe()
    await stage.advance(settled)
    const year = await preview(stage, { of: 'plan', ...pro, interval: 'year' })
    expect(year.now).toBeGreaterThanOrEqual(people * (19_000 - 1_900))
    expect(year.now).toBeLessThan(people * (19_000 - 1_800))
    expect(year.next?.amount).toBe(people * 19_000)
    const yearly = await changePlan(owner(), { ...pro, interval: 'year' })
    expect(yearly.subscription?.interval).toBe('year')
    expect(await newest(stage, year.now)).toMatchObject({ total: year.now })
    const month = await preview(stage, { of: 'plan', ...pro })
    expect(month.now).toBe(0)
    expect(month.credit).toBeGreaterThan(people * 16_000)
    const monthly = await changePlan(owner(), pro)
    expect(monthly.subscription?.interval).toBe('month')
    expect(monthly.invoices[0]?.total).toBe(-month.credit)
  },

  'services: what gives all at once costs the month that runs, support the rest of it; an end gives nothing back':
    async (stage) => {
      const { kit, owner } = stage
      if (!kit.services.env.LINGXI_ADD_ONS.length) kit.services.env.LINGXI_ADD_ONS.push('data', 'support')
      await stage.card('pm_card_visa')
      const begun = await stage.subscribe()
      const end = begun.subscription?.periodEnd.getTime() ?? 0
      await stage.advance(Math.floor(end / 1_000) - stage.now() - day)
      const data = await preview(stage, { of: 'service', addOn: 'data', on: true })
      expect(data.next?.amount).toBe(people * 1_900 + 2 * 9_900)
      const support = await preview(stage, { of: 'service', addOn: 'support', on: true })
      expect(support.next?.amount).toBeLessThan(people * 1_900 + 19_900 + 1_000)
      const on = await changeAddOn(owner(), { addOn: 'data', on: true })
      expect(on.addOns).toContainEqual(expect.objectContaining({ name: 'data', on: true }))
      const off = await preview(stage, { of: 'service', addOn: 'data', on: false })
      expect(off.next?.amount).toBe(people * 1_900 + 9_900)
      await changeAddOn(owner(), { addOn: 'data', on: false })
      await comesTrue(stage, off)
    },
}
