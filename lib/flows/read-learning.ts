/** Where an account's model stands: what answers now, what was trained, what is under way, what there is to learn from. */

import { AppError } from '@/lib/core/errors'
import { fewestExamples } from '@/lib/core/learning'
import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { addOns, type Currency } from '@/lib/features/billing/plans'
import { modelStanding, readSubscription, type ServiceStanding } from '@/lib/features/billing/read'
import { listIntents } from '@/lib/features/intents/read'
import { readNames } from '@/lib/features/learning/champion'
import { countLearned } from '@/lib/features/learning/examples'
import type { TrainingRule } from '@/lib/features/learning/input'
import type { Judged } from '@/lib/features/learning/judge'
import { daresNow } from '@/lib/features/learning/lines'
import { type Consent, listOrders, type Order, readConsent } from '@/lib/features/learning/orders'
import { type ListedRun, listRuns, readSureness, readWholeRun, type WholeRun } from '@/lib/features/learning/read-runs'
import { readRule } from '@/lib/features/learning/rule'
import type { TrialFigures } from '@/lib/features/learning/trial-rules'
import {
  isWatch,
  readFigures,
  readLastTrial,
  readRunning,
  readTrial,
  type Trial,
  trials,
} from '@/lib/features/learning/trials'
import {
  type ListedDeployment,
  type ListedVersion,
  listDeployments,
  listVersions,
  readChampionVersion,
} from '@/lib/features/learning/versions'
import type { Ctx } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'

type Tried = Trial & { figures: TrialFigures }

export interface Learning {
  /** The version in charge; null for the model that comes along. */
  championId: string | null
  /** What the version in charge dares to label by the lines of now; null where that is not known. */
  dares: Pick<Judged, 'unsure' | 'accuracyWhenSure'> | null
  versions: ListedVersion[]
  runs: ListedRun[]
  deployments: ListedDeployment[]
  /** What answers since the version in charge cannot be opened; number null: the model that comes along. */
  standIn: { number: number | null } | null
  learned: {
    texts: number
    /** Of the account's own intents, and of those that come with the product. */
    own: number
    /** Own intents that have too few texts to be learned. */
    tooFew: number
  }
  /** A version beside the one in charge (share below 100), or the last one if somebody stopped it; else what was tried or watched last. */
  trial: Tried | null
  /** The one in charge beside its predecessor, or how that ended if nothing was tried since; null where that is `trial`. */
  watch: Tried | null
  fewestExamples: number
  rule: TrainingRule
  /** That the operator may train on the account's behalf. */
  consent: Pick<Consent, 'givenBy' | 'givenAt'> | null
  /** Models made to order as a service: how the account stands with it, and what it costs it a month (hundredths). */
  service: { standing: ServiceStanding; price: number; currency: Currency }
  /** Runs that the operator started. */
  orders: Order[]
  /** For estimates: what an hour of one core costs (0: not known), and the watts it draws. */
  core: { hourPrice: number; currency: string; watts: number }
}

/** A version by its number, or a run, that is asked for is there however old it is. */
export interface LearningAsked {
  version?: number | undefined
  run?: string | undefined
  runs?: number | undefined
}

