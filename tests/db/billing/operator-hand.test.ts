/** What an operator needs to act: what is owed and where it stands at Stripe, past months, accounts by what they pay, and a mail in time. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { standingOf } from '@/app/(desk)/[account]/settings/billing/_parts/invoice-standing'
import { makeCtx } from '@/lib/border/caller'
import { refreshBilling } from '@/lib/flows/change-plan'
import { handleStripeEvents } from '@/lib/flows/follow-stripe'
import { exportRevenue, findAccounts, findEvents, readOperatedBilling } from '@/lib/flows/operate-billing'
import { readBilling } from '@/lib/flows/read-billing'
import type { Ctx } from '@/lib/platform/context'
import { codeOf } from '../settings/kit'
import { createStripeKit, type StripeKit } from './stripe-kit'

let kit: StripeKit
let operator: Ctx
beforeAll(async () => {
  kit = await createStripeKit()
  const { rows } = await kit.owner.query(
    `INSERT INTO "user" (id, email, name, operator) VALUES (gen_random_uuid(), 'op@example.com', 'Op', true) RETURNING id`,
  )
  operator = makeCtx(kit.services, { kind: 'user', userId: rows[0].id }, '', 'en')
  await kit.subscribe(kit.shop)
}, 120_000)
afterAll(() => kit.close())

const monthly = 4 * 1_900
const month = (seconds: number, more = 0): Date => {
  const at = new Date(seconds * 1_000)
  return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + more, 1))
}
/** What was paid of the invoice that credit had paid a part of. */
const ofCredit = async () => {
  const { world } = kit.stripe
  const charges = world.of(world.charges, await kit.customer(kit.shop))
  const charge = charges.find(({ amount }) => amount === monthly - 600)
  if (!charge) throw new Error('nothing was paid')
  return charge
}
const mails = async (subject: string) =>
  (await kit.owner.query('SELECT 1 FROM mail WHERE "to" = $1 AND subject LIKE $2', ['op@example.com', subject]))
    .rowCount

test('a month that is over is still there, on the page and in the file, with the plans that began and ended in it', async () => {
  const { world } = kit.stripe
  // The trial is over, and the plan was paid once.
  world.advance(world.now + 15 * 86_400)
  await kit.work()
  const paidAt = world.of(world.invoices, await kit.customer(kit.shop)).find(({ total }) => total > 0)
    ?.status_transitions.paid_at as number
  const seen = (more: number) => readOperatedBilling(operator, { month: month(paidAt, more) })
  expect((await seen(0)).paid).toMatchObject({ usd: { subscriptions: monthly } })
  expect([(await seen(-1)).paid, (await seen(1)).paid]).toEqual([{}, {}])
  const now = new Date()
  expect((await readOperatedBilling(operator)).moved).toEqual({ began: 1, ended: 0 })

  const later = { ...operator, now: () => month(paidAt, 2) }
  const lines = (await exportRevenue(later)).trimEnd().split('\n')
  expect(lines[0]).toBe('month,currency,subscriptions,model,data,support,total,plans_begun,plans_ended')
  expect(lines).toHaveLength(1 + 24 * 2)
  const key = month(paidAt).toISOString().slice(0, 7)
  const began = key === now.toISOString().slice(0, 7) ? 1 : 0
  expect(lines).toContain(`${key},USD,76.00,0.00,0.00,0.00,76.00,${began},0`)
  expect(await codeOf(exportRevenue(kit.shop.as.owner))).toBe('forbidden')
})

test('what is owed is named with its amount and where the customer stands at Stripe', async () => {
  const { shop, stripe } = kit
  const { world } = stripe
  const customer = await kit.customer(shop)
  world.declined.add(customer)
  // Credit from before is no part of what is left to pay.
  world.balances.set(`${customer} usd`, -600)
  world.advance(world.now + 32 * 86_400)
  await kit.work()
  const { attention, testMode } = await readOperatedBilling({ ...operator, now: () => new Date(world.now * 1_000) })
  const due = attention.find(({ kind }) => kind === 'due' || kind === 'readOnly')
  expect(due).toMatchObject({ account: 'shop', customer, owed: [{ amount: monthly - 600, currency: 'usd' }] })
  expect(testMode).toBe(true)
  expect((await readBilling(shop.as.owner)).invoices[0]).toMatchObject({
    state: 'open',
    total: monthly,
    due: monthly - 600,
  })
  const { events } = await findEvents(operator, {})
  expect(events.find(({ type }) => type === 'invoice.payment_failed')?.account).toBe('shop')
})

