/**
 * Moves a visitor's threads to the contact they turned out to be: texts are sealed anew under that contact's key, sequences go
 * on after what is there, and the conversation the visitor is in stays the living one.
 */
import type { Ctx } from '@/lib/platform/context'
import type { Box } from '@/lib/platform/crypto/vault'
import type { Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { type ConversationState, priorities } from './activity'
import { applyChange, lockConversation } from './change'
import { about } from './sealed'

export interface Party {
  id: string
  box: Box
}

interface Thread {
  id: string
  displayId: number
  inboxId: string
  contactId: string
  lastSequence: bigint
  readSequence: bigint
  supersededBy: string | null
  preview: Uint8Array | null
}

/** Locks the threads of both; in id order and before the contacts themselves, as the visitor's path does. */
export async function lockThreads(tx: Tx, ctx: Ctx, contactIds: readonly string[]): Promise<void> {
  await tx.$queryRaw`SELECT 1 AS locked FROM conversation
    WHERE account_id = ${ctx.accountId}::uuid AND contact_id = ANY (${contactIds}::uuid[]) ORDER BY id FOR UPDATE`
}

/** Both contacts and their threads must be locked. */
export async function moveThreads(tx: Tx, ctx: Ctx, from: Party, to: Party): Promise<void> {
  const threads = await tx.conversation.findMany({
    where: { contactId: { in: [from.id, to.id] } },
    orderBy: { id: 'asc' },
    select: {
      id: true,
      displayId: true,
      inboxId: true,
      contactId: true,
      lastSequence: true,
      readSequence: true,
      supersededBy: true,
      preview: true,
    },
  })
  const inboxes = new Set(threads.filter((thread) => thread.contactId === from.id).map((thread) => thread.inboxId))
  for (const inboxId of inboxes) {
    const here = threads.filter((thread) => thread.inboxId === inboxId)
    await moveInbox(
      tx,
      ctx,
      { ...from, threads: here.filter((thread) => thread.contactId === from.id) },
      { ...to, threads: here.filter((thread) => thread.contactId === to.id) },
    )
  }
}

type Side = Party & { threads: Thread[] }
const living = (side: Side) => side.threads.find((thread) => thread.supersededBy === null)

/** Each thread but the first goes on after another. */
const firstOf = ({ threads }: Side) =>
  threads.find(({ id }) => !threads.some((other) => other.supersededBy === id)) as Thread

async function moveInbox(tx: Tx, ctx: Ctx, from: Side, to: Side): Promise<void> {
  const [current, earlier] = [living(from), living(to)]
  const inherited = current && earlier ? await giveWay(tx, ctx, earlier, firstOf(from), current) : {}
  // After the line that giving way may have written.
  const known = to.threads.length
    ? await tx.conversation.aggregate({
        where: { id: { in: to.threads.map(({ id }) => id) } },
        _max: { lastSequence: true },
      })
    : null
  const base = known?._max.lastSequence ?? 0n
  for (const thread of from.threads)
    await tx.conversation.updateMany({
      where: { id: thread.id },
      data: {
        contactId: to.id,
        lastSequence: thread.lastSequence + base,
        readSequence: thread.readSequence + base,
        ...(thread.preview
          ? { preview: reseal(from, to, thread.preview, about.preview(from.id), about.preview(to.id)) }
          : {}),
      },
    })
  await moveMessages(tx, ctx, from, to, base)
  if (!current) return
  const now = await lockConversation(tx, ctx, current.id)
  await applyChange(tx, ctx, now, inherited, { type: 'identified' })
  // Desks that show it hold the old sequences.
  if (base > 0n)
    await tell(tx, ctx, { type: 'conversation.updated', conversationId: current.id, data: { because: 'renumbered' } })
}

function reseal(from: Party, to: Party, sealed: Uint8Array, was: string, now = was): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(to.box.seal(from.box.open(sealed, was), now))
}

/** So many texts are in memory at a time. */
const portion = 500

