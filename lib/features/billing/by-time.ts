/** A month whose plan changes within it: each plan's messages count by the time it is held, as its price does. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { type PlanName, plans } from './plans'
import { countMessages, isManaged, readSubscription } from './read'
import { includedAfter, isPaidFor, monthOf, type Subscription, smallerFrom } from './rules'
import { isBilled } from './stripe-client'

const rowOf = (tx: Tx, { accountId }: Ctx, month: Date) =>
  tx.usageMonth.findUnique({
    where: { accountId_month: { accountId, month } },
    select: { included: true, planned: true, reported: true },
  })

/** What a month includes until now. What was used before and not billed stays so under a larger plan, and is no use of that one's. */
function untilNow(row: Awaited<ReturnType<typeof rowOf>>, was: PlanName, is: PlanName): number {
  const planned = row?.planned ?? plans[was].messages
  return plans[is].messages > plans[was].messages ? Math.max(planned, row?.included ?? 0) : planned
}

/** A plan, and of which subscription at Stripe it is. */
export interface Stands {
  subscription: Subscription | null
  stripeId: string | null
}

/** Call it where a reading was stored. A new subscription is paid for a whole period, and a trial for none: they include what their plan says. */
export async function includeByTime(tx: Tx, ctx: Ctx, before: Stands, now: Stands): Promise<void> {
  const [was, is] = [before.subscription, now.subscription]
  const goesOn = was && is && before.stripeId !== null && before.stripeId === now.stripeId
  if (goesOn && was.plan === is.plan && isPaidFor(is)) return
  const { accountId } = ctx
  const month = monthOf(ctx.now()).start
  const row = await rowOf(tx, ctx, month)
  const byTime = goesOn && isPaidFor(was) && isPaidFor(is)
  const planned = byTime ? includedAfter(untilNow(row, was.plan, is.plan), was.plan, is.plan, ctx.now()) : null
  // What ended, or waits, leaves the Free plan's number.
  if (planned === (row?.planned ?? null)) return
  await tx.usageMonth.upsert({
    where: { accountId_month: { accountId, month } },
    create: { accountId, month, included: 0, planned },
    update: { planned },
    select: { month: true },
  })
}

export interface AfterChange {
  /** Messages of this month that are included then. */
  includes: number
  /** From when it can be made; null: now. */
  opens: Date | null
}

/** What this month includes after a change to a plan, made now. The plan that is held: what it includes as things are. */
export async function afterChange(tx: Tx, ctx: Ctx, plan: PlanName): Promise<AfterChange> {
  const held = await readSubscription(tx, ctx)
  const whole = { includes: plans[plan].messages, opens: null }
  if (!held || !isPaidFor(held) || plan === 'free' || !isBilled(ctx.services) || !(await isManaged(tx, ctx)))
    return whole
  const now = ctx.now()
  const month = monthOf(now)
  const row = await rowOf(tx, ctx, month.start)
  const included = untilNow(row, held.plan, plan)
  const used = (await countMessages(tx, ctx, month)) - (row?.reported ?? 0)
  return {
    includes: includedAfter(included, held.plan, plan, now),
    opens: smallerFrom(included, used, held.plan, plan, now),
  }
}
