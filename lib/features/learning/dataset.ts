/** Datasets: what there was to learn from at one moment, divided once and for all into texts to learn and texts to be judged by. */
import { createHash } from 'node:crypto'
import { AppError } from '@/lib/core/errors'
import { fewestExamples } from '@/lib/core/learning'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { cleanText } from '@/models/text/clean'
import type { ExampleSource, LearnedFrom, Split } from './examples'

export interface DatasetCounts {
  train: number
  test: number
  corrections: number
  written: number
  imported: number
  intents: Record<string, number>
  /** Left out: intents with too few texts of their own. */
  tooFew: Record<string, number>
  /** Whose texts the account learned from then, how long it kept them (null: for good), and how many contacts wrote these. Absent in datasets of before. */
  terms?: { learnFrom: 'all' | 'consented'; keepMonths: number | null; people: number }
}

/** One conversation in five is held out. Which ones is told by their names, so it is the same in every dataset, or by the dataset that they came with. */
const heldOut = 0.2

export function splitOf(group: string): Split {
  const [first = 0, second = 0] = createHash('sha256').update(`split ${group}`).digest()
  return (first * 256 + second) / 65_536 < heldOut ? 'test' : 'train'
}

export interface Divided {
  rows: (LearnedFrom & { split: Split })[]
  counts: DatasetCounts
  hash: string
}

const idOf = ({ messageId, exampleId }: Pick<LearnedFrom, 'messageId' | 'exampleId'>) =>
  (messageId ?? exampleId) as string

/**
 * Divides what was learned from. Pure.
 * @param kept intents of the product in use: they are known already, so few texts suffice
 * @param own the account's own intents in use
 * @param taught ids that an earlier dataset gave to be learned: what stays together with one of them never judges
 * @param cases cleaned texts that must hold: whoever learned one by heart would be asked nothing
 */
export function divide(
  all: readonly LearnedFrom[],
  kept: ReadonlySet<string>,
  own: ReadonlySet<string>,
  taught: ReadonlySet<string> = new Set(),
  cases: ReadonlySet<string> = new Set(),
): Divided {
  const learned = all.filter(({ text }) => !cases.has(cleanText(text)))
  const perIntent = new Map<string, number>()
  for (const { intent } of learned) perIntent.set(intent, (perIntent.get(intent) ?? 0) + 1)
  const enough = (intent: string) => kept.has(intent) || (perIntent.get(intent) ?? 0) >= fewestExamples
  const tooFew = [...perIntent].filter(([intent]) => own.has(intent) && !enough(intent))
  const usable = learned.filter(({ intent }) => (kept.has(intent) || own.has(intent)) && enough(intent))
  const teaching = new Set(usable.filter((row) => taught.has(idOf(row))).map(({ group }) => group))
  for (const { group, told } of usable) if (told === 'train') teaching.add(group)
  const judging = new Set(usable.filter(({ told }) => told === 'test').map(({ group }) => group))
  const splitIn = ({ group }: LearnedFrom): Split =>
    teaching.has(group) ? 'train' : judging.has(group) ? 'test' : splitOf(group)
  // A small intent may have been held out whole: then it is learned with all that stays together with it, and judged by nobody.
  for (const intent of new Set(usable.map((row) => row.intent))) {
    const mine = usable.filter((row) => row.intent === intent)
    if (!kept.has(intent) && mine.filter((row) => splitIn(row) === 'train').length < 3)
      for (const { group } of mine) teaching.add(group)
  }
  // What reads like a learned text, in another conversation or as an example, tells nothing about what was not learned.
  const known = new Set(usable.filter((row) => splitIn(row) === 'train').map(({ text }) => cleanText(text)))
  const rows = usable.flatMap((row) => {
    const split = splitIn(row)
    return split === 'test' && known.has(cleanText(row.text)) ? [] : [{ ...row, split }]
  })
  const lines = rows.map(({ text, intent, split }) => JSON.stringify([text, intent, split])).sort()
  const hash = createHash('sha256').update(lines.join('\n')).digest('hex')
  const count = (which: (row: (typeof rows)[number]) => boolean) => rows.filter(which).length
  return {
    rows,
    hash,
    counts: {
      train: count(({ split }) => split === 'train'),
      test: count(({ split }) => split === 'test'),
      corrections: count(({ source }) => source === 'correction'),
      written: count(({ source }) => source === 'written'),
      imported: count(({ source }) => source === 'import'),
      intents: Object.fromEntries(
        [...new Set(rows.map((row) => row.intent))].sort().map((key) => [key, count(({ intent }) => intent === key)]),
      ),
      tooFew: Object.fromEntries(tooFew),
    },
  }
}

