/** Reads what Stripe knows about an account and stores it: after an event, after a visit to Stripe's pages, and once a day. */
import { isAppError } from '@/lib/core/errors'
import { readAccount } from '@/lib/features/accounts/read'
import { type NewEntry, record } from '@/lib/features/audit/write'
import { includeByTime } from '@/lib/features/billing/by-time'
import {
  accountOf,
  beginReading,
  keepReading,
  listCustomers,
  subscriptionIdOf,
  wasAsked,
} from '@/lib/features/billing/customers'
import { endedAt, hasEnded } from '@/lib/features/billing/from-stripe'
import { lockBilling } from '@/lib/features/billing/lock'
import { putDown } from '@/lib/features/billing/metering'
import { plans } from '@/lib/features/billing/plans'
import { addOnsOf, readCharges, readSubscription } from '@/lib/features/billing/read'
import { overageOf, type Subscription } from '@/lib/features/billing/rules'
import { asBillingError, type Stripe, stripeOf } from '@/lib/features/billing/stripe-client'
import {
  addLook,
  claimStripeEvents,
  type DueEvent,
  givesUp,
  settleStripeEvent,
} from '@/lib/features/billing/stripe-events'
import { customerOfCharge, readStripe } from '@/lib/features/billing/stripe-read'
import { loseUntold } from '@/lib/features/billing/untold'
import { readChoices } from '@/lib/features/privacy/choices'
import type { Ctx, Services } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { adopt, adoptUnknown } from './adopt-customers'
import { endDemoPlans } from './end-demo-plans'
import { forgetStanding } from './standing'
import { tellOfBilling } from './tell-of-billing'
import { tellOfPlaces } from './tell-of-places'
import { tellOfSpend } from './tell-of-spend'
import { tellOperators } from './tell-operators'
import { tellOwners } from './tell-owners'

/**
 * Makes the account's stored billing equal to Stripe's. An account that is no customer is left alone.
 * @param stripe a person's own client where one waits; a job's otherwise
 * @throws billing_away
 */
export async function followAccount(ctx: Ctx, stripe: Stripe | null = stripeOf(ctx.services)): Promise<void> {
  const begun = stripe && (await inAccount(ctx, (tx) => beginReading(tx, ctx)))
  if (!stripe || !begun) return
  const { customer, began } = begun
  const read = await readStripe(stripe, ctx, customer).catch((error) => {
    throw asBillingError(error)
  })
  const reading = { began, ...read }
  await inAccount(ctx, async (tx) => {
    // Of two readings at once one finds what the other has stored.
    await lockBilling(tx, ctx)
    const before = await standsNow(tx, ctx)
    // What was used until now counts under what held until now.
    await tellOfSpend(tx, ctx, await putDown(tx, ctx, read.subscription && endedAt(read.subscription)))
    if (read.gone) await loseUntold(tx, ctx)
    if (!(await keepReading(tx, ctx, reading))) return
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'billing' } })
    const now = await standsNow(tx, ctx)
    await includeByTime(tx, ctx, before, now)
    await tellOfBilling(tx, ctx)
    await tellOfPlaces(tx, ctx)
    const asked = await wasAsked(tx, ctx)
    if (isNews(before, now) && !asked) await tellOfChange(tx, ctx, before, now, began)
    if (endsNow(before, now) && !read.early && !asked) await tellOfEnd(tx, ctx, now, began)
    for (const entry of changesOf(before, now)) await record(tx, ctx, entry)
  })
  forgetStanding(ctx.accountId)
}

const standsNow = async (tx: Tx, ctx: Ctx) => ({
  subscription: await readSubscription(tx, ctx),
  stripeId: await subscriptionIdOf(tx, ctx),
  addOns: (await addOnsOf(tx, ctx)).addOns,
})
type Stands = Awaited<ReturnType<typeof standsNow>>

