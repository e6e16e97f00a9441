/** What there is to learn from: people's standing corrections, and texts that they wrote or imported for an intent. */

import { rowsAtMost } from '@/lib/core/learning'
import type { Ctx } from '@/lib/platform/context'
import type { AccountVault } from '@/lib/platform/crypto/vault'
import { Prisma } from '@/lib/platform/db/generated/client'
import type { Tx } from '@/lib/platform/db/in-account'
import { cleanText } from '@/models/text/clean'
import type { ExampleDraft, ExamplePage } from './input'

export type Split = 'train' | 'test'
export type ExampleSource = 'correction' | 'written' | 'import'

/** One text with the intent that a person gave it. */
export interface LearnedFrom {
  messageId: string | null
  exampleId: string | null
  intent: string
  text: string
  /** Its own, or what a file called so; null for a text that stands alone. */
  conversation: string | null
  /** What must stay together when texts are divided: a conversation, or the text itself. */
  group: string
  /** On which side it stood in the dataset that it came with. */
  told: Split | null
  source: ExampleSource
  /** Who wrote it; null for what the account wrote itself. */
  contactId: string | null
  authorId: string | null
  createdAt: Date
}

/** A message's text, or an example's, as the database has it. */
export interface SealedText {
  message_id: string | null
  example_id: string | null
  contact_id: string | null
  contact_key: Uint8Array | null
  sealed: Uint8Array
}

interface Row extends SealedText {
  conversation: string | null
  told: Split | null
  intent: string
  source: ExampleSource
  author_id: string | null
  created_at: Date
}

/** What an example's ciphertext is bound to. */
export const aboutExample = (id: string) => `example ${id}`

/** Two texts that differ in nothing a model sees are one. */
export const hashOf = (vault: AccountVault, text: string): Buffer => vault.fingerprint(`example ${cleanText(text)}`)

export interface Stored {
  id: string
  intent: string
}

interface Draft extends ExampleDraft {
  source?: ExampleSource | undefined
  conversation?: string | undefined
  split?: Split | undefined
}

/**
 * Stores examples; a text that is there already takes the new intent, source, author and time. What is a case stays one: it holds
 * every version back until whoever may write cases removes it, so an example of the same text changes nothing. An example that becomes a case
 * waits beside it for that. A draft's own source goes before that of all.
 * What a file says of how texts were divided stays until another file says otherwise; of what stays together, until a dataset took it down,
 * since that goes by the example's own word.
 * @returns what was stored; a text that is a case is not among it
 */
export async function addExamples(
  tx: Tx,
  ctx: Ctx,
  vault: AccountVault,
  drafts: readonly Draft[],
  origin: { source: 'written' | 'import' | 'case'; authorId: string | null },
): Promise<{ added: number; cases: number; at: Date; stored: Stored[] }> {
  const { accountId } = ctx
  const at = ctx.now()
  // Within one file the last word counts.
  const unique = new Map(drafts.map((draft) => [hashOf(vault, draft.text).toString('base64'), draft]))
  const rows = [...unique].map(([hash, { text, intent, source = origin.source, conversation, split }]) => {
    const id = ctx.newId()
    return {
      id,
      intent,
      hash,
      source,
      conversation,
      split,
      text: vault.seal(text, aboutExample(id)).toString('base64'),
    }
  })
  const stored = await tx.$queryRaw<(Stored & { fresh: boolean })[]>`
    INSERT INTO example AS e (account_id, id, intent, text, text_hash, source, conversation, split, author_id, created_at)
    SELECT ${accountId}::uuid, r.id, r.intent, decode(r.text, 'base64'), decode(r.hash, 'base64'), r.source, r.conversation, r.split,
      ${origin.authorId}::uuid, ${at}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(id uuid, intent text, text text, hash text, source text,
      conversation text, split text)
    WHERE r.source = 'case' OR NOT EXISTS (SELECT FROM example c WHERE c.account_id = ${accountId}::uuid
      AND c.text_hash = decode(r.hash, 'base64') AND c.source = 'case')
    ON CONFLICT (account_id, text_hash) WHERE ${origin.source === 'case' ? Prisma.sql`source = 'case'` : Prisma.sql`source <> 'case'`} DO UPDATE
      SET intent = excluded.intent, source = excluded.source, author_id = excluded.author_id, created_at = excluded.created_at,
        conversation = CASE WHEN EXISTS (SELECT FROM dataset_row d WHERE d.account_id = e.account_id AND d.example_id = e.id)
          THEN e.conversation ELSE coalesce(excluded.conversation, e.conversation) END, split = coalesce(excluded.split, e.split)
    RETURNING e.id, e.intent, (xmax = 0) AS fresh`
  return {
    added: stored.filter(({ fresh }) => fresh).length,
    cases: rows.length - stored.length,
    at,
    stored,
  }
}

