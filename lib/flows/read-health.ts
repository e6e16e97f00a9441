/** What is wrong with the labels themselves: likely slips, contradictions, intents that overlap, have too little or are missing. */
import { fewestExamples } from '@/lib/core/learning'
import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { listIntents } from '@/lib/features/intents/read'
import { type LearnedFrom, readLearned } from '@/lib/features/learning/examples'
import { contradictionsIn, overlapsIn } from '@/lib/features/learning/health'
import { readKeeps } from '@/lib/features/learning/keeps'
import { type Proposal, proposeIntents } from '@/lib/features/learning/proposals'
import { listRuns } from '@/lib/features/learning/runs'
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
  /** Labels that the last model doubted without having learned them. */
  doubts: (HealthText & { guess: string; probability: number })[]
  /** Texts that read the same, or nearly, and carry different labels. */
  contradictions: HealthText[][]
  /** Pairs that the last model took for each other. */
  overlaps: { one: string; other: string; count: number }[]
  tooFew: { key: string; texts: number }[]
  /** What contacts write about that no intent covers. */
  proposals: Proposal[]
}

/** So many labelled texts say what words are common. */
const around = 2_000

const asText = ({ messageId, exampleId, text, intent }: LearnedFrom): HealthText => ({
  id: (messageId ?? exampleId) as string,
  messageId,
  text,
  intent,
})

export async function readHealth(ctx: Ctx): Promise<Health> {
  requireMember(ctx, canTrain)
  const vault = await accountVault(ctx)
  return inAccount(ctx, async (tx) => {
    const learned = await readLearned(tx, ctx, vault)
    const isKept = await readKeeps(tx, ctx)
    const used = (await listIntents(tx, ctx)).filter(({ archived }) => !archived)
    // A private training doubts nobody: that would be a word about single texts.
    const report = (await listRuns(tx, ctx)).find(
      ({ state, epsilon }) => state === 'succeeded' && epsilon === null,
    )?.report
    const byId = new Map(learned.map((one) => [one.messageId ?? one.exampleId, one]))
    const counts = new Map<string, number>()
    for (const { intent } of learned) counts.set(intent, (counts.get(intent) ?? 0) + 1)
    return {
      doubts: (report?.doubts ?? []).flatMap(({ id, intent, guess, probability }) => {
        const one = byId.get(id)
        // Settled since: erased, labelled anew, or stood by.
        return one && one.intent === intent && !isKept({ id, intent }) ? [{ ...asText(one), guess, probability }] : []
      }),
      contradictions: contradictionsIn(learned, (one) =>
        isKept({ id: (one.messageId ?? one.exampleId) as string, intent: one.intent }),
      ).map((group) => group.map(asText)),
      overlaps: overlapsIn(report?.candidate.confusions ?? []),
      tooFew: used
        .filter(({ group }) => group === 'own')
        .map(({ key }) => ({ key, texts: counts.get(key) ?? 0 }))
        .filter(({ texts }) => texts < fewestExamples),
      proposals: await proposeIntents(
        tx,
        ctx,
        vault,
        learned.slice(0, around).map(({ text }) => text),
      ),
    }
  })
}
