/** Which sentence of the billing page holds, where several could stand in one place. */
import { hasEnded } from '@/lib/features/billing/from-stripe'
import type { Billing } from '@/lib/flows/read-billing'

/** What the plan's line says, and the day that it speaks of: of a plan that ends the end, of a payment that is due its last day. */
export function planSaid({ entitlements, subscription, managed }: Of<'entitlements' | 'subscription' | 'managed'>) {
  if (entitlements.readOnly) return { said: 'state.readOnly', day: null, due: null } as const
  if (!managed) return { said: 'state.unmanaged', day: null, due: null } as const
  if (!subscription) return { said: 'state.free', day: null, due: null } as const
  const { state, periodEnd, cancelAtPeriodEnd } = subscription
  if (cancelAtPeriodEnd && !hasEnded(state)) {
    const due = entitlements.graceUntil
    // What is due may be lost before the end: both days count.
    return due
      ? ({ said: 'state.endingDue', day: periodEnd, due } as const)
      : ({ said: 'state.ending', day: periodEnd, due: null } as const)
  }
  return { said: `state.${state}`, day: entitlements.graceUntil ?? periodEnd, due: null } as const
}

type Of<Name extends keyof Billing> = Pick<Billing, Name>

/** What becomes of further messages, once there are as many as the plan includes. */
export function messagesSaid({
  entitlements,
  used: { messages: used },
  beyond: { labels, bills, price },
  subscription,
}: Of<'entitlements' | 'used' | 'beyond' | 'subscription'>) {
  const { messages: limit } = entitlements.limits
  if (limit === null || used < limit) return null
  if (labels === null) return 'beyond.demo'
  if (used >= labels) return price === null || subscription?.state === 'trialing' ? 'beyond.usedUp' : 'beyond.capped'
  return bills ? 'beyond.billed' : 'beyond.kept'
}
