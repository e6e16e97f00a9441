/** What an account learned from, as a file that leaves it: masked, rare words hidden, with a card that says so. */
import { createHash } from 'node:crypto'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { canExport, requireMember } from '@/lib/features/accounts/permissions'
import { readAccount } from '@/lib/features/accounts/read'
import { record } from '@/lib/features/audit/write'
import { languagesOf, writeCard } from '@/lib/features/learning/card'
import { type ExampleSource, readLearned } from '@/lib/features/learning/examples'
import { maskText } from '@/lib/features/privacy/mask'
import { fewestContacts, hideRare } from '@/lib/features/privacy/rare'
import { csvLines, csvMark } from '@/lib/features/tickets/csv'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'
import { requireFeature } from './within-plan'

export const exportKinds = ['jsonl', 'csv', 'parquet', 'md'] as const
export type ExportKind = (typeof exportKinds)[number]

export interface ExportedRow {
  text: string
  label: string
  source: ExampleSource
}

/** Lines for another program come with more plans than a dataset does. */
const featureOf = { jsonl: 'files', csv: 'files', parquet: 'data', md: 'data' } as const

async function rowsOf(ctx: Ctx, kind: ExportKind): Promise<{ rows: ExportedRow[]; name: string }> {
  const vault = await accountVault(ctx)
  const { learned, name } = await inAccount(ctx, async (tx) => {
    await requireFeature(tx, ctx, featureOf[kind])
    const found = { learned: await readLearned(tx, ctx, vault), name: (await readAccount(tx, ctx)).name }
    await record(tx, ctx, { act: 'export.examples', facts: { kind, rows: found.learned.length } })
    return found
  })
  const texts = await hideRare(learned.map(({ text, contactId }) => ({ text: maskText(text), contactId })))
  return { name, rows: learned.map(({ intent, source }, at) => ({ text: texts[at] as string, label: intent, source })) }
}

function countsOf<K extends 'label' | 'source'>(rows: readonly ExportedRow[], key: K): Map<ExportedRow[K], number> {
  const counts = new Map<ExportedRow[K], number>()
  for (const row of rows) counts.set(row[key], (counts.get(row[key]) ?? 0) + 1)
  return counts
}

/** What is after the dot says the form; `md` is the card. @throws plan_files, plan_data */
export async function exportExamples(ctx: Ctx, { kind }: { kind: ExportKind }): Promise<string | Uint8Array> {
  requireMember(ctx, canExport)
  const { rows, name } = await rowsOf(ctx, kind)
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  if (kind === 'jsonl') return lines
  if (kind === 'csv')
    return (
      csvMark + csvLines([['text', 'label', 'source'], ...rows.map(({ text, label, source }) => [text, label, source])])
    )
  if (kind === 'parquet') return parquetOf(rows)
  return writeCard({
    name,
    day: ctx.now().toISOString().slice(0, 10),
    hash: createHash('sha256').update(lines).digest('hex'),
    texts: rows.length,
    intents: [...countsOf(rows, 'label')].map(([key, texts]) => ({ key, texts })).sort((a, b) => b.texts - a.texts),
    sources: Object.fromEntries(countsOf(rows, 'source')),
    languages: languagesOf(rows.map(({ text }) => text)),
    fewestContacts,
  })
}

function parquetOf(rows: readonly ExportedRow[]): Uint8Array {
  const column = (name: keyof ExportedRow) => ({ name, data: rows.map((row) => row[name]), type: 'STRING' as const })
  return new Uint8Array(parquetWriteBuffer({ columnData: [column('text'), column('label'), column('source')] }))
}
