/** The log: messages that nobody labelled, by contacts who may be learned from. A training reads them beside what people said. */
import type { Ctx } from '@/lib/platform/context'
import type { AccountVault } from '@/lib/platform/crypto/vault'
import type { Tx } from '@/lib/platform/db/in-account'
import { cleanText } from '@/models/text/clean'
import { splitOf } from './dataset'
import { agreed, opened, type SealedText } from './examples'

export interface LoggedText {
  messageId: string
  contactId: string
  text: string
}

/** More would cost minutes and teach little more. */
const mostLogged = 5_000
/** A few labels among very many guesses teach the guesses. */
const perLabelled = 10
/** Fewer tell nothing that would pay for the folds that a training with a log goes without. */
export const fewestLogged = 100
/** With so many labels a log adds nothing to what they say. */
const enoughLabelled = 10_000

/** How many messages come along with so many labelled texts. Pure. */
export const logSize = (labelled: number): number =>
  labelled >= enoughLabelled ? 0 : Math.min(mostLogged, perLabelled * labelled)

interface Asked {
  most: number
  /** Written until then: the same dataset finds the same ones, but for what was erased. */
  until: Date
  /** Conversations resolved before this are about to be erased; null: none ever. */
  kept: Date | null
  /** Cleaned texts that judge. */
  judging: ReadonlySet<string>
}

/** The newest first. Conversations that are held out from datasets are held out here, too. */
export async function readLog(
  tx: Tx,
  ctx: Ctx,
  vault: AccountVault,
  { most, until, kept, judging }: Asked,
): Promise<LoggedText[]> {
  const { accountId } = ctx
  const rows = await tx.$queryRaw<(SealedText & { message_id: string; contact_id: string; conversation_id: string })[]>`
    SELECT m.id AS message_id, NULL::uuid AS example_id, m.conversation_id, m.contact_id, c.key AS contact_key, m.body AS sealed
    FROM message m
    JOIN contact c ON c.account_id = ${accountId}::uuid AND c.id = m.contact_id AND ${agreed(ctx)}
    JOIN conversation k ON k.account_id = ${accountId}::uuid AND k.id = m.conversation_id
      AND (k.resolved_at IS NULL OR k.status <> 'resolved' OR ${kept}::timestamptz IS NULL OR k.resolved_at >= ${kept})
    WHERE m.account_id = ${accountId}::uuid AND m.kind = 'incoming' AND m.body IS NOT NULL AND m.created_at <= ${until}
      AND NOT EXISTS (SELECT FROM correction r WHERE r.account_id = ${accountId}::uuid AND r.message_id = m.id
        AND r.field = 'intent' AND r.undone_at IS NULL)
    ORDER BY m.id DESC LIMIT ${most}`
  return rows.flatMap((row) => {
    if (splitOf(row.conversation_id) === 'test') return []
    const text = opened(ctx, vault, row)
    const clean = cleanText(text)
    return clean && !judging.has(clean) ? [{ messageId: row.message_id, contactId: row.contact_id, text }] : []
  })
}

/** How many of these messages still say something. */
export async function countThere(tx: Tx, ctx: Ctx, messageIds: readonly string[]): Promise<number> {
  const [row] = await tx.$queryRaw<{ n: number }[]>`
    SELECT count(*)::int AS n FROM message
    WHERE account_id = ${ctx.accountId}::uuid AND id = ANY (${messageIds}::uuid[]) AND body IS NOT NULL`
  return row?.n ?? 0
}
