/** What an account learned from, today or in one training, as a file that leaves it: masked, rare words hidden, with a card that says so. */
import { createHash } from 'node:crypto'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { AppError } from '@/lib/core/errors'
import { canExport, requireMember } from '@/lib/features/accounts/permissions'
import { readAccount } from '@/lib/features/accounts/read'
import { record } from '@/lib/features/audit/write'
import { listIntents } from '@/lib/features/intents/read'
import { type CardDataset, languagesOf, writeCard } from '@/lib/features/learning/card'
import { listDatasets } from '@/lib/features/learning/datasets'
import { type ExampleSource, type LearnedFrom, readLearned, type Split } from '@/lib/features/learning/examples'
import { fewestContacts, forExport } from '@/lib/features/privacy/rare'
import { csvLines, csvMark } from '@/lib/features/tickets/csv'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'
import { readKnownNames } from './known-names'
import { type OpenedText, openDataset } from './open-dataset'
import { requireFeature } from './within-plan'

export const exportKinds = ['jsonl', 'csv', 'parquet', 'md'] as const
export type ExportKind = (typeof exportKinds)[number]

export interface ExportedRow {
  text: string
  label: string
  /** What the intent is called, where the account says so: keys alone are another intent's elsewhere. */
  label_name?: string
  source: ExampleSource
  /** What stays together has the same one. */
  conversation?: string
  /** Of the dataset of a training. */
  split?: Split
}

/** Lines for another program come with more plans than a dataset does. */
const featureOf = { jsonl: 'files', csv: 'files', parquet: 'data', md: 'data' } as const

type Opened = Pick<LearnedFrom, 'text' | 'contactId' | 'messageId' | 'conversation' | 'intent' | 'source'> & {
  split?: Split
}

/** A name that says nothing here or elsewhere. */
const nameless = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 16)

/** Masked, and without words of few contacts. */
async function leaving(ctx: Ctx, opened: readonly Opened[]): Promise<ExportedRow[]> {
  const known = await readKnownNames(
    ctx,
    opened.map(({ contactId }) => contactId),
  )
  const texts = await forExport(opened, known)
  const names = await inAccount(
    ctx,
    async (tx) => new Map((await listIntents(tx, ctx)).map((one) => [one.key, one.name])),
  )
  return opened.map(({ intent, source, messageId, conversation, split }, at) => {
    const name = names.get(intent)
    return {
      text: texts[at] as string,
      label: intent,
      ...(name ? { label_name: name } : {}),
      source,
      ...(conversation ? { conversation: messageId ? nameless(conversation) : conversation } : {}),
      ...(split ? { split } : {}),
    }
  })
}

function countsOf<K extends 'label' | 'source'>(rows: readonly ExportedRow[], key: K): Map<ExportedRow[K], number> {
  const counts = new Map<ExportedRow[K], number>()
  for (const row of rows) counts.set(row[key], (counts.get(row[key]) ?? 0) + 1)
  return counts
}

/** What an account learns from today. What is after the dot says the form; `md` is the card. @throws plan_files, plan_data */
export async function exportExamples(ctx: Ctx, { kind }: { kind: ExportKind }): Promise<string | Uint8Array> {
  requireMember(ctx, canExport)
  const vault = await accountVault(ctx)
  const { learned, name } = await inAccount(ctx, async (tx) => {
    await requireFeature(tx, ctx, featureOf[kind])
    const found = { learned: await readLearned(tx, ctx, vault), name: (await readAccount(tx, ctx)).name }
    await record(tx, ctx, { act: 'export.examples', facts: { kind, rows: found.learned.length } })
    return found
  })
  return written(ctx, kind, name, await leaving(ctx, learned))
}

/** What one training learned from and was judged by, as far as it is still there. @throws not_found, plan_files, plan_data */
export async function exportDataset(
  ctx: Ctx,
  { id, kind }: { id: string; kind: ExportKind },
): Promise<string | Uint8Array> {
  requireMember(ctx, canExport)
  const { dataset, name } = await inAccount(ctx, async (tx) => {
    await requireFeature(tx, ctx, featureOf[kind])
    const [found] = await listDatasets(tx, ctx, id)
    if (!found) throw new AppError('not_found')
    const { name: account } = await readAccount(tx, ctx)
    await record(tx, ctx, { act: 'export.dataset', thingId: id, facts: { kind, rows: found.there } })
    return { dataset: found, name: account }
  })
  const { train, test } = await openDataset(ctx, id)
  const part = (texts: readonly OpenedText[], split: Split) =>
    texts.map((text) => ({ ...text, intent: text.labelled, split }))
  const rows = await leaving(ctx, [...part(train, 'train'), ...part(test, 'test')])
  const { hash, counts, gone } = dataset
  return written(ctx, kind, name, rows, {
    hash,
    taken: counts.train + counts.test,
    gone,
    there: rows.length,
    terms: counts.terms,
    splits: { train: train.length, test: test.length },
  })
}

function written(
  ctx: Ctx,
  kind: ExportKind,
  name: string,
  rows: readonly ExportedRow[],
  dataset?: CardDataset,
): string | Uint8Array {
  const columns = [
    'text',
    'label',
    'label_name',
    'source',
    'conversation',
    ...(dataset ? (['split'] as const) : []),
  ] as const
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  if (kind === 'jsonl') return lines
  if (kind === 'csv')
    return csvMark + csvLines([columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))])
  if (kind === 'parquet')
    return new Uint8Array(
      parquetWriteBuffer({
        columnData: columns.map((column) => ({ name: column, data: rows.map((row) => row[column]), type: 'STRING' })),
      }),
    )
  return writeCard({
    name,
    day: ctx.now().toISOString().slice(0, 10),
    hash: createHash('sha256').update(lines).digest('hex'),
    texts: rows.length,
    intents: [...countsOf(rows, 'label')].map(([key, texts]) => ({ key, texts })).sort((a, b) => b.texts - a.texts),
    sources: Object.fromEntries(countsOf(rows, 'source')),
    languages: languagesOf(rows.map(({ text }) => text)),
    fewestContacts,
    ...(dataset ? { dataset } : {}),
  })
}
