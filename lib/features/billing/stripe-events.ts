/** What Stripe sends: stored once by its id, and a row is the job. System role. */
import type { Tx } from '@/lib/platform/db/in-account'

export const handledTypes = [
  'checkout.session.completed',
  'customer.subscription.created',
  'customer.subscription.updated',
  'customer.subscription.deleted',
  'customer.subscription.paused',
  'customer.subscription.resumed',
  'customer.subscription.trial_will_end',
  'invoice.paid',
  'invoice.payment_failed',
  'invoice.finalized',
  'invoice.payment_action_required',
  'invoice.voided',
  'invoice.marked_uncollectible',
  'customer.updated',
  'customer.deleted',
  'customer.discount.created',
  'customer.discount.updated',
  'customer.discount.deleted',
  'charge.refunded',
  'charge.dispute.created',
  'charge.dispute.closed',
] as const
export type HandledType = (typeof handledTypes)[number]

export interface NewStripeEvent {
  id: string
  type: string
  objectId: string
  customer: string | null
  createdAt: Date
}

/** Those that are there already stay as they are. */
export async function addStripeEvents(
  tx: Tx,
  events: readonly (NewStripeEvent & { receivedAt: Date })[],
): Promise<void> {
  const data = events.map((event) => {
    const state = handledTypes.some((type) => type === event.type) ? 'queued' : 'ignored'
    return { ...event, state, dueAt: event.receivedAt }
  })
  await tx.stripeEvent.createMany({ data, skipDuplicates: true })
}

/** A row like an event's, of our own: read this customer again, and go on trying while Stripe is away. */
export async function addLook(tx: Tx, id: string, customer: string, now: Date): Promise<void> {
  const when = { createdAt: now, receivedAt: now, dueAt: now }
  const data = { id: `look_${id}`, type: 'lingxi.look_again', objectId: customer, customer, state: 'queued', ...when }
  await tx.stripeEvent.create({ data })
}

export interface DueEvent {
  id: string
  type: string
  objectId: string
  customer: string | null
  attempts: number
}

/** A claim lasts this long; a worker that dies with an event in hand only delays it, milliseconds. */
const lease = 60_000
/** After this many failures it waits for the operator. */
const most = 12
/** 10 s, 40 s, 90 s … about 24 minutes before the last try. */
const pause = (attempts: number): number => attempts * attempts * 10_000

/** The last try was this one. */
export const givesUp = ({ attempts }: Pick<DueEvent, 'attempts'>): boolean => attempts >= most

export async function claimStripeEvents(tx: Tx, now: Date): Promise<DueEvent[]> {
  return tx.$queryRaw<DueEvent[]>`
    UPDATE stripe_event SET attempts = attempts + 1, due_at = ${new Date(now.getTime() + lease)}
    WHERE id IN (SELECT id FROM stripe_event WHERE state = 'queued' AND due_at <= ${now} ORDER BY due_at LIMIT 20 FOR UPDATE SKIP LOCKED)
    RETURNING id, type, object_id AS "objectId", customer, attempts`
}

export async function settleStripeEvent(
  tx: Tx,
  event: Pick<DueEvent, 'id' | 'attempts' | 'customer'>,
  now: Date,
  problem: string | null,
  outcome: 'done' | 'ignored' = 'done',
): Promise<void> {
  const state = problem === null ? outcome : givesUp(event) ? 'failed' : 'queued'
  const dueAt = new Date(now.getTime() + pause(event.attempts))
  const data =
    problem === null
      ? { state, problem, customer: event.customer, doneAt: now }
      : { state, problem: problem.slice(0, 300), dueAt }
  await tx.stripeEvent.updateMany({ where: { id: event.id, state: 'queued' }, data })
}
