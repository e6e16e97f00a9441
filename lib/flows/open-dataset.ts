/** Opens the texts of a dataset: what is learned, and what judges. What was erased or taken back since is in neither. */
import { readNames } from '@/lib/features/learning/champion'
import { type DatasetRow, readDataset } from '@/lib/features/learning/dataset'
import { type ExampleSource, readCases, readLearned } from '@/lib/features/learning/examples'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'
import { cleanText } from '@/models/text/clean'

export interface OpenedText {
  text: string
  /** As it is called now: what was merged since is the one that took its place. */
  intent: string
  /** As it was called when the dataset was taken down. */
  labelled: string
  conversation: string | null
  /** What must stay together: a conversation, or the text itself. */
  group: string
  /** Who wrote it; null for a written or imported text. */
  contactId: string | null
  /** Of the corrected message; null for a written or imported text. */
  messageId: string | null
  /** Of the message, or of the example. */
  id: string
  /** As it was then, too. */
  source: ExampleSource
}

export interface OpenedDataset {
  createdAt: Date
  train: OpenedText[]
  test: OpenedText[]
}

/** @param only those texts, or so many of those that were learned; without it, all of them */
export async function openDataset(
  ctx: Ctx,
  datasetId: string,
  only: { ids?: readonly string[]; learned?: { first: readonly string[]; most: number } } = {},
): Promise<OpenedDataset> {
  const vault = await accountVault(ctx)
  return inAccount(ctx, async (tx) => {
    const { createdAt, rows: all } = await readDataset(tx, ctx, datasetId)
    // For whoever learns and for whoever is judged; what leaves, or is looked at, is what was taken down.
    const { merged } = await readNames(tx, ctx)
    const nameOf = (intent: string) => merged.get(intent) ?? intent
    const named = all.filter(
      ({ messageId, exampleId }) => only.ids?.includes((messageId ?? exampleId) as string) ?? true,
    )
    const rows = only.learned ? someLearned(named, only.learned, nameOf) : named
    // Opening a text costs: all of them are asked for at once, some by name.
    const some = only.ids || only.learned
    const ids = rows.flatMap(({ messageId, exampleId }) => messageId ?? exampleId ?? [])
    const learned = await readLearned(tx, ctx, vault, some ? { ids } : {})
    const byId = new Map(learned.map((one) => [one.messageId ?? one.exampleId, one]))
    const opened = rows.flatMap(({ messageId, exampleId, intent, split, source }) => {
      const found = byId.get(messageId ?? exampleId)
      return found
        ? [
            {
              text: found.text,
              intent: nameOf(intent),
              labelled: intent,
              conversation: found.conversation,
              group: found.group,
              contactId: found.contactId,
              messageId,
              id: (messageId ?? exampleId) as string,
              source: source ?? found.source,
              split,
            },
          ]
        : []
    })
    const part = (which: string): OpenedText[] =>
      opened.filter(({ split }) => split === which).map(({ split: _split, ...one }) => one)
    return { createdAt, train: part('train'), test: part('test') }
  })
}

/** What may be learned of it now: a text that became a case since then is learned by nobody. */
export async function withoutCases(ctx: Ctx, train: readonly OpenedText[]): Promise<OpenedText[]> {
  const vault = await accountVault(ctx)
  const cases = await inAccount(ctx, (tx) => readCases(tx, ctx, vault))
  const held = new Set(cases.map(({ text }) => cleanText(text)))
  return train.filter(({ text }) => !held.has(cleanText(text)))
}

/** Those of the intents that come first, and of the others as many as there is room for, evenly. */
function someLearned(
  rows: readonly DatasetRow[],
  { first, most }: { first: readonly string[]; most: number },
  nameOf: (intent: string) => string,
): DatasetRow[] {
  const learned = rows.filter(({ split }) => split === 'train')
  const isFirst = ({ intent }: DatasetRow) => first.includes(intent) || first.includes(nameOf(intent))
  const own = learned.filter(isFirst).slice(0, most)
  const others = learned.filter((row) => !isFirst(row))
  const step = Math.ceil(others.length / Math.max(1, most - own.length))
  return [...own, ...others.filter((_, at) => at % step === 0).slice(0, most - own.length)]
}