/** Rows of datasets that name these examples become tombstones: they count, and nobody learns or judges by them any more. */
export async function buryExamples(tx: Tx, ctx: Ctx, ids: readonly string[], erasedAt = ctx.now()): Promise<void> {
  await tx.datasetRow.updateMany({
    where: { accountId: ctx.accountId, exampleId: { in: [...ids] } },
    data: { exampleId: null, erasedAt },
  })
}

/** @returns how many there were */
export async function removeExamples(tx: Tx, ctx: Ctx, ids: readonly string[], at = ctx.now()): Promise<number> {
  await buryExamples(tx, ctx, ids, at)
  const { count } = await tx.example.deleteMany({ where: { accountId: ctx.accountId, id: { in: [...ids] } } })
  return count
}

/** Texts by their ids: written or imported ones, and corrections. */
export interface Moved {
  examples: string[]
  corrections: string[]
}

/** What was said of one intent is said of another from now on; or of these texts alone, whatever else was said meanwhile. */
export async function moveLearned(tx: Tx, ctx: Ctx, from: string, into: string, only?: Moved): Promise<Moved> {
  const { accountId } = ctx
  const named = (ids: string[] | undefined) => (ids ? { id: { in: ids } } : {})
  const examples = await tx.example.updateManyAndReturn({
    where: { accountId, intent: from, ...named(only?.examples) },
    data: { intent: into },
    select: { id: true },
  })
  const corrections = await tx.correction.updateManyAndReturn({
    where: { accountId, field: 'intent', now: from, ...(only ? named(only.corrections) : { undoneAt: null }) },
    data: { now: into },
    select: { id: true },
  })
  return { examples: examples.map(({ id }) => id), corrections: corrections.map(({ id }) => id) }
}

/** Gives written and imported texts another intent; cases stay as they are. @returns those that had another one, with it */
export async function relabelExamples(
  tx: Tx,
  ctx: Ctx,
  ids: readonly string[],
  intent: string,
): Promise<{ id: string; intent: string }[]> {
  const { accountId } = ctx
  const found = await tx.example.findMany({
    where: { accountId, id: { in: [...ids] }, source: { not: 'case' }, intent: { not: intent } },
    select: { id: true, intent: true },
  })
  await tx.example.updateMany({
    where: { accountId, id: { in: found.map(({ id }) => id) } },
    data: { intent },
  })
  return found
}

/** The contact `c` may be learned from: they agreed, or said nothing where the account learns from all who did not refuse. */
export const agreed = ({ accountId }: Ctx) => Prisma.sql`coalesce(c.training_consent, CASE
  WHEN (SELECT p.learn_from FROM privacy_choice p WHERE p.account_id = ${accountId}::uuid) = 'consented' THEN 'refused' ELSE 'given' END) = 'given'`

