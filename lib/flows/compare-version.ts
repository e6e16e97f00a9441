/** Asks a version, and another model, about every held-out text and every case: what stands behind the figures. */
import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import type { Answer } from '@/lib/features/learning/judge'
import { readRun } from '@/lib/features/learning/runs'
import { findVersion, readChampionVersion } from '@/lib/features/learning/versions'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { answersOf, tryCases } from './judge-models'
import { openDataset } from './open-dataset'

/** A held-out text without its words: they are asked for when somebody looks. */
export interface ComparedText {
  id: string
  /** What people said. */
  truth: string
  version: Answer
  /** Of the model that it is compared with. */
  other: Answer
}

export interface HeldOutText {
  id: string
  text: string
  messageId: string | null
}

/** A case, and what the version says to it. */
export interface TriedCase {
  id: string
  text: string
  intent: string
  guess: string
}

/** @param beside a version or `base`; without it, the model in charge @throws not_found, model_away */
export async function compareVersion(
  ctx: Ctx,
  { id, beside }: { id: string; beside?: string | undefined },
): Promise<{ texts: ComparedText[] }> {
  requireMember(ctx, canTrain)
  const { version, other, datasetId } = await inAccount(ctx, async (tx) => {
    const found = await findVersion(tx, ctx, id)
    return {
      version: found,
      other: beside === 'base' ? null : await (beside ? findVersion(tx, ctx, beside) : readChampionVersion(tx, ctx)),
      datasetId: (await readRun(tx, ctx, found.runId)).datasetId,
    }
  })
  const { test } = await openDataset(ctx, datasetId)
  const mine = await answersOf(ctx, test, version.bundle)
  const theirs = other?.id === id ? mine : await answersOf(ctx, test, other?.bundle ?? null)
  const short = ({ intent, intentProbability, inScope }: Answer): Answer => ({ intent, intentProbability, inScope })
  return {
    texts: test.map((one, at) => ({
      id: one.id,
      truth: one.intent,
      version: short(mine[at] as Answer),
      other: short(theirs[at] as Answer),
    })),
  }
}

/** The words of some held-out texts, in the order that they were asked for in. @throws not_found */
export async function readHeldOut(
  ctx: Ctx,
  { id, ids }: { id: string; ids: readonly string[] },
): Promise<{ texts: HeldOutText[] }> {
  requireMember(ctx, canTrain)
  const datasetId = await inAccount(ctx, async (tx) => {
    const { runId } = await findVersion(tx, ctx, id)
    return (await readRun(tx, ctx, runId)).datasetId
  })
  const { test } = await openDataset(ctx, datasetId, { ids })
  const found = new Map(test.map((one) => [one.id, one]))
  return {
    texts: ids.flatMap((wanted) => {
      const one = found.get(wanted)
      return one ? [{ id: one.id, text: one.text, messageId: one.messageId }] : []
    }),
  }
}

/** @param id of a version; null for the model that comes along @throws not_found, model_away */
export async function readCasesOf(ctx: Ctx, { id }: { id: string | null }): Promise<{ cases: TriedCase[] }> {
  requireMember(ctx, canTrain)
  const version = id ? await inAccount(ctx, (tx) => findVersion(tx, ctx, id)) : null
  const cases = await tryCases(ctx, version?.bundle ?? null)
  return { cases: cases.map(({ id: caseId, text, intent, guess }) => ({ id: caseId, text, intent, guess })) }
}
