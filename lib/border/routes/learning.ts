/** Learning: intents, the texts they are learned from, training runs, versions and which of them answers. */
import { z } from 'zod'
import { AppError } from '@/lib/core/errors'
import { intentKey } from '@/lib/core/intent-key'
import { canTrain, canViewInbox } from '@/lib/features/accounts/permissions'
import { builtinChange, intentChange, intentDraft, intentMerge, intentThresholds } from '@/lib/features/intents/input'
import { asked, heldOutIds, learningAsked, trainingRule, trainingWish } from '@/lib/features/learning/input'
import { cancelTraining } from '@/lib/flows/cancel-training'
import { chooseBuiltin, createIntent, mergeIntents, setThresholds, updateIntent } from '@/lib/flows/change-intents'
import { compareVersion, readCasesOf, readHeldOut } from '@/lib/flows/compare-version'
import { exportBundle, exportModelCard } from '@/lib/flows/export-version'
import { doubtLabel, keepLabel } from '@/lib/flows/keep-label'
import { intentOfMessages } from '@/lib/flows/label-messages'
import { promoteVersion } from '@/lib/flows/promote-version'
import { readHealth } from '@/lib/flows/read-health'
import { readIntents } from '@/lib/flows/read-intents'
import { readLearning, readTraining, versionAliases, versionCalled } from '@/lib/flows/read-learning'
import { rollBack } from '@/lib/flows/roll-back'
import { setTrainingRule } from '@/lib/flows/set-training-rule'
import { startTraining } from '@/lib/flows/start-training'
import { stopTrial, tryVersion } from '@/lib/flows/try-version'
import { readDrift } from '@/lib/flows/watch-drift'
import type { Ctx } from '@/lib/platform/context'
import { idOf } from '../path-id'
import { type Call, defineRoute, Reply } from '../route'
import { exampleRoutes, exportTypes, file } from './examples'

const at = <P extends string>(path: P) => `/api/v1/:account/${path}` as const
const nothing = z.object({})
const trainers = { member: canTrain } as const

/** @throws not_found */
function keyIn(call: Call): string {
  const key = intentKey.safeParse(call.params.key)
  if (!key.success) throw new AppError('not_found')
  return key.data
}

/** A version by its id, or by what it is just now. @throws not_found */
async function versionIn(ctx: Ctx, call: Call): Promise<string> {
  const alias = versionAliases.find((one) => one === call.params.id)
  return alias ? versionCalled(ctx, alias) : idOf(call)
}

const intents = [
  defineRoute({
    method: 'GET',
    path: at('intents'),
    who: { member: canViewInbox },
    input: nothing,
    handle: readIntents,
  }),
  defineRoute({
    method: 'POST',
    path: at('intents'),
    who: trainers,
    input: intentDraft,
    handle: async (ctx, input) => new Reply(201, await createIntent(ctx, input)),
  }),
  defineRoute({
    method: 'POST',
    path: at('intents/of-messages'),
    who: trainers,
    input: intentDraft.extend(asked.shape),
    handle: async (ctx, input) => new Reply(201, await intentOfMessages(ctx, input)),
  }),
  defineRoute({ method: 'PUT', path: at('intents'), who: trainers, input: builtinChange, handle: chooseBuiltin }),
  defineRoute({
    method: 'PUT',
    path: at('intents/thresholds'),
    who: trainers,
    input: intentThresholds,
    handle: setThresholds,
  }),
  defineRoute({
    method: 'PATCH',
    path: at('intents/:key'),
    who: trainers,
    input: intentChange,
    handle: (ctx, input, call) => updateIntent(ctx, { ...input, key: keyIn(call) }),
  }),
  defineRoute({
    method: 'POST',
    path: at('intents/:key/merge'),
    who: trainers,
    input: intentMerge,
    handle: (ctx, input, call) => mergeIntents(ctx, { ...input, key: keyIn(call) }),
  }),
]

