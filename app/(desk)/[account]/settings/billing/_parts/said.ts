/** Which sentence of the billing page holds, where several could stand in one place. */
import type { Billing } from '@/lib/flows/read-billing'

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
