/** What is wrong with the labels themselves: likely slips, contradictions, intents that overlap, have too little or are missing. */
import { fewestExamples } from '@/lib/core/learning'
import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { listIntents } from '@/lib/features/intents/read'
import { countLearned, type LearnedFrom, readLearned } from '@/lib/features/learning/examples'
import type { Overlap } from '@/lib/features/learning/health'
import { readKeeps } from '@/lib/features/learning/keeps'
import { type Found, readLook } from '@/lib/features/learning/look'
import { type Proposal, readProposals } from '@/lib/features/learning/proposals'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'

export interface HealthText {
  /** Of the corrected message, or of the example. */
  id: string
  /** Of the corrected message; null for an example. */
  messageId: string | null
  text: string
  intent: string
}

export interface Health {
  /** When the labels were last looked through; null while that is done for the first time. */
  lookedAt: Date | null
  /** They are looked through again. */
  again: boolean
  /** Labels that the last model doubted without having learned them. */
  doubts: (HealthText & { guess: string; probability: number })[]
  /** Texts that read the same, or nearly, and carry different labels. */
  contradictions: HealthText[][]
  /** Pairs that the last model took for each other, with some of the texts. */
  overlaps: (Omit<Overlap, 'ids'> & { texts: HealthText[] })[]
  tooFew: { key: string; texts: number }[]
  /** What contacts write about that no intent covers. */
  proposals: Proposal[]
}

const nothing: Found = { doubts: [], contradictions: [], overlaps: [], proposals: [] }

const asText = ({ messageId, exampleId, text, intent }: LearnedFrom): HealthText => ({
  id: (messageId ?? exampleId) as string,
  messageId,
  text,
  intent,
})

/** What the last look found, as far as it still stands: not what was erased, labelled anew, or stood by since. */
export async function readHealth(ctx: Ctx): Promise<Health> {
  requireMember(ctx, canTrain)
  const vault = await accountVault(ctx)
  return inAccount(ctx, async (tx) => {
    const { at, again, found } = await readLook(tx, ctx, vault)
    const { doubts, contradictions, overlaps, proposals } = found ?? nothing
    const isKept = await readKeeps(tx, ctx)
    const used = (await listIntents(tx, ctx)).filter(({ archived }) => !archived)
    const counts = await countLearned(tx, ctx)
    const ids = [...doubts, ...contradictions.flat()].map(({ id }) => id)
    const named = [...new Set([...ids, ...overlaps.flatMap((one) => one.ids)])]
    const learned = named.length ? await readLearned(tx, ctx, vault, { ids: named }) : []
    const byId = new Map(learned.map((one) => [one.messageId ?? one.exampleId, asText(one)]))
    const isUsed = (key: string) => used.some((intent) => intent.key === key)
    return {
      lookedAt: at,
      again,
      doubts: doubts.flatMap(({ id, intent, guess, probability }) => {
        const one = byId.get(id)
        return one?.intent === intent && !isKept(one) ? [{ ...one, guess, probability }] : []
      }),
      contradictions: contradictions
        .map((group) => group.flatMap(({ id }) => byId.get(id) ?? []))
        .filter((group) => new Set(group.map(({ intent }) => intent)).size > 1 && !group.every(isKept)),
      // Merged or put aside meanwhile, they no longer overlap.
      overlaps: overlaps
        .filter(({ one, other }) => isUsed(one) && isUsed(other))
        .map(({ ids: of, ...pair }) => ({
          ...pair,
          texts: of
            .flatMap((id) => byId.get(id) ?? [])
            .filter(({ intent }) => intent === pair.one || intent === pair.other),
        })),
      tooFew: used
        .filter(({ group }) => group === 'own')
        .map(({ key }) => ({ key, texts: counts.get(key) ?? 0 }))
        .filter(({ texts }) => texts < fewestExamples),
      proposals: await readProposals(tx, ctx, vault, proposals),
    }
  })
}
