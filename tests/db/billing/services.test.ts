/** Services beside a plan, over the API: what they cost, how they end wherever they are sold, and that nothing is bought on credit or at another price. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { changeAddOn, changePlan, endPlan, refreshBilling } from '@/lib/flows/change-plan'
import { previewChange } from '@/lib/flows/preview-change'
import { readBilling } from '@/lib/flows/read-billing'
import { codeOf } from '../settings/kit'
import { createStripeKit, pro, type StripeKit } from './stripe-kit'

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
  Object.assign(kit.services.env, { LINGXI_ADD_ONS: ['data', 'model', 'support'] })
  await kit.subscribe(kit.shop)
}, 120_000)
afterAll(() => kit.close())
/** Each request is one that Stripe takes. */
beforeEach(() => expect(kit.stripe.faults).toEqual([]))

const all = async () => kit.stripe.world.of(kit.stripe.world.subscriptions, await kit.customer(kit.shop))
const running = async () => {
  const found = (await all()).find((one) => one.status !== 'canceled' && one.items.data.length > 1)
  if (!found) throw new Error('no subscription')
  return found
}
const priceOf = (key: string) => {
  const found = [...kit.stripe.world.prices.values()].find(({ lookup_key }) => lookup_key === key)
  if (!found) throw new Error(key)
  return found
}
const data = (on: boolean) => changeAddOn(kit.shop.as.owner, { addOn: 'data', on })
/** Until the next invoice of the plan is there. */
const nextInvoice = async () => {
  const { world } = kit.stripe
  const end = Math.min(...(await running()).items.data.map(({ current_period_end }) => current_period_end))
  world.advance(end + 1)
  await kit.work()
  const [invoice] = world.of(world.invoices, await kit.customer(kit.shop))
  return invoice?.total
}

test('in a trial no service is sold that gives all it has at once; support is', async () => {
  for (const addOn of ['data', 'model'] as const)
    expect(await codeOf(changeAddOn(kit.shop.as.owner, { addOn, on: true }))).toBe('service_trial')
  await changeAddOn(kit.shop.as.owner, { addOn: 'support', on: true })
  await changeAddOn(kit.shop.as.owner, { addOn: 'support', on: false })
  expect(await nextInvoice()).toBe(4 * 1_900)
})

test('a service that ends the day it began is paid like one that stays: of its month nothing is given back', async () => {
  const { world } = kit.stripe
  const [seat] = (await running()).items.data
  if (!seat) throw new Error('no people')
  const { current_period_start: start, current_period_end: end } = seat
  await data(true)
  const rest = Math.round((9_900 * (end - world.now)) / (end - start))
  expect(rest).toBeGreaterThan(9_800)
  expect((await data(false)).entitlements.limits.data).toBe(0)
  expect(await nextInvoice()).toBe(4 * 1_900 + rest)
  expect(await nextInvoice()).toBe(4 * 1_900)
})

test('a service in a subscription of its own ends with that, by a press and by a plan that includes it', async () => {
  const { world } = kit.stripe
  const sell = async () => {
    const own = world.subscribe(
      await kit.customer(kit.shop),
      [{ price: priceOf('lingxi_add_data_usd').id, quantity: 1 }],
      0,
    )
    await refreshBilling(kit.shop.as.owner)
    expect((await readBilling(kit.shop.as.owner)).addOns.find(({ name }) => name === 'data')?.on).toBe(true)
    return own
  }
  const pressed = await sell()
  await data(false)
  expect(pressed.status).toBe('canceled')
  const covered = await sell()
  const larger = await changePlan(kit.shop.as.owner, { ...pro, plan: 'business' })
  expect(larger.addOns.find(({ name }) => name === 'data')).toMatchObject({ on: false, included: true })
  expect(covered.status).toBe('canceled')
  await changePlan(kit.shop.as.owner, pro)
})

test('a price at Stripe that is not the one that was said sells nothing', async () => {
  const { world } = kit.stripe
  const asked = world.sessions.size
  for (const [key, wish] of [
    ['lingxi_business_usd_month', () => changePlan(kit.shop.as.owner, { ...pro, plan: 'business' })],
    ['lingxi_add_data_usd', () => data(true)],
    ['lingxi_pro_usd_month', () => changePlan(kit.rival.as.owner, pro)],
  ] as const) {
    const price = priceOf(key)
    const amount = price.unit_amount_decimal
    price.unit_amount_decimal = '5900'
    expect(await codeOf(wish()), key).toBe('billing_not_ready')
    price.unit_amount_decimal = amount
  }
  expect(world.sessions.size).toBe(asked)
})

test('an account that owes buys nothing on credit; it may take less, and end what it has', async () => {
  const { world } = kit.stripe
  const { owner } = kit.shop.as
  const customer = await kit.customer(kit.shop)
  await changeAddOn(owner, { addOn: 'support', on: true })
  world.declined.add(customer)
  await nextInvoice()
  const late = { ...owner, now: () => new Date((world.now + 8 * 86_400) * 1_000) }
  expect((await readBilling(late)).entitlements.readOnly).toBe(true)
  for (const wish of [{ plan: 'business' }, { interval: 'year' }] as const)
    expect(await codeOf(changePlan(late, { ...pro, ...wish }))).toBe('account_unpaid')
  expect(await codeOf(changeAddOn(late, { addOn: 'model', on: true }))).toBe('account_unpaid')
  expect((await running()).items.data.map(({ price }) => price.metadata.kind).sort()).toEqual([
    'overage',
    'plan',
    'support',
  ])
  await changeAddOn(late, { addOn: 'support', on: false })
  expect((await endPlan(late, { ends: true })).subscription?.cancelAtPeriodEnd).toBe(true)
  await endPlan(late, { ends: false })
  // Paid a moment ago, and nobody has said so yet: the wish finds out.
  world.declined.clear()
  kit.stripe.deliverTo('')
  for (const invoice of world.of(world.invoices, customer)) world.tryToPay(invoice)
  await changeAddOn(late, { addOn: 'model', on: true })
  kit.stripe.deliverTo(kit.hook)
  expect(kit.stripe.faults).toEqual([])
})

test('support in a trial that ends the plan is charged nothing, and ends with it', async () => {
  const { owner } = kit.rival.as
  await kit.subscribe(kit.rival)
  await endPlan(owner, { ends: true })
  const wish = { of: 'service', addOn: 'support', on: true } as const
  expect(await previewChange(owner, wish)).toMatchObject({ now: 0, next: null })
  await changeAddOn(owner, wish)
  const { world } = kit.stripe
  const customer = await kit.customer(kit.rival)
  const [held] = world.of(world.subscriptions, customer)
  expect(held?.cancel_at).toBe(held?.trial_end)
  world.advance((held?.trial_end ?? 0) + 1)
  await kit.work()
  const { addOns, subscription } = await readBilling(owner)
  expect([subscription?.state, addOns.find(({ name }) => name === 'support')?.on]).toEqual(['canceled', false])
  expect(world.of(world.invoices, customer).filter(({ total }) => total !== 0)).toEqual([])
})
