/** What a press takes from examples, or writes over them, kept as it was: and the way back to that. */
import type { Ctx } from '@/lib/platform/context'
import type { AccountVault } from '@/lib/platform/crypto/vault'
import type { Tx } from '@/lib/platform/db/in-account'
import { hashOf, removeExamples } from './examples'
import { findKeep, type Kept, putBackKeep } from './keeps'

/** All of an example that somebody may change. */
export interface Lesson {
  intent: string
  source: string
  conversation: string | null
  split: string | null
  authorId: string | null
  createdAt: string
}

const lesson = { intent: true, source: true, conversation: true, split: true, authorId: true, createdAt: true } as const
const lessonOf = ({ createdAt, ...rest }: Omit<Lesson, 'createdAt'> & { createdAt: Date }): Lesson => ({
  ...rest,
  createdAt: createdAt.toISOString(),
})

/** One that was removed, with its places in datasets. Its text stays the ciphertext that it was. */
export interface Removed extends Lesson {
  id: string
  text: string
  hash: string
  /** When its rows of datasets became tombstones. */
  buriedAt: string
  rows: { datasetId: string; place: number }[]
  /** That a person stood by its label. */
  kept: Kept | null
}

/** @returns null when there is none */
export async function takeExample(tx: Tx, ctx: Ctx, id: string): Promise<Removed | null> {
  const found = await tx.example.findFirst({
    where: { accountId: ctx.accountId, id },
    select: { ...lesson, text: true, textHash: true },
  })
  if (!found) return null
  const { text, textHash, ...rest } = found
  const named = { accountId: ctx.accountId, exampleId: id }
  const rows = await tx.datasetRow.findMany({ where: named, select: { datasetId: true, place: true } })
  const kept = await findKeep(tx, ctx, id)
  const at = ctx.now()
  await removeExamples(tx, ctx, [id], at)
  return {
    ...lessonOf(rest),
    id,
    text: Buffer.from(text).toString('base64'),
    hash: Buffer.from(textHash).toString('base64'),
    buriedAt: at.toISOString(),
    rows,
    kept,
  }
}

/** It is there again, in its datasets too. @returns false when somebody has written its text anew meanwhile: their word stands */
export async function putBackExample(tx: Tx, ctx: Ctx, removed: Removed): Promise<boolean> {
  const { accountId } = ctx
  const { id, text, hash, rows, kept, buriedAt, ...rest } = removed
  const back = await tx.$executeRaw`
    INSERT INTO example (account_id, id, intent, text, text_hash, source, conversation, split, author_id, created_at)
    VALUES (${accountId}::uuid, ${id}::uuid, ${rest.intent}, ${Buffer.from(text, 'base64')}, ${Buffer.from(hash, 'base64')}, ${rest.source},
      ${rest.conversation}, ${rest.split}, ${rest.authorId}::uuid, ${rest.createdAt}::timestamptz)
    ON CONFLICT DO NOTHING`
  if (!back) return false
  if (kept) await putBackKeep(tx, ctx, id, kept)
  // A dataset may have been taken down whole since: then other texts are in its places.
  await tx.$executeRaw`
    UPDATE dataset_row d SET example_id = ${id}::uuid, erased_at = NULL
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r("datasetId" uuid, place int)
    WHERE d.account_id = ${accountId}::uuid AND d.dataset_id = r."datasetId" AND d.place = r.place AND d.erased_at = ${buriedAt}::timestamptz`
  return true
}

/** Examples that a press gave one intent at one moment: what all of them were before; null where they were not there. */
export interface Written {
  into: string
  at: string
  before: Lesson | null
  ids: string[]
}

/** What is there of these texts already, by its id. */
export async function findLessons(
  tx: Tx,
  ctx: Ctx,
  vault: AccountVault,
  texts: readonly string[],
): Promise<Map<string, Lesson>> {
  const hashes = texts.map((text) => new Uint8Array(hashOf(vault, text)))
  const rows = await tx.example.findMany({
    where: { accountId: ctx.accountId, source: { not: 'case' }, textHash: { in: hashes } },
    select: { ...lesson, id: true },
  })
  return new Map(rows.map(({ id, ...rest }) => [id, lessonOf(rest)]))
}

/** Many texts were the same before: an import is kept by what they have in common. */
export function writtenOf(rows: readonly { id: string; into: string; at: Date; before: Lesson | null }[]): Written[] {
  const groups = new Map<string, Written>()
  for (const { id, into, at, before } of rows) {
    const key = JSON.stringify([into, at, before])
    const group = groups.get(key) ?? { into, at: at.toISOString(), before, ids: [] }
    group.ids.push(id)
    groups.set(key, group)
  }
  return [...groups.values()]
}

/**
 * They are what they were; what was said of one since stays said. By their ids alone: what a new installation knows of the table's size,
 * which is nothing, makes no plan worse.
 * @param written of one statement's texts, each once
 * @returns the ids of those that went back
 */
export async function takeBackWritten(tx: Tx, ctx: Ctx, written: readonly Written[]): Promise<string[]> {
  const { accountId } = ctx
  const was = new Map(written.flatMap((group) => group.ids.map((id) => [id, group] as const)))
  const there = await tx.$queryRaw<{ id: string; intent: string; created_at: Date }[]>`
    SELECT id, intent, created_at FROM example WHERE account_id = ${accountId}::uuid AND id = ANY(${[...was.keys()]}::uuid[])
    ORDER BY id FOR UPDATE`
  const standing = there.flatMap(({ id, intent, created_at: at }) => {
    const group = was.get(id)
    return group && group.into === intent && group.at === at.toISOString() ? [{ id, before: group.before }] : []
  })
  const changed = standing.flatMap(({ id, before }) => (before ? [{ id, ...before }] : []))
  if (changed.length) {
    const ids = changed.map(({ id }) => id)
    // What a dataset holds keeps the conversation that it was divided by.
    await tx.$executeRaw`
      UPDATE example e SET intent = b.intent, source = b.source, author_id = b."authorId", created_at = b."createdAt", split = b.split,
        conversation = CASE WHEN EXISTS (SELECT FROM dataset_row d WHERE d.account_id = e.account_id AND d.example_id = e.id)
          THEN e.conversation ELSE b.conversation END
      FROM jsonb_to_recordset(${JSON.stringify(changed)}::jsonb) AS b(id uuid, intent text, source text, "authorId" uuid,
        "createdAt" timestamptz, split text, conversation text)
      WHERE e.account_id = ${accountId}::uuid AND e.id = ANY(${ids}::uuid[]) AND e.id = b.id`
  }
  const fresh = standing.flatMap(({ id, before }) => (before ? [] : [id]))
  if (fresh.length) await removeExamples(tx, ctx, fresh)
  return standing.map(({ id }) => id)
}
