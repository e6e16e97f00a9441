/** The review: messages whose label would teach most, so that few labels make much of a difference. */
import { flagReasons, type ReviewReason, reviewReasons } from '@/lib/core/learning'
import type { Ctx } from '@/lib/platform/context'
import type { AccountVault } from '@/lib/platform/crypto/vault'
import type { Tx } from '@/lib/platform/db/in-account'
import { cleanText } from '@/models/text/clean'
import { nearlySame } from '@/models/text/cluster'
import { countLearned, opened, type SealedText } from './examples'
import { reviewedAtMost } from './input'
import { type Doubted, inReviewOrder } from './order'

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
  /** Null where no model has said anything. */
  said: { intent: string; probability: number } | null
  /** What the other model of a trial says, if it is something else. */
  other: string | null
  reason: ReviewReason
}

/** How far back, and how many of the most doubtful are opened: each costs a decryption, and the order a tenth of a second. */
const looked = 3_000
const openedAtMost = 480
/** A surer answer than this is not asked about, unless its intent asks for more. */
const sure = 0.9

export interface DoubtfulRow extends SealedText {
  message_id: string
  /** Both null where no model has said anything. */
  intent: string | null
  intent_probability: number | null
  other: string | null
  reason: ReviewReason
  display_id: bigint
  created_at: Date
  /** Of all that are asked for, however many are read. */
  total: number
}

/**
 * What people sent, and the newest doubtful messages without a person's word on what they are about; or only those of one reason,
 * or those outside every intent.
 * A word that was given after a message was sent settles it.
 */
export async function doubtful(
  tx: Tx,
  ctx: Ctx,
  {
    reason,
    said,
    outside = false,
    most = openedAtMost,
  }: {
    reason?: ReviewReason | undefined
    /** What the model took it for. */
    said?: string | undefined
    outside?: boolean
    most?: number
  } = {},
): Promise<DoubtfulRow[]> {
  const { accountId } = ctx
  return tx.$queryRaw<DoubtfulRow[]>`
    SELECT *, count(*) OVER ()::int AS total FROM (
      SELECT q.message_id, NULL::uuid AS example_id, m.contact_id, c.key AS contact_key, m.body AS sealed, n.intent,
        p.intent_probability, p.in_scope, nullif(n.other, n.intent) AS other, k.display_id, m.created_at,
        CASE WHEN f.reason IS NOT NULL THEN f.reason
          WHEN n.other <> n.intent THEN 'disagreed'
          WHEN NOT p.in_scope THEN 'abstained'
          WHEN p.intent_probability < greatest(${sure}::real, i.threshold) THEN 'uncertain' END AS reason
      FROM (
        (SELECT message_id FROM prediction WHERE account_id = ${accountId}::uuid ORDER BY message_id DESC LIMIT ${looked})
        UNION
        (SELECT message_id FROM review_flag WHERE account_id = ${accountId}::uuid ORDER BY created_at DESC LIMIT ${openedAtMost})
      ) q
      JOIN message m ON m.account_id = ${accountId}::uuid AND m.id = q.message_id AND m.body IS NOT NULL
      JOIN contact c ON c.account_id = ${accountId}::uuid AND c.id = m.contact_id
      JOIN conversation k ON k.account_id = ${accountId}::uuid AND k.id = m.conversation_id
      LEFT JOIN prediction p ON p.account_id = ${accountId}::uuid AND p.message_id = q.message_id
      LEFT JOIN review_flag f ON f.account_id = ${accountId}::uuid AND f.message_id = q.message_id
      -- The version that is tried, else the predecessor that goes on reading along.
      LEFT JOIN LATERAL (SELECT s.intent FROM shadow_prediction s JOIN model_trial t ON t.account_id = s.account_id AND t.id = s.trial_id
        WHERE s.account_id = ${accountId}::uuid AND s.message_id = q.message_id AND t.ended IS NULL AND s.intent <> p.intent
        ORDER BY t.share LIMIT 1) s ON true
      LEFT JOIN intent a ON a.account_id = ${accountId}::uuid AND a.key = p.intent
      LEFT JOIN intent b ON b.account_id = ${accountId}::uuid AND b.key = s.intent
      -- What was merged since goes by its new name: it is what people choose, and asks for what that one asks for.
      CROSS JOIN LATERAL (SELECT coalesce(a.merged_into, p.intent) AS intent, coalesce(b.merged_into, s.intent) AS other) n
      LEFT JOIN intent i ON i.account_id = ${accountId}::uuid AND i.key = n.intent
      WHERE NOT EXISTS (SELECT FROM correction r WHERE r.account_id = ${accountId}::uuid AND r.message_id = q.message_id
          AND r.field = 'intent' AND r.undone_at IS NULL AND (f.created_at IS NULL OR r.created_at >= f.created_at))
        AND NOT EXISTS (SELECT FROM review_discard d WHERE d.account_id = ${accountId}::uuid AND d.message_id = q.message_id)
    ) all_of_it
    WHERE reason IS NOT NULL AND (NOT ${outside} OR NOT in_scope) AND (${reason ?? null}::text IS NULL OR reason = ${reason ?? null})
      AND (${said ?? null}::text IS NULL OR intent = ${said ?? null})
    ORDER BY array_position(${[...reviewReasons]}::text[], reason), intent_probability, message_id DESC LIMIT ${most}`
}

