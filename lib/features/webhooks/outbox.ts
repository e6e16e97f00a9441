/** Deliveries as rows: put in, claimed, and marked with how their sending went. */
import { AppError } from '@/lib/core/errors'
import { idFrom } from '@/lib/core/ids'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import type { WhyNot } from '@/lib/platform/safe-fetch'
import { type DeliveryType, testEvent } from './events'
import { givenUpAfter, pauseAfter, restAfter } from './rules'
import { dropQueued, keepCursor } from './write'

/** What happened, and what it is about. */
export interface Happened {
  type: DeliveryType
  /** The same news has the same key, however often it is read. */
  key: string
  at: Date
  contactId?: string | null
  conversationId?: string | null
  messageId?: string | null
  /** Ids, numbers and state words only. */
  facts?: object
}

/** Puts news in for each endpoint that wants them; those that are there already stay as they are. */
export async function queueDeliveries(
  tx: Tx,
  ctx: Ctx,
  endpoints: readonly { id: string; events: readonly string[]; createdAt: Date }[],
  happened: readonly Happened[],
): Promise<void> {
  const { accountId } = ctx
  const now = ctx.now()
  const data = happened.flatMap(({ type, key, at, facts = {}, contactId, conversationId, messageId }) =>
    endpoints
      .filter(({ events, createdAt }) => events.includes(type) && at >= createdAt)
      .map(({ id: endpointId }) => ({
        ...{ accountId, endpointId, id: idFrom(`webhook ${accountId} ${key}`), type, facts },
        ...{ contactId: contactId ?? null, conversationId: conversationId ?? null, messageId: messageId ?? null },
        ...{ happenedAt: at, createdAt: now, dueAt: now },
      })),
  )
  if (data.length) await tx.webhookDelivery.createMany({ data, skipDuplicates: true })
}

/** A piece of news that says nothing but that it arrives. @throws not_found, webhook_off */
export async function queueTest(tx: Tx, ctx: Ctx, endpointId: string): Promise<string> {
  const { accountId } = ctx
  await refuseOff(tx, ctx, endpointId)
  const [id, now] = [ctx.newId(), ctx.now()]
  const times = { happenedAt: now, createdAt: now, dueAt: now }
  await tx.webhookDelivery.createMany({ data: [{ accountId, endpointId, id, type: testEvent, facts: {}, ...times }] })
  return id
}

/** Sends one once more, under its id. One that is still being tried is tried at once. @throws not_found, webhook_off */
export async function sendAgain(tx: Tx, ctx: Ctx, endpointId: string, id: string): Promise<void> {
  await refuseOff(tx, ctx, endpointId)
  const { count } = await tx.webhookDelivery.updateMany({
    where: { accountId: ctx.accountId, endpointId, id },
    data: { state: 'queued', attempts: 0, dueAt: ctx.now(), endedAt: null },
  })
  if (count !== 1) throw new AppError('not_found')
}

async function refuseOff(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  const endpoint = await tx.webhookEndpoint.findFirst({
    where: { accountId: ctx.accountId, id },
    select: { enabled: true },
  })
  if (!endpoint) throw new AppError('not_found')
  if (!endpoint.enabled) throw new AppError('webhook_off')
  // Whoever presses wants to see it now.
  await tx.webhookEndpoint.updateMany({ where: { accountId: ctx.accountId, id }, data: { restUntil: null } })
}

export interface ClaimedDelivery {
  endpointId: string
  id: string
  type: DeliveryType
  contactId: string | null
  conversationId: string | null
  messageId: string | null
  facts: Record<string, unknown>
  happenedAt: Date
  attempts: number
  url: Uint8Array
  secret: Uint8Array
  previousSecret: Uint8Array | null
  previousUntil: Date | null
}

/** A claim lasts this long; a worker that dies with a delivery in hand only delays it, milliseconds. */
const lease = 60_000

/** Takes what is due, the longest due first. Several workers never have the same one in hand at once. */
export async function claimDeliveries(tx: Tx, ctx: Ctx, most: number): Promise<ClaimedDelivery[]> {
  const now = ctx.now()
  return tx.$queryRaw<ClaimedDelivery[]>`
    WITH due AS (
      SELECT d.endpoint_id, d.id FROM webhook_delivery d
      JOIN webhook_endpoint e ON e.account_id = d.account_id AND e.id = d.endpoint_id
      WHERE d.account_id = ${ctx.accountId}::uuid AND d.state = 'queued' AND d.due_at <= ${now}
        AND e.enabled AND (e.rest_until IS NULL OR e.rest_until <= ${now})
      ORDER BY d.due_at LIMIT ${most} FOR UPDATE OF d SKIP LOCKED
    )
    UPDATE webhook_delivery d SET attempts = d.attempts + 1, due_at = ${new Date(now.getTime() + lease)}
    FROM due, webhook_endpoint e
    WHERE d.account_id = ${ctx.accountId}::uuid AND d.endpoint_id = due.endpoint_id AND d.id = due.id
      AND e.account_id = d.account_id AND e.id = d.endpoint_id
    RETURNING d.endpoint_id AS "endpointId", d.id, d.type, d.contact_id AS "contactId", d.conversation_id AS "conversationId",
      d.message_id AS "messageId", d.facts, d.happened_at AS "happenedAt", d.attempts, e.url, e.secret,
      e.previous_secret AS "previousSecret", e.previous_until AS "previousUntil"`
}

