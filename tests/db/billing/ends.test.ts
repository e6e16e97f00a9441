/** What a plan's end takes along at Stripe and what it does not: debts, services that are paid on their own, an end taken back; and news of prices. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openMail } from '@/lib/features/mail/sealed'
import { changeAddOn, changePlan, endPlan, refreshBilling } from '@/lib/flows/change-plan'
import { readAudit } from '@/lib/flows/read-audit'
import { readBilling } from '@/lib/flows/read-billing'
import { readMe } from '@/lib/flows/read-me'
import { forgetStanding, requirePaid } from '@/lib/flows/standing'
import { requireFeature } from '@/lib/flows/within-plan'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { codeOf } from '../settings/kit'
import { createStripeKit, pro, type StripeKit } from './stripe-kit'

const day = 86_400
let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
  kit.services.env.LINGXI_ADD_ONS.push('data', 'support')
  await kit.subscribe(kit.shop)
}, 120_000)
afterAll(() => kit.close())

const customer = () => kit.customer(kit.shop)
const running = async () => {
  const [newest] = kit.stripe.world
    .of(kit.stripe.world.subscriptions, await customer())
    .filter(({ status, items }) => status !== 'canceled' && items.data.length > 1)
  if (!newest) throw new Error('no subscription')
  return newest
}
/** Our clock is Stripe's. */
const owner = (): Ctx => ({ ...kit.shop.as.owner, now: () => new Date(kit.stripe.world.now * 1_000) })
const read = () => readBilling(owner())
const news = async () => {
  const mails = await kit.services.database.system.mail.findMany({
    where: { subject: { contains: 'the plan or its price was changed' } },
    orderBy: { id: 'asc' },
  })
  return mails.map((mail) => openMail(kit.services.vault, mail).text)
}
const coupon = {
  ...{ id: '', object: 'coupon' as const, amount_off: null, created: 0, currency: null, duration: 'forever' },
  ...{ duration_in_months: null, livemode: false as const, metadata: {}, percent_off: null },
}
/** So long ago that nobody here is changing anything. */
const nobodyAsks = () => kit.owner.query("UPDATE billing_customer SET asked_at = now() - interval '1 hour'")

test('a change of a plan that was to end takes that back at Stripe, and the log says both', async () => {
  kit.stripe.world.advance(kit.stripe.world.now + 20 * day)
  await refreshBilling(kit.shop.as.owner)
  expect((await endPlan(kit.shop.as.owner, { ends: true })).subscription?.cancelAtPeriodEnd).toBe(true)
  const changed = await changePlan(kit.shop.as.owner, { ...pro, plan: 'business' })
  expect(changed.subscription).toMatchObject({ plan: 'business', cancelAtPeriodEnd: false })
  expect(await running()).toMatchObject({ cancel_at: null, cancel_at_period_end: false })
  const acts = (await readAudit(kit.shop.as.owner, {})).entries.map(({ act }) => act)
  expect(acts.slice(0, 2).sort()).toEqual(['billing.plan_changed', 'billing.plan_kept'])
})

test('owners read both prices of a change at Stripe once, and nothing of one that was asked for here', async () => {
  expect(await news()).toEqual([])
  const subscription = await running()
  const [seat] = subscription.items.data
  if (!seat) throw new Error('no seat')
  await nobodyAsks()
  // More people is no other price.
  seat.quantity = 5
  kit.stripe.world.update(subscription)
  await kit.work()
  expect(await news()).toEqual([])
  const half = { ...coupon, id: 'half', percent_off: 50 }
  subscription.discounts.push(kit.stripe.world.discount(subscription.customer, half))
  seat.price = { ...seat.price, lookup_key: null, unit_amount: 5_900, unit_amount_decimal: '5900' }
  kit.stripe.world.update(subscription)
  kit.stripe.world.update(subscription)
  await kit.work()
  const [mail, ...more] = await news()
  expect(more).toEqual([])
  expect(mail).toContain(
    'the Business plan at $59.00 per person, paid by the month (before: $49.00, paid by the month)',
  )
  expect(mail).toContain('It holds already.')
  // Five people, half off.
  expect(mail).toMatch(/The next charge, with the discounts that still hold then taken off, is \$147\.50 on /)
  // The same change, asked for here: it was said before, whoever reads it first.
  await changePlan(kit.shop.as.owner, pro)
  await kit.work()
  expect(await news()).toHaveLength(1)
})

