/** What became of messages that were asked about: labels that people gave, and messages that they put aside. */
import type { ReviewedState } from '@/lib/core/learning'
import type { Ctx } from '@/lib/platform/context'
import type { AccountVault } from '@/lib/platform/crypto/vault'
import { Prisma } from '@/lib/platform/db/generated/client'
import type { Tx } from '@/lib/platform/db/in-account'
import { opened, type SealedText } from './examples'

export interface Reviewed {
  messageId: string
  text: string
  /** Number of its conversation. */
  displayId: number
  /** The label that was given, and what stood there before; null for what was put aside. */
  intent: string | null
  was: string | null
  authorId: string
  at: string
}

interface Row extends SealedText {
  message_id: string
  intent: string | null
  was: string | null
  author_id: string
  at: Date
  display_id: bigint
}

/** The newest first. What was sent to the review again since is new again, and not among them. */
export async function listReviewed(
  tx: Tx,
  ctx: Ctx,
  vault: AccountVault,
  { state, skip, most }: { state: ReviewedState; skip: number; most: number },
): Promise<{ items: Reviewed[]; more: boolean }> {
  const { accountId } = ctx
  const there = (of: string) => Prisma.sql`EXISTS (SELECT FROM message m WHERE m.account_id = ${accountId}::uuid
    AND m.id = ${Prisma.raw(of)}.message_id AND m.body IS NOT NULL)`
  const done =
    state === 'submitted'
      ? Prisma.sql`SELECT r.message_id, r.now AS intent, r.was, r.author_id, r.created_at AS at FROM correction r
          WHERE r.account_id = ${accountId}::uuid AND r.field = 'intent' AND r.undone_at IS NULL AND ${there('r')}
            AND NOT EXISTS (SELECT FROM correction l WHERE l.account_id = r.account_id AND l.message_id = r.message_id
              AND l.field = 'intent' AND l.undone_at IS NULL AND (l.created_at, l.id) > (r.created_at, r.id))
            AND NOT EXISTS (SELECT FROM review_flag f WHERE f.account_id = r.account_id AND f.message_id = r.message_id
              AND f.created_at > r.created_at)
          ORDER BY r.created_at DESC, r.id DESC LIMIT ${most + 1} OFFSET ${skip}`
      : Prisma.sql`SELECT d.message_id, NULL AS intent, NULL AS was, d.author_id, d.created_at AS at FROM review_discard d
          WHERE d.account_id = ${accountId}::uuid AND ${there('d')}
          ORDER BY d.created_at DESC, d.message_id DESC LIMIT ${most + 1} OFFSET ${skip}`
  const rows = await tx.$queryRaw<Row[]>`
    SELECT q.*, NULL::uuid AS example_id, m.contact_id, c.key AS contact_key, m.body AS sealed, k.display_id
    FROM (${done}) q
    JOIN message m ON m.account_id = ${accountId}::uuid AND m.id = q.message_id AND m.body IS NOT NULL
    JOIN contact c ON c.account_id = ${accountId}::uuid AND c.id = m.contact_id
    JOIN conversation k ON k.account_id = ${accountId}::uuid AND k.id = m.conversation_id
    ORDER BY q.at DESC, q.message_id DESC`
  const items = rows.slice(0, most).map((row) => ({
    messageId: row.message_id,
    text: opened(ctx, vault, row),
    displayId: Number(row.display_id),
    intent: row.intent,
    was: row.was,
    authorId: row.author_id,
    at: row.at.toISOString(),
  }))
  return { items, more: rows.length > most }
}

/** A question that somebody else has settled since it was asked. */
export interface Answered {
  messageId: string
  authorId: string
  /** Null: it was put aside. */
  intent: string | null
}

/** Those of the messages that other people have labelled or put aside, and nobody has asked about again since. */
export async function answeredByOthers(
  tx: Tx,
  ctx: Ctx,
  { messageIds, authorId }: { messageIds: readonly string[]; authorId: string },
): Promise<Answered[]> {
  const { accountId } = ctx
  const rows = await tx.$queryRaw<{ message_id: string; author_id: string; intent: string | null }[]>`
    SELECT * FROM (
      SELECT DISTINCT ON (message_id) message_id, author_id, intent FROM (
        SELECT r.message_id, r.author_id, r.now AS intent, r.created_at AS at, r.id FROM correction r
          WHERE r.account_id = ${accountId}::uuid AND r.field = 'intent' AND r.undone_at IS NULL
            AND r.message_id = ANY(${[...messageIds]}::uuid[])
        UNION ALL
        SELECT d.message_id, d.author_id, NULL, d.created_at, d.message_id FROM review_discard d
          WHERE d.account_id = ${accountId}::uuid AND d.message_id = ANY(${[...messageIds]}::uuid[])
      ) word
      WHERE NOT EXISTS (SELECT FROM review_flag f WHERE f.account_id = ${accountId}::uuid AND f.message_id = word.message_id
        AND f.created_at > word.at)
      ORDER BY message_id, at DESC, id DESC
    ) last WHERE author_id <> ${authorId}::uuid`
  return rows.map((row) => ({ messageId: row.message_id, authorId: row.author_id, intent: row.intent }))
}
