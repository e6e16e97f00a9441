/**
 * Makes deliveries from an account's event rows, behind its cursor and in one transaction with it: whatever happened is in the outbox
 * of each endpoint that wants it, and the visitor's path writes nothing for it.
 */
import type { StoredActivity } from '@/lib/features/conversations/activity'
import { labelsOf } from '@/lib/features/predictions/labels'
import type { WebhookEvent } from '@/lib/features/webhooks/events'
import { type Happened, queueDeliveries } from '@/lib/features/webhooks/outbox'
import type { Ctx } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'

/** Event rows of one transaction. */
const portion = 200

interface News {
  xid: bigint
  id: bigint
  type: string
  conversationId: string | null
  messageId: string | null
  data: Record<string, unknown>
  at: Date
}

/** Returns how many event rows were looked at; another worker that is at it already is left alone. */
export async function deriveWebhooks(ctx: Ctx): Promise<number> {
  let seen = 0
  for (let read = portion; read === portion; seen += read) read = await inAccount(ctx, (tx) => derive(tx, ctx))
  return seen
}

async function derive(tx: Tx, ctx: Ctx): Promise<number> {
  const { accountId } = ctx
  const [cursor] = await tx.$queryRaw<{ xid: bigint; id: bigint }[]>`
    SELECT xid, id FROM webhook_cursor WHERE account_id = ${accountId}::uuid FOR UPDATE SKIP LOCKED`
  if (!cursor) return 0
  const [here] = await tx.$queryRaw<{ xid: bigint }[]>`SELECT news_horizon() AS xid`
  const horizon = here?.xid ?? 0n
  const news =
    cursor.xid > horizon
      ? []
      : await tx.$queryRaw<News[]>`
        SELECT xid, id, type, conversation_id AS "conversationId", message_id AS "messageId", data, created_at AS at FROM event
        WHERE account_id = ${accountId}::uuid AND (xid, id) > (${cursor.xid}, ${cursor.id}) AND xid < ${horizon}
        ORDER BY xid, id LIMIT ${portion}`
  // A cursor of another database, from before a restore, would wait for long.
  const last = news.at(-1) ?? (cursor.xid > horizon ? { xid: horizon, id: 0n } : null)
  if (!last) return 0
  const endpoints = await tx.webhookEndpoint.findMany({
    where: { accountId, enabled: true },
    select: { id: true, events: true, createdAt: true },
  })
  const wanted = new Set(endpoints.flatMap(({ events }) => events))
  const happened = (await whatHappened(tx, ctx, news)).filter(({ type }) => wanted.has(type))
  await queueDeliveries(tx, ctx, endpoints, await withFacts(tx, ctx, happened))
  await tx.webhookCursor.updateMany({ where: { accountId }, data: { xid: last.xid, id: last.id } })
  return news.length
}

interface Said {
  id: string
  kind: string
  private: boolean
  label_state: string
  activity: StoredActivity | null
  first: boolean
  reopens: boolean
}

/** The messages of the news, and what a visitor's does to its conversation: begin it, or bring it back after it was resolved. */
async function messagesOf(tx: Tx, ctx: Ctx, ids: readonly string[]): Promise<Map<string, Said>> {
  const rows = await tx.$queryRaw<Said[]>`
    SELECT m.id, m.kind, m.private, m.label_state, m.activity,
      m.kind = 'incoming' AND NOT EXISTS (SELECT 1 FROM message f WHERE f.account_id = m.account_id
        AND f.conversation_id = m.conversation_id AND f.sequence < m.sequence) AS first,
      m.kind = 'incoming' AND coalesce((SELECT b.activity -> 'set' ->> 'status' FROM message b WHERE b.account_id = m.account_id
        AND b.conversation_id = m.conversation_id AND b.sequence < m.sequence
        AND (b.kind = 'incoming' OR b.activity -> 'set' ? 'status') ORDER BY b.sequence DESC LIMIT 1) = 'resolved', false) AS reopens
    FROM message m WHERE m.account_id = ${ctx.accountId}::uuid AND m.id = ANY (${ids}::uuid[])`
  return new Map(rows.map((row) => [row.id, row]))
}

