/** An account's own set of intents: made, renamed, put aside, merged. The next message goes by the change. */

import { AppError } from '@/lib/core/errors'
import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { factsOf, type NewEntry, record } from '@/lib/features/audit/write'
import { giveBackIntent, renameIntent } from '@/lib/features/conversations/follow-label'
import type { IntentChange, IntentDraft, IntentThresholds } from '@/lib/features/intents/input'
import { type AccountIntent, isUsed, listIntents } from '@/lib/features/intents/read'
import {
  addIntent,
  changeIntent,
  type MergedIntent,
  mergeIntent,
  putThresholds,
  switchBuiltin,
  unmergeIntent,
} from '@/lib/features/intents/write'
import { forgetChampion } from '@/lib/features/learning/champion'
import { type Moved, moveLearned } from '@/lib/features/learning/examples'
import { keepUndo, type TakenBack } from '@/lib/features/undo/write'
import type { Ctx } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { withinPlan } from './within-plan'

async function changing<T>(ctx: Ctx, entry: (done: T) => NewEntry, work: (tx: Tx) => Promise<T>): Promise<T> {
  requireMember(ctx, canTrain)
  const result = await inAccount(ctx, async (tx) => {
    const done = await work(tx)
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'intents' } })
    await record(tx, ctx, entry(done))
    return done
  })
  forgetChampion(ctx.accountId)
  return result
}

/** @throws name_taken, too_many, plan_intents */
export const createIntent = (ctx: Ctx, draft: IntentDraft): Promise<{ key: string }> =>
  changing(
    ctx,
    ({ key }) => ({ act: 'intent.created', thingId: key, facts: { name: draft.name } }),
    async (tx) => {
      await withinPlan(tx, ctx, 'intents')
      return { key: await addIntent(tx, ctx, draft) }
    },
  )

/** @throws not_found, name_taken, plan_intents (one of its own comes back) */
export const updateIntent = (ctx: Ctx, { key, ...change }: IntentChange & { key: string }): Promise<void> =>
  changing(
    ctx,
    () => ({ act: 'intent.changed', thingId: key, facts: factsOf(change) }),
    async (tx) => {
      const comesBack = ({ group, ...intent }: AccountIntent) =>
        intent.key === key && group === 'own' && intent.archived
      if (change.archived === false && (await listIntents(tx, ctx)).some(comesBack))
        await withinPlan(tx, ctx, 'intents')
      await changeIntent(tx, ctx, key, change)
    },
  )

/** How sure the model must be of each; the next message goes by it. Returns what was asked for before. @throws not_found */
export const setThresholds = (
  ctx: Ctx,
  { thresholds }: { thresholds: IntentThresholds },
): Promise<{ before: IntentThresholds }> =>
  changing(
    ctx,
    () => {
      const [first, ...others] = new Set(thresholds.map(({ threshold }) => threshold))
      return {
        act: 'intent.thresholds',
        thingId: thresholds.length === 1 ? (thresholds[0]?.key ?? null) : null,
        facts: { intents: thresholds.length, ...(others.length ? {} : { threshold: first ?? null }) },
      }
    },
    async (tx) => {
      const known = new Map((await listIntents(tx, ctx)).map(({ key, threshold }) => [key, threshold]))
      await putThresholds(tx, ctx, thresholds)
      return { before: thresholds.map(({ key }) => ({ key, threshold: known.get(key) ?? null })) }
    },
  )

/**
 * Its texts are the other one's from now on, and a model that still says it means the other one. For a day it can be taken back.
 * @throws not_found
 */
export const mergeIntents = (
  ctx: Ctx,
  { key, into }: { key: string; into: string },
): Promise<{ moved: number; undoId: string }> =>
  changing(
    ctx,
    ({ moved }) => ({ act: 'intent.merged', thingId: key, facts: { into, moved } }),
    async (tx) => {
      const intents = await listIntents(tx, ctx)
      if (key === into || !isUsed(intents, into)) throw new AppError('invalid_input', { field: 'into' })
      const before = await mergeIntent(tx, ctx, key, into)
      await renameIntent(tx, ctx.accountId, key, into)
      const moved = await moveLearned(tx, ctx, key, into)
      const merge: Merge = { key, into, before, moved }
      return {
        moved: moved.examples.length + moved.corrections.length,
        undoId: await keepUndo(tx, ctx, 'merged', merge),
      }
    },
  )

/** What one merge did, as undo keeps it. */
export interface Merge {
  key: string
  into: string
  before: MergedIntent[]
  moved: Moved
}

/** Two intents again, each with its texts; what was said after the merge stays said. @throws conflict, plan_intents */
export async function takeBackMerge(tx: Tx, ctx: Ctx, { key, into, before, moved }: Merge): Promise<TakenBack> {
  const own = (await listIntents(tx, ctx)).some((intent) => intent.key === key && intent.group === 'own')
  if (own) await withinPlan(tx, ctx, 'intents')
  await unmergeIntent(tx, ctx, { before, into })
  const back = await moveLearned(tx, ctx, into, key, moved)
  await giveBackIntent(tx, ctx.accountId, { keys: before.map((one) => one.key), into: key, from: into })
  const count = ({ examples, corrections }: Moved) => examples.length + corrections.length
  await tell(tx, ctx, { type: 'account.updated', data: { part: 'intents' } })
  await record(tx, ctx, { act: 'intent.unmerged', thingId: key, facts: { into, moved: count(back) } })
  return { restored: count(back), kept: count(moved) - count(back) }
}

/** What the switch changed, as undo keeps it. */
export interface Switched {
  used: boolean
  keys: string[]
}

/** Everything that comes with the product, out of use or back. For a day it can be taken back. */
export const chooseBuiltin = (ctx: Ctx, { used }: { used: boolean }): Promise<{ changed: number; undoId: string }> =>
  changing(
    ctx,
    () => ({ act: 'intent.builtin', facts: { used } }),
    async (tx) => {
      const switched: Switched = { used, keys: await switchBuiltin(tx, ctx, used) }
      return { changed: switched.keys.length, undoId: await keepUndo(tx, ctx, 'builtin', switched) }
    },
  )

/** What was put aside, taken into use or merged by itself since stays so. */
export async function takeBackSwitch(tx: Tx, ctx: Ctx, { used, keys }: Switched): Promise<TakenBack> {
  const { length: restored } = await switchBuiltin(tx, ctx, !used, keys)
  await tell(tx, ctx, { type: 'account.updated', data: { part: 'intents' } })
  await record(tx, ctx, { act: 'intent.builtin', facts: { used: !used } })
  return { restored, kept: keys.length - restored }
}
