/** Gives chosen texts of an intent to another one: written and imported ones, and messages by a correction. */
import { AppError } from '@/lib/core/errors'
import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { intentsInPlaceOf } from '@/lib/features/intents/read'
import { moveLearned, relabelExamples } from '@/lib/features/learning/examples'
import { keepUndo, type TakenBack } from '@/lib/features/undo/write'
import type { Ctx } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { refuseUnknown } from './correct-label'
import { correctAll, takeBackLabels } from './label-messages'

/** What one press moved, as undo keeps it. */
export interface Move {
  into: string
  examples: { id: string; intent: string }[]
  correctionIds: string[]
}

/** @throws invalid_input for an intent that is not in use, not_found when none of the texts is there */
export async function moveExamples(
  ctx: Ctx,
  { ids, intent }: { ids: readonly string[]; intent: string },
): Promise<{ moved: number; undoId: string }> {
  requireMember(ctx, canTrain)
  return inAccount(ctx, async (tx) => {
    await refuseUnknown(tx, ctx, 'intent', intent)
    const examples = await relabelExamples(tx, ctx, ids, intent)
    const messages = await tx.message.findMany({ where: { id: { in: [...ids] } }, select: { id: true } })
    const messageIds = messages.map(({ id }) => id)
    const { correctionIds } = messageIds.length
      ? await correctAll(tx, ctx, { messageIds }, intent)
      : { correctionIds: [] }
    const moved = examples.length + correctionIds.length
    if (!moved) throw new AppError('not_found')
    const move: Move = { into: intent, examples, correctionIds }
    const undoId = await keepUndo(tx, ctx, 'moved', move)
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'examples' } })
    await record(tx, ctx, { act: 'examples.moved', facts: { moved, into: intent } })
    return { moved, undoId }
  })
}

/** What was given yet another intent since keeps it; what was merged since means the one that took its place. */
export async function takeBackMove(tx: Tx, ctx: Ctx, { into, examples, correctionIds }: Move): Promise<TakenBack> {
  const labels = await takeBackLabels(tx, ctx, { correctionIds })
  let restored = labels.restored
  const origins = [...new Set(examples.map(({ intent }) => intent))]
  const now = await intentsInPlaceOf(tx, ctx, origins)
  for (const from of origins) {
    const ids = examples.filter(({ intent }) => intent === from).map(({ id }) => id)
    restored += (await moveLearned(tx, ctx, into, now(from), { examples: ids, corrections: [] })).examples.length
  }
  await tell(tx, ctx, { type: 'account.updated', data: { part: 'examples' } })
  await record(tx, ctx, { act: 'examples.moved', facts: { moved: restored, from: into } })
  return { restored, kept: examples.length + correctionIds.length - restored }
}
