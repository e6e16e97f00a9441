/** Whether an account may work on and label: asked for each change and each message, so it is kept for a moment. */
import { AppError } from '@/lib/core/errors'
import { readMonth, readSpend } from '@/lib/features/billing/metering'
import { beyond, readPlaced } from '@/lib/features/billing/places'
import { plans } from '@/lib/features/billing/plans'
import { countMessages, holdsLabels, isManaged, labelsFor, readSubscription } from '@/lib/features/billing/read'
import {
  allows,
  billablePrice,
  type Entitlements,
  labelsOf,
  monthOf,
  toEntitlements,
} from '@/lib/features/billing/rules'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { Moment } from '@/lib/platform/moment'

/** Its limit of messages is what a month may have of labels: the plan's and what the cap pays for; null: all. */
interface Standing extends Entitlements {
  /** Members beyond the people that the plan includes. */
  waiting: ReadonlySet<string>
}

const standings = new Moment<Standing>((ctx) =>
  inAccount(ctx, async (tx) => {
    const subscription = await readSubscription(tx, ctx)
    const entitlements = toEntitlements(subscription, ctx.now())
    const { seats } = entitlements.limits
    const beyondPlan = seats === null ? [] : beyond(await readPlaced(tx, ctx), seats)
    const waiting = new Set(beyondPlan.map(({ id }) => id))
    const labelling = (messages: number | null): Standing => ({
      ...entitlements,
      limits: { ...entitlements.limits, messages },
      waiting,
    })
    if (!holdsLabels(ctx, entitlements.plan)) return labelling(null)
    const { cap } = await readSpend(tx, ctx)
    // What nobody pays for has nothing beyond it.
    const price = (await isManaged(tx, ctx)) ? billablePrice(subscription) : null
    const counted = await readMonth(tx, ctx, plans[entitlements.plan].messages, price)
    return labelling(labelsFor(entitlements, labelsOf(counted, price, cap)))
  }),
)

/** After a change, so that it holds for the next request. */
export function forgetStanding(accountId: string): void {
  standings.forget(accountId)
  counts.delete(accountId)
}

/** Whether a member is beyond the people that the plan includes: they read, and change nothing. */
export const isWaiting = async (ctx: Ctx, membershipId: string): Promise<boolean> =>
  (await standings.of(ctx)).waiting.has(membershipId)

/** What goes on though it is not paid for: what the account owes, and who waits for a place, are two things. */
interface Unpaid {
  whileUnpaid?: true
  whileWaiting?: true
}

/** Whether the acting member's change is paid for. @throws account_unpaid, seat_waits */
export async function requirePaid(ctx: Ctx, { whileUnpaid, whileWaiting }: Unpaid = {}): Promise<void> {
  if (whileUnpaid && whileWaiting) return
  const { readOnly, waiting } = await standings.of(ctx)
  if (readOnly && !whileUnpaid) throw new AppError('account_unpaid')
  if (!whileWaiting && ctx.actor.kind === 'member' && waiting.has(ctx.actor.membershipId))
    throw new AppError('seat_waits')
}

/** Counting a month takes some milliseconds: far from the limit it is done rarely. What goes over meanwhile is labelled and not billed. */
const counts = new Map<string, { used: number; until: number; month: number }>()
const rarely = 30_000
const often = 2_000

/** False when the month's labels are used up, those that the cap pays for included: messages then go to people as they are. */
export async function mayLabel(ctx: Ctx): Promise<boolean> {
  const standing = await standings.of(ctx)
  const { messages: most } = standing.limits
  // Where all are labelled none are counted.
  if (most === null) return true
  const now = ctx.now()
  const month = monthOf(now)
  const known = counts.get(ctx.accountId)
  if (known && known.until > now.getTime() && known.month === month.start.getTime())
    return allows(standing, 'messages', known.used)
  const used = await inAccount(ctx, (tx) => countMessages(tx, ctx, month))
  if (counts.size > 2_000) counts.clear()
  const until = now.getTime() + (used < 0.9 * most ? rarely : often)
  counts.set(ctx.accountId, { used, until, month: month.start.getTime() })
  return allows(standing, 'messages', used)
}