type Doubt = Omit<ReviewItem, 'texts'> & ReviewText

const isSent = ({ reason }: { reason: ReviewReason }) => (flagReasons as readonly string[]).includes(reason)

/** What people sent first, then what models disagree about, then all other doubt; of both the most instructive first. `left`: messages in all. */
export async function listReview(
  tx: Tx,
  ctx: Ctx,
  vault: AccountVault,
  { most, ...only }: { most: number; reason?: ReviewReason | undefined; said?: string | undefined },
): Promise<{ items: ReviewItem[]; left: number }> {
  const doubts = new Map<string, Doubt>()
  const rows = await doubtful(tx, ctx, only)
  let left = rows[0]?.total ?? 0
  for (const row of rows) {
    const text = opened(ctx, vault, row)
    const key = cleanText(text)
    if (!key) {
      left -= 1
      continue
    }
    const known = doubts.get(key)
    known?.messageIds.push(row.message_id)
    if (known) continue
    doubts.set(key, {
      messageIds: [row.message_id],
      text,
      said: row.intent === null ? null : { intent: row.intent, probability: row.intent_probability as number },
      other: row.other,
      reason: row.reason,
      displayId: Number(row.display_id),
      createdAt: row.created_at.toISOString(),
    })
  }
  const all = [...doubts.values()]
  const disagreed = all.filter((doubt) => doubt.reason === 'disagreed')
  const rest = all.filter((doubt) => doubt.reason === 'abstained' || doubt.reason === 'uncertain')
  const counts = await countLearned(tx, ctx)
  const labels = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const ranked = (some: readonly Doubt[]) =>
    inReviewOrder(some.map(asDoubted), { most, labels, intents: counts.size }).map(({ of }) => of)
  const items = together([...all.filter(isSent), ...ranked(disagreed), ...ranked(rest)]).slice(0, most)
  return { items, left }
}

const asDoubted = (doubt: Doubt): Doubted & { of: Doubt } => ({
  of: doubt,
  text: doubt.text,
  intent: doubt.said?.intent ?? null,
  // Where no intent covers a text, how sure the model is of one says nothing.
  doubt: doubt.reason === 'uncertain' ? 1 - (doubt.said?.probability ?? 0) : 1,
})

const kindOf = (doubt: Doubt) => JSON.stringify([doubt.said?.intent, doubt.other, isSent(doubt) && doubt.reason])

/** What reads nearly the same is one question, unless the models take it for different things. Each stands where its first stood. */
export function together(doubts: readonly Doubt[]): ReviewItem[] {
  const items: { first: number; item: ReviewItem }[] = []
  for (const group of nearlySame(doubts.map(({ text }) => text))) {
    const kinds = new Map<string, number[]>()
    for (const at of group) {
      const kind = kindOf(doubts[at] as Doubt)
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
