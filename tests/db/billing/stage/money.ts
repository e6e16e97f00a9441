/** Stories of money and news: messages beyond the plan, a refused card, a debt, a refund, and changes that are found by asking or by events. */
import type StripeClient from 'stripe'
import { expect } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { countedAt } from '@/lib/features/billing/metering'
import { monthOf } from '@/lib/features/billing/rules'
import { billAccount } from '@/lib/flows/bill-usage'
import { changePlan, refreshBilling } from '@/lib/flows/change-plan'
import { handleStripeEvents, reconcileStripe } from '@/lib/flows/follow-stripe'
import { limitSpend } from '@/lib/flows/limit-spend'
import { readBilling } from '@/lib/flows/read-billing'
import { receiveStripeEvent } from '@/lib/flows/receive-stripe-event'
import { sign } from '../../../kit/stripe/server'
import { codeOf } from '../../settings/kit'
import { secret } from './places'
import { day, people, pro, type Stage, settled } from './stage'

const acting =
  ({ kit }: Stage) =>
  (accountId: string) =>
    makeCtx(kit.services, { kind: 'system', reason: 'test' }, accountId, 'en')

const runningOf = async ({ stripe, customer }: Stage): Promise<StripeClient.Subscription> => {
  const [running] = (await stripe.subscriptions.list({ customer })).data
  if (!running) throw new Error('no subscription')
  return running
}

/** What Stripe tells of the shop's customer, the newest first. */
async function eventsOf({ stripe, customer }: Stage): Promise<StripeClient.Event[]> {
  const all = await stripe.events.list({ limit: 100 }).autoPagingToArray({ limit: 300 })
  return all.filter(({ data }) => {
    const object = data.object as { id?: string; customer?: unknown }
    return object.customer === customer || object.id === customer
  })
}

export const moneyStories: Record<string, (stage: Stage) => Promise<void>> = {
  'messages beyond the plan are told to the meter once, and it counts them': async (stage) => {
    const { kit, stripe, owner, customer } = stage
    await stage.card('pm_card_visa')
    await stage.subscribe()
    await limitSpend(owner(), { cap: 1_000, alert: null })
    await kit.owner.query(
      'INSERT INTO usage_record (account_id, message_id, created_at) SELECT $1, gen_random_uuid(), now() FROM generate_series(1, 20500)',
      [kit.shop.accountId],
    )
    await billAccount(stripe, owner())
    await billAccount(stripe, owner())
    const { rows } = await kit.owner.query('SELECT count FROM usage_report WHERE sent_at IS NOT NULL')
    expect(rows).toEqual([{ count: 500 }])
    // By the real clock: so the meter's events are dated.
    const { start, end } = monthOf(new Date())
    const counted = () => countedAt(stripe, customer, start, end)
    expect(await stage.soon(counted, (count) => count === 500)).toBe(500)
  },

  'a card that is refused: due, in grace, ended with a debt, and square again': async (stage) => {
    const { stripe, owner } = stage
    await stage.card('pm_card_visa')
    await stage.subscribe()
    await stage.card('pm_card_chargeCustomerFail')
    await stage.advance(31 * day + settled)
    const due = await stage.soon(
      () => refreshBilling(owner()),
      ({ subscription }) => subscription?.state === 'past_due',
    )
    expect(due).toMatchObject({ subscription: { state: 'past_due' }, entitlements: { plan: 'pro', readOnly: false } })
    expect(due.entitlements.graceUntil).toBeInstanceOf(Date)
    await stripe.subscriptions.cancel((await runningOf(stage)).id)
    const left = await refreshBilling(owner())
    expect(left).toMatchObject({ entitlements: { plan: 'free', graceUntil: expect.any(Date) } })
    // The debt outlives the plan, and no other is sold until it is settled.
    expect(await codeOf(changePlan(owner(), pro))).toBe('account_unpaid')
    for (const { id, state } of left.invoices) if (state === 'open') await stripe.invoices.voidInvoice(id)
    expect((await refreshBilling(owner())).entitlements.graceUntil).toBeNull()
    expect((await changePlan(owner(), { ...pro, interval: 'year' })).url).toMatch(/^https?:\/\//)
  },

  'a refund is read with the invoice that it goes back from': async (stage) => {
    const { stripe, owner, customer } = stage
    await stage.card('pm_card_visa')
    const { invoices } = await stage.subscribe()
    expect(invoices[0]).toMatchObject({ state: 'paid', total: people * 1_900, refunded: 0 })
    const [charge] = (await stripe.charges.list({ customer })).data
    await stripe.refunds.create({ charge: charge?.id ?? '', amount: 500 })
    const read = () => refreshBilling(owner())
    expect((await stage.soon(read, (one) => one.invoices[0]?.refunded === 500)).invoices[0]?.refunded).toBe(500)
  },

  'what nobody told of is found by the daily comparison': async (stage) => {
    const { kit, stripe, owner } = stage
    await stage.card('pm_card_visa')
    await stage.subscribe()
    const { id, items } = await runningOf(stage)
    const seat = items.data.find(({ price }) => price.metadata.kind === 'plan')
    await stripe.subscriptions.update(id, { items: [{ id: seat?.id ?? '', quantity: 9 }] })
    expect((await readBilling(owner())).subscription?.seats).toBe(people)
    await reconcileStripe(kit.services, acting(stage))
    expect((await readBilling(owner())).subscription?.seats).toBe(9)
  },

  'events, the newest first and doubled, end in what Stripe knows': async (stage) => {
    const { kit, stripe, owner } = stage
    await stage.card('pm_card_visa')
    await stage.subscribe()
    await stripe.subscriptions.update((await runningOf(stage)).id, { cancel_at_period_end: true })
    expect((await readBilling(owner())).subscription?.cancelAtPeriodEnd).toBe(false)
    const wanted = [
      'customer.subscription.created',
      'customer.subscription.updated',
      'invoice.paid',
      'invoice.finalized',
    ]
    const events = await stage.soon(
      () => eventsOf(stage),
      (all) => wanted.every((type) => all.some((one) => one.type === type)),
    )
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(wanted))
    for (const event of [...events, ...events]) {
      const body = JSON.stringify(event)
      const ctx = acting(stage)('')
      await receiveStripeEvent(ctx, Buffer.from(body), sign(body, secret, Math.floor(Date.now() / 1_000)))
    }
    while ((await handleStripeEvents(kit.services, acting(stage))) > 0);
    const read = await readBilling(owner())
    expect(read.subscription).toMatchObject({ state: 'active', cancelAtPeriodEnd: true })
    const { rows } = await kit.owner.query('SELECT DISTINCT state FROM stripe_event WHERE type = ANY($1)', [wanted])
    expect(rows).toEqual([{ state: 'done' }])
    const again = await refreshBilling(owner())
    expect({ ...read.subscription }).toEqual({ ...again.subscription })
  },
}