async function whatHappened(tx: Tx, ctx: Ctx, news: readonly News[]): Promise<Happened[]> {
  const ids = [...new Set(news.flatMap(({ messageId }) => messageId ?? []))]
  const said = await messagesOf(tx, ctx, ids)
  return news.flatMap((one) => happenedIn(one, said.get(one.messageId ?? '')))
}

function happenedIn({ id, type, conversationId, messageId, data, at }: News, said: Said | undefined): Happened[] {
  const once = `${id} ${at.getTime()}`
  const about = { at, conversationId, messageId }
  const is = (what: WebhookEvent, key = `${what} ${once}`, facts: object = {}): Happened => ({
    ...about,
    ...{ type: what, key, facts },
  })
  const labelled = is('message.labelled', `message.labelled ${messageId}`)
  if (type === 'account.updated' && data.part === 'contact' && data.erased)
    return [{ ...is('contact.erased', `contact.erased ${data.contactId}`), contactId: String(data.contactId) }]
  if (type === 'message.labelled') return [labelled]
  if (type === 'message.created') {
    // Notes are among people of the desk.
    if (!said || said.private) return []
    return [
      ...(said.first ? [is('conversation.created', `conversation.created ${conversationId}`)] : []),
      ...(said.reopens ? [is('conversation.reopened')] : []),
      is('message.created', `message.created ${messageId}`),
      ...(said.label_state === 'labelled' ? [labelled] : []),
    ]
  }
  if (type !== 'conversation.updated') return []
  if (data.because === 'corrected') return [is('message.labelled')]
  return moved(data, said?.activity ?? null).map((what) => ({
    ...is(what, undefined, what === 'conversation.updated' ? { because: data.because } : {}),
    messageId: null,
  }))
}

/** News for the desk alone. */
const inside = new Set(['read', 'renumbered', 'flagged'])

/** What a change of a conversation is called; its line in the transcript says what it moved, or what taking it back did. */
function moved(data: News['data'], line: StoredActivity | null): WebhookEvent[] {
  if (typeof data.because !== 'string' || inside.has(data.because)) return []
  const { was = {}, set = {} } = line ?? {}
  const [from, to] = line ? [was.status, set.status] : [data.from, data.to]
  return [
    ...(to === 'resolved' ? (['conversation.resolved'] as const) : []),
    ...(from === 'resolved' && to !== 'resolved' ? (['conversation.reopened'] as const) : []),
    ...('assigneeId' in set || 'teamId' in set || data.assigned ? (['conversation.assigned'] as const) : []),
    'conversation.updated',
  ]
}

/** Adds how the conversation stands and what a message was labelled with; what is about a conversation that is gone is left out. */
async function withFacts(tx: Tx, ctx: Ctx, happened: readonly Happened[]): Promise<Happened[]> {
  const { accountId } = ctx
  const ids = [...new Set(happened.flatMap(({ conversationId }) => conversationId ?? []))]
  const rows = await tx.conversation.findMany({
    where: { accountId, id: { in: ids } },
    select: {
      ...{ id: true, displayId: true, inboxId: true, contactId: true, status: true, priority: true },
      ...{ assigneeId: true, teamId: true, createdAt: true },
    },
  })
  const conversations = new Map(rows.map((row) => [row.id, row]))
  const toLabel = happened.flatMap(({ type, messageId }) => (type === 'message.labelled' ? (messageId ?? []) : []))
  const labels = await labelsOf(tx, ctx, toLabel)
  return happened.flatMap((one) => {
    if (one.type === 'contact.erased') return [one]
    const row = conversations.get(one.conversationId ?? '')
    const label = labels.get(one.messageId ?? '')
    if (!row || (one.type === 'message.labelled' && !label)) return []
    const { displayId: number, contactId, createdAt, ...conversation } = row
    const facts = {
      ...one.facts,
      conversation: { ...conversation, number, createdAt: createdAt.toISOString() },
      ...(one.type === 'message.labelled' ? { labels: label } : {}),
    }
    return [{ ...one, contactId, facts }]
  })
}
