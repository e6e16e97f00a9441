/** One choice for many messages: all of them carry it or none, and one press takes all of it back. */
import { AppError } from '@/lib/core/errors'
import { canCorrect, canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { factsOf, record } from '@/lib/features/audit/write'
import { lockConversation } from '@/lib/features/conversations/change'
import type { IntentDraft } from '@/lib/features/intents/input'
import { addIntent, retireIntents } from '@/lib/features/intents/write'
import { forgetChampion } from '@/lib/features/learning/champion'
import { buryUnsaid } from '@/lib/features/learning/erase'
import { findUntaught } from '@/lib/features/learning/examples'
import { type Answered, answeredByOthers } from '@/lib/features/learning/reviewed'
import {
  addCorrections,
  type CorrectedMessage,
  findManyCorrectable,
  findManyStanding,
  readManyEffective,
  retractCorrection,
} from '@/lib/features/predictions/corrections'
import { keepUndo, type TakenBack } from '@/lib/features/undo/write'
import type { Ctx } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { follow, refuseUnknown } from './correct-label'
import { withinPlan } from './within-plan'

export interface LabelledMany {
  /** Messages that carry the choice now; those that were erased meanwhile are not among them. */
  labelled: number
  /** Takes back all of it; null when all of them carried it by a person's word already. */
  undoId: string | null
  /** What others had said meanwhile, and was left as they said it. */
  answered: Answered[]
}

/** What one press did, as undo keeps it. */
export interface LabelledPress {
  correctionIds: string[]
  /** The intent that was made for them. */
  made?: string
}

interface Asked {
  messageIds: readonly string[]
  /** Leaves alone what somebody else has answered meanwhile. */
  unlessAnswered?: boolean
}

/** @throws not_found when none of the messages is there any more, invalid_input */
export async function labelMessages(ctx: Ctx, { intent, ...asked }: Asked & { intent: string }): Promise<LabelledMany> {
  requireMember(ctx, canCorrect)
  return inAccount(ctx, async (tx) => {
    await refuseUnknown(tx, ctx, 'intent', intent)
    const { correctionIds, ...done } = await correctAll(tx, ctx, asked, intent)
    const press: LabelledPress = { correctionIds }
    return { ...done, undoId: correctionIds.length ? await keepUndo(tx, ctx, 'labelled', press) : null }
  })
}

/** Makes an intent and gives it its first messages. @throws name_taken, too_many, plan_intents, not_found */
export async function intentOfMessages(
  ctx: Ctx,
  { messageIds, unlessAnswered = false, ...draft }: IntentDraft & Asked,
): Promise<LabelledMany & { key: string }> {
  requireMember(ctx, canTrain)
  const done = await inAccount(ctx, async (tx) => {
    await withinPlan(tx, ctx, 'intents')
    const key = await addIntent(tx, ctx, draft)
    const { correctionIds, ...labelled } = await correctAll(tx, ctx, { messageIds, unlessAnswered }, key)
    const press: LabelledPress = { correctionIds, made: key }
    const undoId = await keepUndo(tx, ctx, 'labelled', press)
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'intents' } })
    await record(tx, ctx, { act: 'intent.created', thingId: key, facts: { name: draft.name } })
    return { key, ...labelled, undoId }
  })
  forgetChampion(ctx.accountId)
  return done
}

export async function correctAll(tx: Tx, ctx: Ctx, { messageIds, unlessAnswered }: Asked, intent: string) {
  const { membershipId } = requireMember(ctx, canCorrect)
  const found = await findManyCorrectable(tx, messageIds)
  if (!found.length) throw new AppError('not_found')
  const locked = await lockAll(tx, ctx, found)
  // Under the locks: of two who answer at once, the second sees the first.
  const answered = unlessAnswered ? await answeredByOthers(tx, ctx, { messageIds, authorId: membershipId }) : []
  const messages = found.filter(({ id }) => !answered.some(({ messageId }) => messageId === id))
  const before = await readManyEffective(
    tx,
    messages.map(({ id }) => id),
  )
  const fresh = messages.filter(({ id }) => !(before.get(id)?.corrected && before.get(id)?.value === intent))
  const correctionIds = await addCorrections(
    tx,
    ctx,
    fresh.map(({ id }) => ({
      messageId: id,
      field: 'intent' as const,
      was: before.get(id)?.value ?? null,
      now: intent,
      authorId: membershipId,
    })),
  )
  await followAll(tx, ctx, locked, fresh)
  return { labelled: messages.length, correctionIds, answered }
}

/** Conversations are locked in the order of their ids, as every writer of many does: two presses at once wait, and none is refused. */
async function lockAll(tx: Tx, ctx: Ctx, messages: readonly CorrectedMessage[]) {
  const locked = new Map<string, Awaited<ReturnType<typeof lockConversation>>>()
  for (const id of [...new Set(messages.map((message) => message.conversationId))].sort())
    locked.set(id, await lockConversation(tx, ctx, id))
  return locked
}

/** Only the newest of a conversation's messages can be the one that speaks for it. */
async function followAll(
  tx: Tx,
  ctx: Ctx,
  locked: Awaited<ReturnType<typeof lockAll>>,
  messages: readonly CorrectedMessage[],
): Promise<void> {
  for (const [id, now] of locked) {
    const own = messages.filter((message) => message.conversationId === id)
    const newest = own.reduce<CorrectedMessage | undefined>(
      (last, one) => (last && last.sequence > one.sequence ? last : one),
      undefined,
    )
    if (newest) await follow(tx, ctx, now, newest, 'intent')
  }
}

/** What somebody took back by itself since is kept as it is. */
export async function takeBackLabels(tx: Tx, ctx: Ctx, press: LabelledPress): Promise<TakenBack> {
  const { membershipId } = requireMember(ctx, canCorrect)
  const standing = await findManyStanding(tx, press.correctionIds, membershipId)
  const messages = await findManyCorrectable(
    tx,
    standing.map(({ messageId }) => messageId),
  )
  const locked = await lockAll(tx, ctx, messages)
  for (const { id } of standing) await retractCorrection(tx, ctx, id)
  await buryUnsaid(
    tx,
    ctx,
    standing.map(({ messageId }) => messageId),
  )
  await followAll(tx, ctx, locked, messages)
  if (press.made) {
    requireMember(ctx, canTrain)
    // Somebody may have taught, merged or put it aside since.
    for (const key of await retireIntents(tx, ctx, await findUntaught(tx, ctx, [press.made]))) {
      await tell(tx, ctx, { type: 'account.updated', data: { part: 'intents' } })
      await record(tx, ctx, { act: 'intent.changed', thingId: key, facts: factsOf({ archived: true }) })
    }
  }
  return { restored: standing.length, kept: press.correctionIds.length - standing.length }
}