const training = [
  defineRoute({ method: 'GET', path: at('learning/drift'), who: trainers, input: nothing, handle: readDrift }),
  defineRoute({ method: 'GET', path: at('learning/health'), who: trainers, input: nothing, handle: readHealth }),
  defineRoute({
    method: 'PUT',
    path: at('learning/keeps/:id'),
    who: trainers,
    input: z.object({ intent: intentKey }),
    handle: (ctx, { intent }, call) => keepLabel(ctx, { id: idOf(call), intent }),
  }),
  defineRoute({
    method: 'DELETE',
    path: at('learning/keeps/:id'),
    who: trainers,
    input: nothing,
    handle: (ctx, _input, call) => doubtLabel(ctx, { id: idOf(call) }),
  }),
  defineRoute({
    method: 'PUT',
    path: at('learning/rule'),
    who: trainers,
    input: trainingRule,
    handle: setTrainingRule,
  }),
  defineRoute({ method: 'GET', path: at('learning'), who: trainers, input: learningAsked, handle: readLearning }),
  defineRoute({
    method: 'POST',
    path: at('learning/runs'),
    who: trainers,
    input: trainingWish,
    handle: async (ctx, wish) => new Reply(201, await startTraining(ctx, wish)),
  }),
  defineRoute({
    method: 'GET',
    path: at('learning/runs/:id'),
    who: trainers,
    input: nothing,
    handle: (ctx, _input, call) => readTraining(ctx, { id: idOf(call) }),
  }),
  defineRoute({
    method: 'POST',
    path: at('learning/runs/:id/cancel'),
    who: trainers,
    input: nothing,
    handle: (ctx, _input, call) => cancelTraining(ctx, { id: idOf(call) }),
  }),
  defineRoute({
    method: 'GET',
    path: at('learning/versions/:id/texts'),
    who: trainers,
    limits: { body: 0, rate: [30, 60] },
    input: z.object({ beside: z.union([z.uuid().toLowerCase(), z.literal('base')]).optional() }),
    handle: async (ctx, { beside }, call) => compareVersion(ctx, { id: await versionIn(ctx, call), beside }),
  }),
  defineRoute({
    method: 'GET',
    path: at('learning/versions/:id/held-out'),
    who: trainers,
    input: heldOutIds,
    handle: async (ctx, { ids }, call) => readHeldOut(ctx, { id: await versionIn(ctx, call), ids }),
  }),
  defineRoute({
    method: 'GET',
    path: at('learning/versions/:id/cases'),
    who: trainers,
    limits: { body: 0, rate: [60, 60] },
    input: nothing,
    handle: async (ctx, _input, call) =>
      readCasesOf(ctx, { id: call.params.id === 'base' ? null : await versionIn(ctx, call) }),
  }),
  defineRoute({
    method: 'POST',
    path: at('learning/versions/:id/promote'),
    who: trainers,
    input: z.object({ unjudged: z.boolean().optional() }),
    handle: async (ctx, { unjudged }, call) => promoteVersion(ctx, { id: await versionIn(ctx, call), unjudged }),
  }),
  file('learning/versions/:id/card.md', 'model-card.md', exportTypes.md, async (ctx, call) =>
    exportModelCard(ctx, { id: await versionIn(ctx, call) }),
  ),
  file('learning/versions/:id/bundle.zip', 'model.zip', 'application/zip', async (ctx, call) =>
    exportBundle(ctx, { id: await versionIn(ctx, call) }),
  ),
  defineRoute({
    method: 'POST',
    path: at('learning/versions/:id/try'),
    who: trainers,
    input: z.strictObject({ share: z.int().min(0).max(50), unjudged: z.boolean().optional() }),
    handle: async (ctx, { share, unjudged }, call) =>
      tryVersion(ctx, { id: await versionIn(ctx, call), share, unjudged }),
  }),
  defineRoute({ method: 'POST', path: at('learning/trial/stop'), who: trainers, input: nothing, handle: stopTrial }),
  defineRoute({
    method: 'POST',
    path: at('learning/roll-back'),
    who: trainers,
    input: z.object({ id: z.uuid().toLowerCase().nullable(), anyway: z.boolean().optional() }),
    handle: rollBack,
  }),
]

export const learningRoutes = [...intents, ...exampleRoutes, ...training]