/** A running plan is another one, or a person or a message beyond it costs something else. */
function isNews({ subscription: was, stripeId }: Stands, now: Stands): boolean {
  const is = now.subscription
  // Another subscription was taken here, or paid for by a person who saw its price.
  if (!was || !is || stripeId === null || stripeId !== now.stripeId || hasEnded(was.state) || hasEnded(is.state))
    return false
  // Prices of before this version were not read.
  const dearer = was.each !== null && was.each !== undefined && was.each !== is.each
  // One that was missing (a year from Checkout) is the price that was said.
  const beyond = overageOf(was) !== null && overageOf(was) !== overageOf(is)
  return was.plan !== is.plan || was.interval !== is.interval || beyond || dearer
}

/** What was changed at Stripe could not be said before: owners hear of it once it holds, with both prices. */
async function tellOfChange(tx: Tx, ctx: Ctx, before: Stands, now: Stands, began: Date): Promise<void> {
  const [was, is] = [before.subscription, now.subscription]
  if (!was || !is) return
  const { plan, currency, interval } = is
  const prices = { amount: priceOf(is), was: priceOf(was), beyond: overageOf(is) ?? 0 }
  // Prices are without discounts; what is charged next has them taken off.
  const charges = await readCharges(tx, ctx)
  const [first] = charges
  const due = charges.filter(({ at }) => at.getTime() === first?.at.getTime())
  const next = first ? { date: first.at, next: due.reduce((sum, { amount }) => sum + amount, 0) } : {}
  const cause = `changed at Stripe ${ctx.accountId} ${began.toISOString()}`
  await tellOwners(tx, ctx, 'planChanged', cause, {
    plan,
    currency,
    every: interval,
    wasEvery: was.interval,
    ...prices,
    ...next,
  })
}

/** It is going to end, and that was not known before, or not with this day. */
const endsNow = ({ subscription: was }: Stands, { subscription: is }: Stands): boolean =>
  Boolean(is?.cancelAtPeriodEnd && !hasEnded(is.state)) &&
  !(was?.cancelAtPeriodEnd && was.periodEnd.getTime() === is?.periodEnd.getTime())

/** Who ends a plan here reads before what goes with it; in Stripe's portal nobody does. */
async function tellOfEnd(tx: Tx, ctx: Ctx, { subscription }: Stands, began: Date): Promise<void> {
  if (!subscription) return
  const { plan, periodEnd: date } = subscription
  const keeps = (await readChoices(tx, ctx)).keepMonths !== null
  await tellOwners(tx, ctx, 'planEnds', `ends ${ctx.accountId} ${began.toISOString()}`, { plan, date, keeps })
}

/** Of a person, hundredths. */
const priceOf = ({ each, plan, currency, interval }: Subscription): number =>
  each ?? plans[plan].price[currency][interval]

/** What of a reading the audit log keeps: another plan or state, its end, and services beside it. */
function changesOf(before: Stands, now: Stands): NewEntry[] {
  const [was, is] = [before.subscription, now.subscription]
  const entries: NewEntry[] = []
  if (is && (was?.plan !== is.plan || was.interval !== is.interval || was.state !== is.state))
    entries.push({ act: 'billing.plan_changed', facts: { plan: is.plan, interval: is.interval, state: is.state } })
  if (was && is && was.cancelAtPeriodEnd !== is.cancelAtPeriodEnd)
    entries.push({ act: is.cancelAtPeriodEnd ? 'billing.plan_ended' : 'billing.plan_kept' })
  for (const service of now.addOns)
    if (!before.addOns.includes(service)) entries.push({ act: 'billing.service_added', facts: { service } })
  for (const service of before.addOns)
    if (!now.addOns.includes(service)) entries.push({ act: 'billing.service_ended', facts: { service } })
  return entries
}

/** Has a worker read the account's billing again, until Stripe answers: for a change whose outcome is not known. */
export async function followLater(ctx: Ctx): Promise<void> {
  const begun = await inAccount(ctx, (tx) => beginReading(tx, ctx))
  if (!begun) return
  const { services } = ctx
  await asSystem(services, 'an outcome at Stripe is open', (tx) => addLook(tx, ctx.newId(), begun.customer, ctx.now()))
}

