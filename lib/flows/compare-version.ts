/** Asks a version, and another model, about every held-out text: the messages behind the figures. */
import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import type { Answer } from '@/lib/features/learning/judge'
import { readRun } from '@/lib/features/learning/runs'
import { findVersion, readChampionVersion } from '@/lib/features/learning/versions'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { answersOf, tryCases } from './judge-models'
import { openDataset } from './open-dataset'

export interface ComparedText {
  text: string
  /** What people said. */
  truth: string
  version: Answer
  /** Of the model that it is compared with. */
  other: Answer
  messageId: string | null
}

/** A case, and what the version says to it. */
export interface TriedCase {
  id: string
  text: string
  intent: string
  guess: string
}

/** More than this nobody reads. */
const most = 1_000

/** @param beside a version or `base`; without it, the model in charge @throws not_found, model_away */
export async function compareVersion(
  ctx: Ctx,
  { id, beside }: { id: string; beside?: string | undefined },
): Promise<{ texts: ComparedText[]; cases: TriedCase[] }> {
  requireMember(ctx, canTrain)
  const { version, other, datasetId } = await inAccount(ctx, async (tx) => {
    const found = await findVersion(tx, ctx, id)
    return {
      version: found,
      other: beside === 'base' ? null : await (beside ? findVersion(tx, ctx, beside) : readChampionVersion(tx, ctx)),
      datasetId: (await readRun(tx, ctx, found.runId)).datasetId,
    }
  })
  const test = (await openDataset(ctx, datasetId)).test.slice(0, most)
  const mine = await answersOf(ctx, test, version.bundle)
  const theirs = other?.id === id ? mine : await answersOf(ctx, test, other?.bundle ?? null)
  const short = ({ intent, intentProbability, inScope }: Answer): Answer => ({ intent, intentProbability, inScope })
  return {
    cases: (await tryCases(ctx, version.bundle)).map(({ id, text, intent, guess }) => ({ id, text, intent, guess })),
    texts: test.map(({ text, intent, messageId }, at) => ({
      text,
      truth: intent,
      version: short(mine[at] as Answer),
      other: short(theirs[at] as Answer),
      messageId,
    })),
  }
}