async function moveMessages(tx: Tx, ctx: Ctx, from: Side, to: Party, base: bigint): Promise<void> {
  const ids = from.threads.map(({ id }) => id)
  for (let after = ''; ; ) {
    const rows = await tx.message.findMany({
      where: { conversationId: { in: ids }, ...(after ? { id: { gt: after } } : {}) },
      orderBy: { id: 'asc' },
      take: portion,
      select: { id: true, body: true },
    })
    const bodies = rows.map(({ id, body }) =>
      body ? Buffer.from(reseal(from, to, body, about.body(id))).toString('base64') : null,
    )
    // A client id that both have used stays with the one that is known. Below zero first: a new sequence may be another's old one.
    await tx.$executeRaw`
      UPDATE message m SET body = decode(g.body, 'base64'), sequence = -(m.sequence + ${base}),
        contact_id = CASE WHEN m.contact_id = ${from.id}::uuid THEN ${to.id}::uuid ELSE m.contact_id END,
        client_id = CASE WHEN m.contact_id = ${from.id}::uuid AND EXISTS (SELECT 1 FROM message o WHERE o.account_id = m.account_id
          AND o.contact_id = ${to.id}::uuid AND o.client_id = m.client_id) THEN NULL ELSE m.client_id END
      FROM unnest(${rows.map(({ id }) => id)}::uuid[], ${bodies}::text[]) AS g (id, body)
      WHERE m.account_id = ${ctx.accountId}::uuid AND m.id = g.id`
    if (rows.length < portion) break
    after = rows.at(-1)?.id ?? ''
  }
  await tx.$executeRaw`UPDATE message SET sequence = -sequence
    WHERE account_id = ${ctx.accountId}::uuid AND conversation_id = ANY (${ids}::uuid[]) AND sequence < 0`
}

/**
 * One conversation of a contact lives at a time: the earlier one ends, and what was open in it goes on in the one the visitor is
 * in now. Answers with what that one takes over.
 */
async function giveWay(
  tx: Tx,
  ctx: Ctx,
  earlier: Thread,
  next: Thread,
  current: Thread,
): Promise<Partial<ConversationState>> {
  const old = await lockConversation(tx, ctx, earlier.id)
  const now = await lockConversation(tx, ctx, current.id)
  const supersededBy = { where: { id: earlier.id }, data: { supersededBy: next.id } }
  if (old.status === 'resolved') {
    await tx.conversation.updateMany(supersededBy)
    return {}
  }
  const ended = {
    status: 'resolved',
    resolvedAt: ctx.now().toISOString(),
    snoozedUntil: null,
    waitingSince: null,
  } as const
  await applyChange(tx, ctx, old, ended, { type: 'continued', number: current.displayId })
  await tx.conversation.updateMany(supersededBy)
  await tx.$executeRaw`INSERT INTO conversation_label (account_id, conversation_id, label_id)
    SELECT account_id, ${current.id}::uuid, label_id FROM conversation_label
    WHERE account_id = ${ctx.accountId}::uuid AND conversation_id = ${earlier.id}::uuid ON CONFLICT DO NOTHING`
  const waiting = [old.waitingSince, now.waitingSince].filter((at) => at !== null).sort()
  const rank = (priority: ConversationState['priority']) => priorities.indexOf(priority)
  return {
    waitingSince: waiting[0] ?? null,
    priority: rank(old.priority) > rank(now.priority) ? old.priority : now.priority,
    needsPerson: old.needsPerson || now.needsPerson,
    ...(now.assigneeId || now.teamId ? {} : { assigneeId: old.assigneeId, teamId: old.teamId }),
    ...(now.status === 'resolved' ? { status: old.status, snoozedUntil: old.snoozedUntil, resolvedAt: null } : {}),
  }
}

/** The living conversation says in its transcript that the website vouched for the visitor. */
export async function noteIdentified(tx: Tx, ctx: Ctx, contactId: string): Promise<void> {
  const rows = await tx.conversation.findMany({ where: { contactId, supersededBy: null }, select: { id: true } })
  for (const { id } of rows.sort((a, b) => (a.id < b.id ? -1 : 1)))
    await applyChange(tx, ctx, await lockConversation(tx, ctx, id), {}, { type: 'identified' })
}
