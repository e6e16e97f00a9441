/** Everything that holds for messages as their labels: what the model said, and people's word over it. */
import { lineAsSaid, lines } from '@/lib/core/learning'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { type CorrectedField, correctedFields } from './corrections'

export interface HeldLabel {
  value: string
  /** Calibrated, 0 … 1; null where a person's word holds. */
  probability: number | null
  by: 'model' | 'person'
}

export interface HeldLabels extends Record<CorrectedField, HeldLabel | null> {
  language: HeldLabel | null
  /** False where the model was not sure what it is about, and leaves that to people. */
  certain: boolean | null
  modelVersion: string | null
}

/** Four digits: a `real` of the database has no more than seven, of which the rest is noise. */
const rounded = (probability: number): number => Math.round(probability * 10_000) / 10_000

/** By message; those that nobody has labelled are not among them. */
export async function labelsOf(
  tx: Tx,
  { accountId }: Ctx,
  messageIds: readonly string[],
): Promise<Map<string, HeldLabels>> {
  const found = new Map<string, HeldLabels>()
  if (!messageIds.length) return found
  const where = { accountId, messageId: { in: [...messageIds] } }
  const predictions = await tx.prediction.findMany({ where })
  const corrections = await tx.correction.findMany({
    where: { ...where, undoneAt: null },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { messageId: true, field: true, now: true },
  })
  const changed = await tx.intent.findMany({
    where: { accountId, OR: [{ mergedInto: { not: null } }, { threshold: { not: null } }] },
    select: { key: true, mergedInto: true, threshold: true },
  })
  const intents = new Map(changed.map((intent) => [intent.key, intent]))
  // What a model said before an intent was merged is called by its new name, as in every list.
  const nameNow = (key: string) => intents.get(key)?.mergedInto ?? key
  // As sure as the account asks of it now: what is below that is left to people.
  const lineOf = (key: string) => lineAsSaid(intents.get(nameNow(key))?.threshold ?? lines.least)
  const said = (value: string, probability: number): HeldLabel => ({
    value,
    probability: rounded(probability),
    by: 'model',
  })
  for (const one of predictions)
    found.set(one.messageId, {
      intent: said(nameNow(one.intent), one.intentProbability),
      sentiment: said(one.sentiment, one.sentimentProbability),
      urgency: said(one.urgency, one.urgencyProbability),
      language: said(one.language, one.languageProbability),
      certain: one.inScope && rounded(one.intentProbability) >= lineOf(one.intent),
      modelVersion: one.modelVersion,
    })
  const nothing = { intent: null, sentiment: null, urgency: null, language: null, certain: null, modelVersion: null }
  for (const { messageId, field, now } of corrections) {
    if (!(correctedFields as readonly string[]).includes(field)) continue
    const before = found.get(messageId) ?? nothing
    found.set(messageId, { ...before, [field]: { value: now, probability: null, by: 'person' } })
  }
  return found
}