test('accounts are found by what they pay', async () => {
  const found = async (wanted: Omit<Parameters<typeof findAccounts>[1], 'search'>) =>
    (await findAccounts(operator, { search: '', ...wanted })).accounts.map(({ slug }) => slug)
  expect(await found({})).toEqual(['rival', 'shop'])
  expect([await found({ standing: 'due' }), await found({ plan: 'pro' })]).toEqual([['shop'], ['shop']])
  expect(await found({ standing: 'none' })).toEqual(['rival'])
  expect([await found({ standing: 'active' }), await found({ plan: 'business' })]).toEqual([[], []])
  const { declined, invoices } = kit.stripe.world
  declined.clear()
  for (const invoice of kit.stripe.world.of(invoices, await kit.customer(kit.shop))) kit.stripe.world.tryToPay(invoice)
  await refreshBilling(kit.shop.as.owner)
  expect([await found({ standing: 'active' }), await found({ standing: 'due' })]).toEqual([['shop'], []])
  expect(await found({ standing: 'active', plan: 'business' })).toEqual([])
  // An invoice that is sent is due from its day on.
  const dueIn = (days: number) =>
    kit.owner.query("UPDATE subscription SET past_due_since = now() + $1 * interval '1 day'", [days])
  await dueIn(20)
  expect(await found({ standing: 'due' })).toEqual([])
  await dueIn(-1)
  expect(await found({ standing: 'due' })).toEqual(['shop'])
  await refreshBilling(kit.shop.as.owner)
})

test('a dispute and an event that was given up reach the operator by mail, once', async () => {
  const { world } = kit.stripe
  const charge = await ofCredit()
  const dispute = world.dispute(charge)
  await kit.work()
  // Credit had paid the rest of the invoice: the bank took what was paid.
  const { attention } = await readOperatedBilling(operator)
  expect(attention).toMatchObject([{ kind: 'dispute', account: 'shop', amount: monthly - 600 }])
  world.emit('charge.dispute.created', dispute)
  await kit.work()
  expect(await mails('shop: a payment is disputed')).toBe(1)

  // Two events meet a Stripe that is away, at their last try.
  kit.stripe.away(true)
  for (const subscription of [...world.subscriptions.values()].slice(0, 1))
    for (let time = 0; time < 2; time++) world.update(subscription)
  await kit.stripe.delivered()
  await kit.owner.query("UPDATE stripe_event SET attempts = 10 WHERE state = 'queued'")
  const turn = async () => {
    await kit.owner.query("UPDATE stripe_event SET due_at = now() WHERE state = 'queued'")
    await handleStripeEvents(kit.services, kit.acting)
  }
  await turn()
  expect(await mails('What Stripe sent%')).toBe(0)
  await turn()
  expect(await mails('What Stripe sent%')).toBe(1)
  expect((await findEvents(operator, { state: 'failed' })).events).toHaveLength(2)
  kit.stripe.away(false)
  expect(kit.stripe.faults).toEqual([])
}, 60_000)

test('a payment that went back whole is refunded, whatever credit had paid of its invoice', async () => {
  const { world } = kit.stripe
  const charge = await ofCredit()
  const invoice = async () => {
    const { invoices } = await refreshBilling(kit.shop.as.owner)
    const found = invoices.find(({ total, paid }) => total === monthly && paid === monthly - 600)
    return found && { due: found.due, standing: standingOf(found) }
  }
  expect(await invoice()).toEqual({ due: 0, standing: 'disputed' })
  for (const dispute of world.disputes.values()) world.decide(dispute, 'won')
  expect(await invoice()).toEqual({ due: 0, standing: 'paid' })
  world.refund(charge, 1_000)
  expect(await invoice()).toEqual({ due: 0, standing: 'partly' })
  world.refund(charge)
  expect(await invoice()).toEqual({ due: 0, standing: 'refunded' })
})