export async function readLearning(ctx: Ctx, asked: LearningAsked = {}): Promise<Learning> {
  requireMember(ctx, canTrain)
  return inAccount(ctx, async (tx) => {
    const champion = await readChampionVersion(tx, ctx)
    const deployments = await listDeployments(tx, ctx)
    const standIn = champion && deployments[0]?.standIn
    const counts = await countLearned(tx, ctx)
    const used = (await listIntents(tx, ctx)).filter(({ archived }) => !archived)
    const own = used.filter(({ group }) => group === 'own').map(({ key }) => counts.get(key) ?? 0)
    const sum = (numbers: Iterable<number>) => [...numbers].reduce((all, one) => all + one, 0)
    const { trial, watch } = await readTried(tx, ctx)
    // What answers, is tried or has answered stands in the list, however many came after it.
    const versions = await listVersions(tx, ctx, {
      most: asked.runs,
      ids: [champion?.id, trial?.versionId, trial?.rival?.id, watch?.rival?.id].flatMap((id) => id ?? []),
      numbers: [...deployments.map(({ number }) => number), asked.version].flatMap((number) => number ?? []),
    })
    const runOfAsked = versions.find(({ number }) => number === asked.version)?.runId
    return {
      championId: champion?.id ?? null,
      dares: champion && (await readDares(tx, ctx, champion.runId)),
      versions,
      runs: await listRuns(tx, ctx, { most: asked.runs, ids: [asked.run, runOfAsked].flatMap((id) => id ?? []) }),
      deployments,
      standIn: standIn ? { number: versions.find(({ bundle }) => bundle.startsWith(standIn))?.number ?? null } : null,
      learned: {
        texts: sum(used.map(({ key }) => counts.get(key) ?? 0)),
        own: sum(own),
        tooFew: own.filter((count) => count < fewestExamples).length,
      },
      trial,
      watch,
      fewestExamples,
      rule: await readRule(tx, ctx),
      consent: await readConsent(tx, ctx),
      service: await readService(tx, ctx),
      orders: await listOrders(tx, ctx),
      core: {
        hourPrice: ctx.services.env.LINGXI_CPU_HOUR_PRICE,
        currency: ctx.services.env.LINGXI_CPU_HOUR_CURRENCY,
        watts: ctx.services.env.LINGXI_CPU_WATTS,
      },
    }
  })
}

/** What a version is called while it answers, and while it is tried beside the one that does. */
export const versionAliases = ['champion', 'challenger'] as const
export type VersionAlias = (typeof versionAliases)[number]

/** @throws not_found where none is called so just now */
export async function versionCalled(ctx: Ctx, alias: VersionAlias): Promise<string> {
  requireMember(ctx, canTrain)
  return inAccount(ctx, async (tx) => {
    const id = alias === 'champion' ? (await readChampionVersion(tx, ctx))?.id : (await readTrial(tx, ctx))?.versionId
    if (!id) throw new AppError('not_found')
    return id
  })
}

/** Everything that is known of one run; while it is under way, how far it is. @throws not_found */
export async function readTraining(ctx: Ctx, { id }: { id: string }): Promise<WholeRun> {
  requireMember(ctx, canTrain)
  return inAccount(ctx, (tx) => readWholeRun(tx, ctx, id))
}

async function readDares(tx: Tx, ctx: Ctx, runId: string): Promise<Learning['dares']> {
  const kept = await readSureness(tx, ctx, runId)
  return kept && daresNow(kept.sureness, kept.texts, await readNames(tx, ctx))
}

async function readService(tx: Tx, ctx: Ctx): Promise<Learning['service']> {
  const held = (await readSubscription(tx, ctx))?.currency
  const currency = held ?? (ctx.locale === 'zh-CN' ? 'cny' : 'usd')
  return { standing: await modelStanding(tx, ctx), price: addOns.model[currency], currency }
}

async function readTried(tx: Tx, ctx: Ctx): Promise<Pick<Learning, 'trial' | 'watch'>> {
  const running = await readRunning(tx, ctx)
  const last = await readLastTrial(tx, ctx)
  const tried = running.find((one) => !isWatch(one)) ?? (await readLastTrial(tx, ctx, trials))
  // What a stopped one found is read until the next trial, whatever is watched meanwhile.
  const shown = tried?.ended === null || tried?.ended === 'stopped' ? tried : last
  const watched = running.find(isWatch) ?? (last && isWatch(last) ? last : null)
  const watch = watched?.id === shown?.id ? null : watched
  const withFigures = async (one: Trial) => ({ ...one, figures: await readFigures(tx, ctx, one.id) })
  return { trial: shown && (await withFigures(shown)), watch: watch && (await withFigures(watch)) }
}
