/** The review: messages whose label would teach most, so that few labels make much of a difference. */
import type { Ctx } from '@/lib/platform/context'
import type { AccountVault } from '@/lib/platform/crypto/vault'
import type { Tx } from '@/lib/platform/db/in-account'
import { cleanText } from '@/models/text/clean'
import { nearlySame } from '@/models/text/cluster'
import { opened, type SealedText } from './examples'
import { reviewedAtMost } from './input'

/** disagreed: the other model of a running trial says something else. */
export type ReviewReason = 'disagreed' | 'abstained' | 'uncertain'

/** A text, with every message that reads the same. */
export interface ReviewText {
  messageIds: string[]
  text: string
  /** Number of the newest one's conversation. */
  displayId: number
  createdAt: string
}

/** Texts that say nearly the same and are taken for the same, asked about once. */
export interface ReviewItem {
  /** The most typical first. */
  texts: ReviewText[]
  said: { intent: string; probability: number }
  /** What the other model of a trial says, if it is something else. */
  other: string | null
  reason: ReviewReason
}

/** How far back, and how many of the most doubtful are opened: each costs a decryption. */
const looked = 3_000
const openedAtMost = 240
/** A surer answer than this is not asked about. */
const sure = 0.9

export interface DoubtfulRow extends SealedText {
  message_id: string
  intent: string
  intent_probability: number
  in_scope: boolean
  other: string | null
  display_id: bigint
  created_at: Date
}

/** Newest doubtful messages without a person's word on what they are about; or only those outside every intent. */
export async function doubtful(
  tx: Tx,
  ctx: Ctx,
  { outside = false, most = openedAtMost } = {},
): Promise<DoubtfulRow[]> {
  const { accountId } = ctx
  return tx.$queryRaw<DoubtfulRow[]>`
    SELECT p.message_id, NULL::uuid AS example_id, m.contact_id, c.key AS contact_key, m.body AS sealed, p.intent,
      p.intent_probability, p.in_scope, s.intent AS other, k.display_id, m.created_at
    FROM (
      SELECT message_id, intent, intent_probability, in_scope FROM prediction
      WHERE account_id = ${accountId}::uuid ORDER BY message_id DESC LIMIT ${looked}
    ) p
    JOIN message m ON m.account_id = ${accountId}::uuid AND m.id = p.message_id AND m.body IS NOT NULL
    JOIN contact c ON c.account_id = ${accountId}::uuid AND c.id = m.contact_id
    JOIN conversation k ON k.account_id = ${accountId}::uuid AND k.id = m.conversation_id
    LEFT JOIN model_trial t ON t.account_id = ${accountId}::uuid AND t.ended IS NULL
    LEFT JOIN shadow_prediction s ON s.account_id = ${accountId}::uuid AND s.trial_id = t.id AND s.message_id = p.message_id
      AND s.intent <> p.intent
    WHERE (NOT p.in_scope OR p.intent_probability < ${sure} OR s.intent IS NOT NULL)
      AND (NOT ${outside} OR NOT p.in_scope)
      AND NOT EXISTS (SELECT FROM correction r WHERE r.account_id = ${accountId}::uuid AND r.message_id = p.message_id
        AND r.field = 'intent' AND r.undone_at IS NULL)
      AND NOT EXISTS (SELECT FROM review_discard d WHERE d.account_id = ${accountId}::uuid AND d.message_id = p.message_id)
    ORDER BY s.intent IS NULL, p.in_scope, p.intent_probability, p.message_id DESC LIMIT ${most}`
}

/** One of each intent in turn: labels for one kind of doubt alone would teach little. */
export function inTurn<T extends { intent: string }>(rows: readonly T[]): T[] {
  const lanes = new Map<string, T[]>()
  for (const row of rows) lanes.set(row.intent, [...(lanes.get(row.intent) ?? []), row])
  const longest = Math.max(0, ...[...lanes.values()].map((lane) => lane.length))
  return Array.from({ length: longest }, (_, at) => [...lanes.values()].flatMap((lane) => lane[at] ?? [])).flat()
}

type Doubt = Omit<ReviewItem, 'texts'> & ReviewText

/** The most instructive first. */
export async function listReview(tx: Tx, ctx: Ctx, vault: AccountVault, most: number): Promise<ReviewItem[]> {
  const doubts = new Map<string, Doubt>()
  for (const row of inTurn(await doubtful(tx, ctx))) {
    const text = opened(ctx, vault, row)
    const key = cleanText(text)
    if (!key) continue
    const known = doubts.get(key)
    known?.messageIds.push(row.message_id)
    if (known) continue
    doubts.set(key, {
      messageIds: [row.message_id],
      text,
      said: { intent: row.intent, probability: row.intent_probability },
      other: row.other,
      reason: row.other ? 'disagreed' : row.in_scope ? 'uncertain' : 'abstained',
      displayId: Number(row.display_id),
      createdAt: row.created_at.toISOString(),
    })
  }
  return together([...doubts.values()]).slice(0, most)
}

/** What reads nearly the same is one question, unless the models take it for different things. Each stands where its first stood. */
export function together(doubts: readonly Doubt[]): ReviewItem[] {
  const items: { first: number; item: ReviewItem }[] = []
  for (const group of nearlySame(doubts.map(({ text }) => text))) {
    const kinds = new Map<string, number[]>()
    for (const at of group) {
      const kind = JSON.stringify([doubts[at]?.said.intent, doubts[at]?.other])
      kinds.set(kind, [...(kinds.get(kind) ?? []), at])
    }
    for (const places of kinds.values()) {
      const first = Math.min(...places)
      const { said, other, reason } = doubts[first] as Doubt
      items.push({ first, item: { texts: atMost(places.map((at) => doubts[at] as Doubt)), said, other, reason } })
    }
  }
  return items.sort((a, b) => a.first - b.first).map(({ item }) => item)
}

/** As many as one press labels; the others come the next time. */
function atMost(texts: readonly Doubt[]): ReviewText[] {
  let room = reviewedAtMost
  return texts.flatMap(({ messageIds, text, displayId, createdAt }) => {
    const ids = messageIds.slice(0, room)
    room -= ids.length
    return ids.length ? [{ messageIds: ids, text, displayId, createdAt }] : []
  })
}

/** Takes messages out of the review. */
export async function discardFromReview(
  tx: Tx,
  ctx: Ctx,
  { messageIds, authorId }: { messageIds: readonly string[]; authorId: string },
): Promise<void> {
  const { accountId } = ctx
  const found = await tx.message.findMany({
    where: { accountId, id: { in: [...messageIds] }, kind: 'incoming' },
    select: { id: true },
  })
  await tx.reviewDiscard.createMany({
    data: found.map(({ id }) => ({ accountId, messageId: id, authorId, createdAt: ctx.now() })),
    skipDuplicates: true,
  })
}

/** Brings them back. */
export async function restoreToReview(tx: Tx, ctx: Ctx, messageIds: readonly string[]): Promise<void> {
  await tx.reviewDiscard.deleteMany({ where: { accountId: ctx.accountId, messageId: { in: [...messageIds] } } })
}
