/** Which word an invoice of the list has beside it: apart from the list, so that it can be tried without a page. */
import type { Billing } from '@/lib/flows/read-billing'

type Invoice = Billing['invoices'][number]
type Told = Pick<Invoice, 'demo' | 'disputed' | 'refunded' | 'paid' | 'total' | 'due' | 'state'>

/** What a person must know first: that nobody pays it, a dispute, what is left of it to pay, then money given back, then the state. */
export function standingOf({ demo, disputed, refunded, paid, total, due, state }: Told) {
  if (demo) return 'demo'
  if (disputed) return 'disputed'
  if (state === 'open') return due === total ? 'open' : 'rest'
  // Credit from before paid the rest of the total: no more than what was paid can go back.
  if (refunded > 0) return refunded >= paid ? 'refunded' : 'partly'
  return state
}