/** Everything that people said, the newest first. A text that cannot be opened any more is left out. */
export async function readLearned(
  tx: Tx,
  ctx: Ctx,
  vault: AccountVault,
  {
    intent,
    skip = 0,
    most = rowsAtMost,
    ids,
  }: Partial<ExamplePage> & { most?: number /** Of messages or examples. */; ids?: readonly string[] } = {},
): Promise<LearnedFrom[]> {
  const { accountId } = ctx
  const rows = await tx.$queryRaw<Row[]>`
    SELECT * FROM (
      SELECT k.message_id, NULL::uuid AS example_id, m.conversation_id::text AS conversation, NULL AS told, m.contact_id, c.key AS contact_key, m.body AS sealed,
        k.said AS intent, 'correction' AS source, k.author_id, k.created_at
      FROM (
        SELECT DISTINCT ON (message_id) message_id, "now" AS said, author_id, created_at FROM correction
        WHERE account_id = ${accountId}::uuid AND field = 'intent' AND undone_at IS NULL
        ORDER BY message_id, created_at DESC, id DESC
      ) k
      JOIN message m ON m.account_id = ${accountId}::uuid AND m.id = k.message_id AND m.body IS NOT NULL
      JOIN contact c ON c.account_id = ${accountId}::uuid AND c.id = m.contact_id AND ${agreed(ctx)}
      UNION ALL
      SELECT NULL, e.id, e.conversation, e.split, NULL, NULL, e.text, e.intent, e.source, e.author_id, e.created_at
      FROM example e WHERE e.account_id = ${accountId}::uuid AND e.source <> 'case'
    ) all_of_it
    WHERE (${intent ?? null}::text IS NULL OR intent = ${intent ?? null})
      AND (${ids ?? null}::uuid[] IS NULL OR coalesce(message_id, example_id) = ANY(${ids ?? null}::uuid[]))
    ORDER BY created_at DESC, message_id, example_id LIMIT ${most} OFFSET ${skip}`
  return rows.flatMap((row) => {
    const text = opened(ctx, vault, row)
    if (!text.trim()) return []
    return [
      {
        messageId: row.message_id,
        exampleId: row.example_id,
        intent: row.intent,
        text,
        conversation: row.conversation,
        group: row.conversation ?? cleanText(text),
        told: row.told,
        source: row.source,
        contactId: row.contact_id,
        authorId: row.author_id,
        createdAt: row.created_at,
      },
    ]
  })
}

/** The text of a row; empty when it cannot be opened any more. */
export function opened(ctx: Ctx, vault: AccountVault, row: SealedText): string {
  try {
    if (row.example_id) return vault.open(row.sealed, aboutExample(row.example_id))
    return vault
      .contact(row.contact_id as string, row.contact_key as Uint8Array)
      .open(row.sealed, `message ${row.message_id}`)
  } catch {
    ctx.services.log.warn({ messageId: row.message_id, exampleId: row.example_id }, 'an example cannot be opened')
    return ''
  }
}

export interface Case {
  id: string
  text: string
  intent: string
}

/** Texts that every model must get right before it answers. Nobody learns them, nor what reads the same. */
export async function readCases(tx: Tx, ctx: Ctx, vault: AccountVault): Promise<Case[]> {
  const rows = await tx.example.findMany({
    where: { accountId: ctx.accountId, source: 'case' },
    orderBy: { id: 'asc' },
    select: { id: true, text: true, intent: true },
  })
  return rows.map(({ id, text, intent }) => ({ id, intent, text: vault.open(text, aboutExample(id)) }))
}

/** Which of these intents stand for nothing: no text, no case, and no word about a message, whoever wrote it. */
export async function findUntaught(tx: Tx, ctx: Ctx, keys: readonly string[]): Promise<string[]> {
  const { accountId } = ctx
  const some = [...keys]
  if (!some.length) return []
  const texts = await tx.example.groupBy({ by: ['intent'], where: { accountId, intent: { in: some } } })
  const where = { accountId, field: 'intent', now: { in: some }, undoneAt: null }
  const words = await tx.correction.groupBy({ by: ['now'], where })
  const taught = new Set([...texts.map(({ intent }) => intent), ...words.map(({ now }) => now)])
  return some.filter((key) => !taught.has(key))
}

/** How many texts each intent has; an example that waits beside a case of the same text is none of them. */
export async function countLearned(tx: Tx, ctx: Ctx): Promise<Map<string, number>> {
  const { accountId } = ctx
  const rows = await tx.$queryRaw<{ intent: string; n: number }[]>`
    SELECT intent, count(*)::int AS n FROM (
      SELECT k.said AS intent FROM (
        SELECT DISTINCT ON (message_id) message_id, "now" AS said FROM correction
        WHERE account_id = ${accountId}::uuid AND field = 'intent' AND undone_at IS NULL
        ORDER BY message_id, created_at DESC, id DESC
      ) k
      JOIN message m ON m.account_id = ${accountId}::uuid AND m.id = k.message_id
      JOIN contact c ON c.account_id = ${accountId}::uuid AND c.id = m.contact_id AND ${agreed(ctx)}
      UNION ALL SELECT e.intent FROM example e WHERE e.account_id = ${accountId}::uuid AND e.source <> 'case' AND NOT EXISTS (
        SELECT FROM example w WHERE w.account_id = e.account_id AND w.text_hash = e.text_hash AND w.source = 'case')
    ) all_of_it GROUP BY intent`
  return new Map(rows.map(({ intent, n }) => [intent, n]))
}
