/** What a training reads, as it may leave for the child: labelled texts, and the account's messages without a label. Nothing personal is learned. */
import { createHash } from 'node:crypto'
import type { TrainingTask } from '@/lib/core/ports'
import { readCases } from '@/lib/features/learning/examples'
import { fewestLogged, type LoggedText, logSize, readLog } from '@/lib/features/learning/log'
import { cutoffOf, readChoices } from '@/lib/features/privacy/choices'
import { forLearning } from '@/lib/features/privacy/mask'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'
import { cleanText } from '@/models/text/clean'
import { readKnownNames } from './known-names'
import type { OpenedDataset, OpenedText } from './open-dataset'

/** Texts between two looks at what else the process has to do. */
const part = 200

/** Names, addresses and secrets go before a text reaches the child. */
async function masked<T extends { text: string; contactId: string | null }, Row>(
  ctx: Ctx,
  texts: readonly T[],
  as: (text: string, of: T) => Row,
): Promise<Row[]> {
  const rows: Row[] = []
  const known = await readKnownNames(
    ctx,
    texts.map(({ contactId }) => contactId),
  )
  for (const [at, of] of texts.entries()) {
    rows.push(as(forLearning(of.text, known(of.contactId)), of))
    if (at % part === part - 1) await new Promise(setImmediate)
  }
  return rows
}

export const maskedRows = (ctx: Ctx, train: readonly OpenedText[]): Promise<TrainingTask['rows']> =>
  masked(ctx, train, (text, { intent, group, contactId }) => {
    // What stays together is told by a name that says nothing: of a written text it is the text itself.
    const name = createHash('sha256').update(group).digest('hex').slice(0, 16)
    return { text, label: intent, group: name, person: contactId ?? undefined }
  })

export const maskedLog = (ctx: Ctx, log: readonly LoggedText[]): Promise<TrainingTask['unlabelled']> =>
  masked(ctx, log, (text, { contactId }) => ({ text, person: contactId }))

/** sha256 of all that a training reads. With the seed and the program it settles the weights; names that are known later mask otherwise. */
export const readDigest = ({ rows, unlabelled, keep }: Pick<TrainingTask, 'rows' | 'unlabelled' | 'keep'>): string =>
  createHash('sha256')
    .update(JSON.stringify([rows, unlabelled, keep]))
    .digest('hex')

/** The messages without a label, as they were when the dataset was taken down. What judges is not among them. */
export async function readMessages(ctx: Ctx, { createdAt, train, test }: OpenedDataset): Promise<LoggedText[]> {
  const most = logSize(train.length)
  if (!most) return []
  const vault = await accountVault(ctx)
  return inAccount(ctx, async (tx) => {
    const { keepMonths } = await readChoices(tx, ctx)
    const judging = new Set([...test, ...(await readCases(tx, ctx, vault))].map(({ text }) => cleanText(text)))
    const kept = keepMonths ? cutoffOf(ctx.now(), keepMonths) : null
    const log = await readLog(tx, ctx, vault, { most, until: createdAt, kept, judging })
    return log.length < fewestLogged ? [] : log
  })
}