/** Stores a dataset, or finds the one with the same content. @throws not_enough_examples */
export async function storeDataset(tx: Tx, ctx: Ctx, { rows, counts, hash }: Divided): Promise<string> {
  const { accountId } = ctx
  if (!counts.train) throw new AppError('not_enough_examples', { least: fewestExamples })
  const known = await tx.dataset.findUnique({ where: { accountId_hash: { accountId, hash } }, select: { id: true } })
  if (known) {
    const gaps = await countGone(tx, ctx, [known.id])
    if (!gaps.size) return known.id
    // What had gone is back, the same to the letter: its gaps are filled.
    await tx.datasetRow.deleteMany({ where: { accountId, datasetId: known.id } })
  }
  const id = known?.id ?? ctx.newId()
  if (!known)
    await tx.dataset.create({
      data: { accountId, id, hash, counts: counts as object, createdAt: ctx.now() },
      select: { id: true },
    })
  // One statement for any number of rows: a parameter each would be too many.
  const listed = rows.map(({ intent, split, source, messageId, exampleId }, place) => ({
    place,
    intent,
    split,
    source,
    messageId,
    exampleId,
  }))
  await tx.$executeRaw`
    INSERT INTO dataset_row (account_id, dataset_id, place, intent, split, source, message_id, example_id)
    SELECT ${accountId}::uuid, ${id}::uuid, r.place, r.intent, r.split, r.source, r."messageId", r."exampleId"
    FROM jsonb_to_recordset(${JSON.stringify(listed)}::jsonb)
      AS r(place int, intent text, split text, source text, "messageId" uuid, "exampleId" uuid)`
  return id
}

/** Of each dataset that has gaps, how many rows were erased or taken back since it was taken down. */
export async function countGone(tx: Tx, ctx: Ctx, datasetIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx.datasetRow.groupBy({
    by: ['datasetId'],
    where: { accountId: ctx.accountId, datasetId: { in: [...datasetIds] }, erasedAt: { not: null } },
    _count: true,
  })
  return new Map(rows.map(({ datasetId, _count }) => [datasetId, _count]))
}

/** Ids of everything that a dataset of this account ever gave to be learned. */
export async function readTaught(tx: Tx, ctx: Ctx): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT coalesce(message_id, example_id) AS id FROM dataset_row
    WHERE account_id = ${ctx.accountId}::uuid AND split = 'train' AND erased_at IS NULL`
  return new Set(rows.map(({ id }) => id))
}

export interface DatasetRow {
  intent: string
  split: Split
  /** Null where this was not kept yet. */
  source: ExampleSource | null
  messageId: string | null
  exampleId: string | null
}

/** In the order they were taken down in. */
export async function readDataset(
  tx: Tx,
  ctx: Ctx,
  datasetId: string,
): Promise<{ createdAt: Date; rows: DatasetRow[] }> {
  const { createdAt } = await tx.dataset.findUniqueOrThrow({
    where: { accountId_id: { accountId: ctx.accountId, id: datasetId } },
    select: { createdAt: true },
  })
  const rows = await tx.datasetRow.findMany({
    where: { accountId: ctx.accountId, datasetId, erasedAt: null },
    orderBy: { place: 'asc' },
    select: { intent: true, split: true, source: true, messageId: true, exampleId: true },
  })
  return {
    createdAt,
    rows: rows.map((row) => ({ ...row, split: row.split as Split, source: row.source as ExampleSource | null })),
  }
}