test('a service in a subscription of its own holds when the plan has ended, and is ended alone', async () => {
  const { world } = kit.stripe
  const { shop } = kit
  const has = () => codeOf(inAccount(shop.as.owner, (tx) => requireFeature(tx, shop.as.owner, 'data')))
  await changeAddOn(shop.as.owner, { addOn: 'support', on: true })
  const price = [...world.prices.values()].find(({ lookup_key }) => lookup_key === 'lingxi_add_data_usd')
  const service = world.subscribe(await customer(), [{ price: price?.id ?? '', quantity: 1 }], 0)
  const both = await refreshBilling(shop.as.owner)
  expect(both.addOns).toMatchObject([
    { name: 'data', on: true, own: true },
    { name: 'support', on: true, own: false },
  ])
  // What the end would take away: not what is paid on its own.
  expect(both.lost.free).toEqual([])
  world.cancel((await running()).id)
  await kit.work()
  const ended = await read()
  expect(ended).toMatchObject({ entitlements: { plan: 'free' }, subscription: { state: 'canceled' } })
  expect(ended.addOns).toMatchObject([
    { name: 'data', on: true },
    { name: 'support', on: false },
  ])
  expect(await has()).toBe('worked')
  // It outlives the plan, and is what is charged next.
  expect(ended.charges).toMatchObject([{ interval: 'month', amount: 9_900 }])
  // None can be added without a plan.
  expect(await codeOf(changeAddOn(shop.as.owner, { addOn: 'support', on: true }))).toBe('not_found')
  await changeAddOn(shop.as.owner, { addOn: 'data', on: false })
  expect(world.subscriptions.get(service.id)?.status).toBe('canceled')
  expect(await has()).toBe('plan_data')
})

test.each(['paid', 'void', 'uncollectible'] as const)(
  'who ends a plan whose payment is due keeps the days of grace, then reads only, until the invoice is %s',
  async (status) => {
    const { world } = kit.stripe
    const { shop } = kit
    await kit.subscribe(shop)
    const whose = await customer()
    world.declined.add(whose)
    const [seat] = (await running()).items.data
    world.advance((seat?.current_period_end ?? 0) + 2 * day)
    await kit.work()
    expect(await read()).toMatchObject({ subscription: { state: 'past_due' } })
    const { subscription } = await endPlan(owner(), { ends: true })
    expect(subscription).toMatchObject({ state: 'past_due', cancelAtPeriodEnd: true })
    // In the portal, or by the operator: at once.
    world.cancel((await running()).id)
    await kit.work()
    const graced = await read()
    expect(graced).toMatchObject({ entitlements: { plan: 'free', readOnly: false, graceUntil: expect.any(Date) } })
    world.advance(world.now + 8 * day)
    await refreshBilling(owner())
    forgetStanding(shop.accountId)
    expect((await read()).entitlements).toMatchObject({ plan: 'free', readOnly: true })
    expect(await codeOf(requirePaid(owner()))).toBe('account_unpaid')
    forgetStanding(shop.accountId)
    expect(await codeOf(changePlan(owner(), pro))).toBe('account_unpaid')
    const userId = (shop.as.owner.actor as { userId: string }).userId
    const me = await readMe({ ...owner(), actor: { kind: 'user', userId } })
    expect(me.accounts).toMatchObject([{ readOnly: true }])
    // A visitor is heard all the same.
    expect((await shop.write('refund: is anybody there?')).conversationId).toBeTruthy()
    expect((await read()).invoices.filter(({ state }) => state === 'open')).toMatchObject([{ url: expect.any(String) }])

    for (const invoice of world.of(world.invoices, whose)) if (invoice.status === 'open') invoice.status = status
    world.declined.delete(whose)
    await refreshBilling(owner())
    expect((await read()).entitlements).toMatchObject({ plan: 'free', readOnly: false, graceUntil: null })
    expect(await codeOf(requirePaid(owner()))).toBe('worked')
    expect(kit.stripe.faults).toEqual([])
  },
)