/** Acts on what Stripe sent; call it each second. Returns how many events it took. */
export async function handleStripeEvents(services: Services, ctxOf: (accountId: string) => Ctx): Promise<number> {
  if (!stripeOf(services)) return 0
  const events = await asSystem(services, 'events from Stripe', (tx) => claimStripeEvents(tx, ctxOf('').now()))
  for (const event of events) await handle(services, ctxOf, event)
  return events.length
}

async function handle(services: Services, ctxOf: (accountId: string) => Ctx, event: DueEvent): Promise<void> {
  // Where it names nobody, whose it turns out to be is kept with it.
  let { customer } = event
  const settle = (problem: string | null, outcome?: 'ignored') =>
    asSystem(services, 'an event from Stripe is done', (tx) =>
      settleStripeEvent(tx, { ...event, customer }, ctxOf('').now(), problem, outcome),
    )
  try {
    customer ??= await customerBehind(services, event)
    const accountId = customer && (await accountBy(services, ctxOf, customer))
    // Another product's customer at the same Stripe account, or one that is gone.
    if (!accountId) return void (await settle(null, 'ignored'))
    const ctx = ctxOf(accountId)
    await followAccount(ctx)
    if (event.type === 'charge.dispute.created') await tellOfDispute(ctx, event)
    await settle(null)
  } catch (error) {
    services.log.warn({ event: event.id, type: event.type, attempts: event.attempts }, 'an event from Stripe waits')
    await settle(error instanceof Error ? error.message : 'unknown')
    // Where Stripe or the key is at fault many give up at once: one mail a day.
    const ctx = ctxOf('')
    const cause = `an event gave up ${ctx.now().toISOString().slice(0, 10)}`
    if (givesUp(event)) await tellOperators(ctx, 'eventFailed', cause, { type: event.type })
  }
}

/** Known here, or known again. */
async function accountBy(services: Services, ctxOf: (accountId: string) => Ctx, customer: string) {
  const known = await asSystem(services, 'whose customer', (tx) => accountOf(tx, customer))
  const stripe = stripeOf(services)
  return known ?? (stripe && (await adopt(stripe, ctxOf, customer)))
}

/** A dispute's event names a charge only. */
async function customerBehind(services: Services, { type, objectId }: DueEvent): Promise<string | null> {
  const stripe = stripeOf(services)
  return stripe && type.startsWith('charge.dispute.') ? customerOfCharge(stripe, objectId) : null
}

/** A dispute has a last day for the answer, at Stripe, and only the operator can give it. */
async function tellOfDispute(ctx: Ctx, { objectId }: DueEvent): Promise<void> {
  const { name } = await inAccount(ctx, (tx) => readAccount(tx, ctx))
  await tellOperators(ctx, 'disputed', `disputed ${objectId}`, { account: name })
}

/**
 * Once a day: every customer is read again, also one that this database lost, so that events that never came are made up for. One that
 * cannot be read now is left to the worker, which goes on asking for that one alone; where Stripe is away, so are all that follow.
 * @throws billing_away (before anything was read: the queue then tries again)
 */
export async function reconcileStripe(services: Services, ctxOf: (accountId: string) => Ctx): Promise<number> {
  const stripe = stripeOf(services)
  if (!stripe) return 0
  await endDemoPlans(services, ctxOf)
  await adoptUnknown(services, stripe, ctxOf).catch((error) => {
    const known = asBillingError(error)
    if (isAppError(known) && known.code === 'billing_away') throw known
    // Whoever is known is read all the same.
    services.log.warn({ reason: String(error) }, 'customers that are not known here were not looked for')
  })
  const accounts = await asSystem(services, 'customers at Stripe', listCustomers)
  let away = false
  for (const accountId of accounts) {
    const ctx = ctxOf(accountId)
    const read =
      !away &&
      (await followAccount(ctx).then(
        () => true,
        (error) => {
          services.log.warn({ reason: String(error), accountId }, 'an account was not compared with Stripe yet')
          away = isAppError(error) && error.code === 'billing_away'
          return false
        },
      ))
    if (!read) await followLater(ctx)
  }
  return accounts.length
}
