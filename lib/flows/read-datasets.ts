/** The datasets of an account, and the texts of one: what was taken down, as far as it is still there and may be learned from. */
import { AppError } from '@/lib/core/errors'
import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { type ListedDataset, listDatasets } from '@/lib/features/learning/datasets'
import type { ExampleSource, Split } from '@/lib/features/learning/examples'
import type { DatasetPage } from '@/lib/features/learning/input'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { openDataset } from './open-dataset'

export async function readDatasets(ctx: Ctx): Promise<{ datasets: ListedDataset[] }> {
  requireMember(ctx, canTrain)
  return { datasets: await inAccount(ctx, (tx) => listDatasets(tx, ctx)) }
}

export interface DatasetText {
  /** Of the message, or of the example. */
  id: string
  text: string
  /** As it was when the dataset was taken down. */
  intent: string
  split: Split
  source: ExampleSource
}

const page = 50

/** What is learned comes first. @throws not_found */
export async function readDatasetTexts(
  ctx: Ctx,
  { id, skip }: DatasetPage & { id: string },
): Promise<{ texts: DatasetText[]; of: number; more: boolean }> {
  requireMember(ctx, canTrain)
  const [known] = await inAccount(ctx, (tx) => listDatasets(tx, ctx, id))
  if (!known) throw new AppError('not_found')
  const { train, test } = await openDataset(ctx, id)
  const all = [
    ...train.map((row) => ({ ...row, split: 'train' as const })),
    ...test.map((row) => ({ ...row, split: 'test' as const })),
  ]
  const texts = all
    .slice(skip, skip + page)
    .map(({ id: of, text, labelled, split, source }) => ({ id: of, text, intent: labelled, split, source }))
  return { texts, of: all.length, more: all.length > skip + page }
}