export type Outcome =
  | { kind: 'answered'; status: number; answer: Uint8Array<ArrayBuffer> | null }
  | { kind: 'unanswered'; error: WhyNot }
  /** What it is about is gone. */
  | { kind: 'gone' }

/**
 * Writes down how an attempt went. Whoever has lost the delivery meanwhile (another worker has it, it was sent again by hand, or
 * erased) writes nothing. @returns why the endpoint has just been switched off, if it was
 */
export async function markDelivery(
  tx: Tx,
  ctx: Ctx,
  { endpointId, id, attempts }: Pick<ClaimedDelivery, 'endpointId' | 'id' | 'attempts'>,
  outcome: Outcome,
): Promise<'failing' | 'gone' | null> {
  const { accountId } = ctx
  const now = ctx.now()
  const arrived = outcome.kind === 'answered' && outcome.status >= 200 && outcome.status < 300
  const pause = pauseAfter(attempts, ctx.random())
  // The endpoint's row first, as everywhere: who switches it off touches its deliveries after it.
  const [endpoint] = await tx.$queryRaw<{ failures: number; since: Date | null; enabled: boolean }[]>`
    SELECT failures, failing_since AS since, enabled FROM webhook_endpoint
    WHERE account_id = ${accountId}::uuid AND id = ${endpointId}::uuid FOR NO KEY UPDATE`
  const state = outcome.kind === 'gone' ? 'dropped' : arrived ? 'sent' : pause === null ? 'failed' : 'queued'
  const { count } = await tx.webhookDelivery.updateMany({
    where: { accountId, endpointId, id, state: 'queued', attempts },
    data: {
      state,
      status: outcome.kind === 'answered' ? outcome.status : null,
      answer: outcome.kind === 'answered' ? outcome.answer : null,
      error: outcome.kind === 'unanswered' ? outcome.error : outcome.kind === 'gone' ? 'gone' : null,
      ...(state === 'queued' ? { dueAt: new Date(now.getTime() + (pause ?? 0)) } : { endedAt: now }),
    },
  })
  if (!count || !endpoint?.enabled || outcome.kind === 'gone') return null
  if (arrived) {
    const where = { accountId, id: endpointId, failures: { gt: 0 } }
    await tx.webhookEndpoint.updateMany({ where, data: { failingSince: null, failures: 0, restUntil: null } })
    return null
  }
  return noteFailure(tx, ctx, endpointId, endpoint, outcome.kind === 'answered' && outcome.status === 410)
}

/** @param gone the endpoint itself says that it is there no more (HTTP 410) */
async function noteFailure(
  tx: Tx,
  ctx: Ctx,
  id: string,
  before: { failures: number; since: Date | null },
  gone: boolean,
): Promise<'failing' | 'gone' | null> {
  const { accountId } = ctx
  const now = ctx.now()
  const failures = before.failures + 1
  const since = before.since ?? now
  const because = gone ? 'gone' : now.getTime() - since.getTime() >= givenUpAfter ? 'failing' : null
  const rest = restAfter(failures)
  await tx.webhookEndpoint.updateMany({
    where: { accountId, id },
    data: {
      failures,
      failingSince: since,
      restUntil: rest ? new Date(now.getTime() + rest) : null,
      ...(because ? { enabled: false, offBecause: because } : {}),
    },
  })
  if (because) {
    await dropQueued(tx, ctx, id)
    await keepCursor(tx, ctx)
  }
  return because
}

/** What was told about a person leaves with them. */
export async function eraseDeliveries(tx: Tx, ctx: Ctx, contactId: string): Promise<void> {
  await tx.webhookDelivery.deleteMany({ where: { accountId: ctx.accountId, contactId } })
}

/** What was told about a stranger is about the person they turned out to be; the stranger's key, which sealed the answers, goes. */
export async function moveDeliveries(tx: Tx, ctx: Ctx, from: string, to: string): Promise<void> {
  const where = { accountId: ctx.accountId, contactId: from }
  await tx.webhookDelivery.updateMany({ where, data: { contactId: to, answer: null } })
}

/** Accounts with news after their cursor, or with something due. System role. */
export const accountsWithWork = (tx: Tx, now: Date): Promise<{ accountId: string; news: boolean; due: boolean }[]> =>
  tx.$queryRaw`
    SELECT * FROM (
      SELECT c.account_id AS "accountId",
        EXISTS (SELECT 1 FROM event e WHERE e.account_id = c.account_id AND (e.xid, e.id) > (c.xid, c.id))
          -- Of another database, before a restore: it has to be set anew.
          OR c.xid > (pg_snapshot_xmax(pg_current_snapshot())::text)::bigint AS news,
        EXISTS (SELECT 1 FROM webhook_delivery d WHERE d.account_id = c.account_id AND d.state = 'queued' AND d.due_at <= ${now}) AS due
      FROM webhook_cursor c
    ) w WHERE w.news OR w.due`

/** Days for which the log is kept. */
const keep = 7

/** System role. */
export const removeOldDeliveries = (tx: Tx, now: Date): Promise<{ count: number }> =>
  tx.webhookDelivery.deleteMany({ where: { createdAt: { lt: new Date(now.getTime() - keep * 86_400_000) } } })
