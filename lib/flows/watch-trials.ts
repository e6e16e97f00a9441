/** The worker's round of trials: asks the silent model, compares, and ends what people's word is against. */

import { isAppError } from '@/lib/core/errors'
import { record } from '@/lib/features/audit/write'
import { about } from '@/lib/features/conversations/sealed'
import { championOf, forgetChampion, hold } from '@/lib/features/learning/champion'
import { enough, verdictOf } from '@/lib/features/learning/trial-rules'
import {
  addShadows,
  endTrial,
  isWatch,
  listTrials,
  readFigures,
  readRunning,
  type Shadow,
  type Trial,
  type TrialEnd,
  trials,
  type Unshadowed,
  unshadowed,
} from '@/lib/features/learning/trials'
import { deploy, readChampionVersion } from '@/lib/features/learning/versions'
import type { Ctx, Services } from '@/lib/platform/context'
import { contactBox } from '@/lib/platform/crypto/keyring'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { bundleName } from '@/models/bundle/name'
import { tellOwners } from './tell-owners'

/** Messages per account and round, how many are asked about at once, and how long each may take, milliseconds: visitors come first. */
const round = 64
const atOnce = 8
const patience = 5_000
/** A version in charge is watched beside its predecessor for so long, days. */
const watchDays = 7

/** Returns how many messages were read by a silent model. */
export async function watchTrials(services: Services, ctxOf: (accountId: string) => Ctx): Promise<number> {
  const accounts = await asSystem(services, 'find trials of models', listTrials)
  let read = 0
  for (const accountId of accounts)
    read += await watchAccount(ctxOf(accountId)).catch((error) => {
      services.log.warn({ accountId, reason: String(error) }, 'a trial was not followed')
      return 0
    })
  return read
}

async function watchAccount(ctx: Ctx): Promise<number> {
  let read = 0
  for (const trial of await inAccount(ctx, (tx) => readRunning(tx, ctx))) read += await follow(ctx, trial)
  return read
}

async function follow(ctx: Ctx, trial: Trial): Promise<number> {
  const known = await inAccount(ctx, (tx) => readFigures(tx, ctx, trial.id))
  const waiting = known.both < enough ? await inAccount(ctx, (tx) => unshadowed(tx, ctx, trial, round)) : []
  let read = 0
  for (let from = 0; from < waiting.length; from += atOnce) {
    const some = waiting.slice(from, from + atOnce)
    const shadows = await Promise.all(some.map((message) => shadowOf(ctx, trial, message)))
    const found = shadows.flatMap((one) => one ?? [])
    await inAccount(ctx, (tx) => addShadows(tx, ctx, trial.id, found))
    read += found.length
    // Slow or away: visitors' messages need what there is.
    if (found.length < some.length) break
  }
  const figures = read ? await inAccount(ctx, (tx) => readFigures(tx, ctx, trial.id)) : known
  const old = ctx.now().getTime() - trial.createdAt.getTime() > watchDays * 86_400_000
  const verdict = verdictOf(figures, trial.share) ?? (isWatch(trial) && old ? 'held' : null)
  if (verdict) await conclude(ctx, trial, verdict)
  return read
}

/** The other model's answer; null when there is none in time. */
async function shadowOf(ctx: Ctx, trial: Trial, message: Unshadowed): Promise<Shadow | null> {
  const served = trial.bundle.startsWith(message.modelVersion)
  const digest = served ? (trial.rival?.bundle ?? null) : trial.bundle
  const text = await textOf(ctx, message)
  const bundle = digest ? bundleName(ctx.accountId, digest) : 'base'
  const said = text === null ? null : await ctx.services.classifier.classify({ text, bundle }, patience)
  // A bundle that cannot be opened is answered for by the base: that is not the version's word.
  if (!said || (digest && !digest.startsWith(said.modelVersion))) return null
  // Shown labels go by their new names after a merge; so do these.
  const { intent, inScope, latencyMs } = hold(await championOf(ctx), said)
  return { messageId: message.messageId, tried: !served, intent, inScope, latencyMs }
}

async function textOf(ctx: Ctx, { messageId, contactId }: Unshadowed): Promise<string | null> {
  const row = await inAccount(ctx, (tx) => tx.message.findFirst({ where: { id: messageId }, select: { body: true } }))
  if (!row?.body) return null
  const box = await contactBox(ctx, contactId).catch((error) => {
    if (isAppError(error) && error.code === 'not_found') return null
    throw error
  })
  return box?.open(row.body, about.body(messageId)) ?? null
}

/** Ends the trial; a version in charge that turned out worse or too slow gives way to its predecessor. */
async function conclude(ctx: Ctx, trial: Trial, verdict: TrialEnd): Promise<void> {
  await inAccount(ctx, async (tx) => {
    // Meanwhile somebody may have begun another, or given this one another share: what was seen says nothing of those.
    if (!(await endTrial(tx, ctx, verdict, { id: trial.id, share: trial.share }))) return
    const champion = await readChampionVersion(tx, ctx)
    if (isWatch(trial) && verdict !== 'held' && champion?.id === trial.versionId) {
      await deploy(tx, ctx, {
        versionId: trial.rival?.id ?? null,
        expected: champion.id,
        because: 'rolled_back',
        authorId: null,
      })
      // What was tried was tried beside a version that does not answer any more.
      await endTrial(tx, ctx, 'stopped', trials)
    }
    if (verdict !== 'held') await tellOwners(tx, ctx, 'versionGaveWay', trial.id, { version: trial.number })
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'model' } })
    if (verdict !== 'held')
      await record(tx, ctx, { act: 'model.gave_way', thingId: trial.versionId, facts: { verdict } })
  })
  forgetChampion(ctx.accountId)
}
