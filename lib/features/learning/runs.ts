/** Training runs: asked for, taken by a worker, watched, ended. A run whose worker died is taken again. */
import { AppError } from '@/lib/core/errors'
import type { MeasuredModel, SpentPrivacy, TrainingBegun } from '@/lib/core/ports'
import type { Ctx } from '@/lib/platform/context'
import { Prisma } from '@/lib/platform/db/generated/client'
import type { Tx } from '@/lib/platform/db/in-account'
import type { Difference, Gate } from './gate'
import type { Judged } from './judge'
import type { Sureness } from './lines'

export type RunState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'
/** Words for people: `models.failures.<code>`. */
export type RunFailure = 'not_enough_data' | 'out_of_time' | 'out_of_memory' | 'model_away' | 'crashed' | 'failed'

/** A point of the curve. */
export interface RunStep {
  /** Seconds since the start. */
  at: number
  /** 0 … 1 of the whole. */
  done: number
  loss: number
  /** Absent in runs of before, and where no text is held out. */
  accuracy?: number
  epoch?: { at: number; of: number }
  perSecond?: number
  cpuSeconds?: number
  early?: { epochs: number; of: number }
}

/** What came of a training, and how it compares with the model that answered then, on the same held-out texts. */
export interface RunReport {
  /** Texts learned from, repeats among them, texts that carried two labels, and messages without one (absent in reports of before). */
  learned: { texts: number; repeats: number; contradictions: number; unlabelled?: number }
  /**
   * sha256 of what the training read: texts and messages as they were masked that day, and the intents that come along. Null for a private
   * one, of which no digest lets a guess at its texts be checked; absent in reports of before.
   */
  read?: string | null
  candidate: Judged
  champion: Judged
  /** Null: the model that comes along. */
  championId: string | null
  gate: Gate
  /** What a differentially private training spent; null, and absent in reports of before, for an ordinary one. */
  privacy?: SpentPrivacy | null
  /** Absent in reports of before. */
  measured?: MeasuredModel
  changed: { better: number; worse: number }
  /** Null where no text is held out; absent in reports of before. */
  difference?: Difference | null
  /** Intents that others had taken the place of; absent in reports of before. */
  merged?: Record<string, string>
  /** How sure it was of the held-out texts; absent in reports of before. */
  sureness?: Sureness
  /** Learned texts whose label is doubted, by the id of their message or example. */
  doubts: { id: string; intent: string; guess: string; probability: number }[]
  /** Intents that were taken for each other among learned texts by a model that had not learned those; absent in reports of before. */
  overlaps?: { one: string; other: string; count: number; ids: string[] }[]
}

/** What waits or runs at once, per account. */
const mostUnderWay = 5
/** Points kept of a curve. */
const mostSteps = 240
/** A run that was begun so often and never ended is given up. */
const mostAttempts = 3
/** Silence after which a run counts as left behind, milliseconds. */
export const silence = 30_000

export async function addRun(
  tx: Tx,
  ctx: Ctx,
  asked: { datasetId: string; seed: number; authorId: string | null; epsilon?: number | undefined },
): Promise<string> {
  const { accountId } = ctx
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('runs ' || ${accountId}, 0))`
  const underWay = await tx.trainingRun.count({ where: { accountId, state: { in: ['queued', 'running'] } } })
  if (underWay >= mostUnderWay) throw new AppError('too_many', { limit: mostUnderWay })
  const id = ctx.newId()
  await tx.trainingRun.create({
    data: { accountId, id, ...asked, epsilon: asked.epsilon ?? null, createdAt: ctx.now() },
    select: { id: true },
  })
  return id
}

export interface ClaimedRun {
  id: string
  datasetId: string
  seed: number
  epsilon: number | null
  createdAt: Date
}

/** Takes a run that waits, or one left behind; null when there is nothing to do about it. */
export async function claimRun(tx: Tx, ctx: Ctx, id: string): Promise<ClaimedRun | null> {
  const { accountId } = ctx
  const now = ctx.now()
  const left = { state: 'running', beatAt: { lt: new Date(now.getTime() - silence) } }
  const { count } = await tx.trainingRun.updateMany({
    where: { accountId, id, OR: [{ state: 'queued' }, left] },
    data: {
      state: 'running',
      attempts: { increment: 1 },
      beatAt: now,
      startedAt: now,
      progress: 0,
      phase: '',
      steps: [],
      code: null,
      recipe: Prisma.DbNull,
    },
  })
  if (!count) return null
  const run = await tx.trainingRun.findUniqueOrThrow({
    where: { accountId_id: { accountId, id } },
    select: { id: true, datasetId: true, seed: true, epsilon: true, createdAt: true, attempts: true },
  })
  if (run.attempts <= mostAttempts) return run
  await endRun(tx, ctx, id, { state: 'failed', error: 'crashed' })
  return null
}

/** Writes down what it was begun with, whatever becomes of it. */
export async function keepBegun(tx: Tx, ctx: Ctx, id: string, { code, recipe }: TrainingBegun): Promise<void> {
  await tx.trainingRun.updateMany({
    where: { accountId: ctx.accountId, id },
    data: { code, recipe: recipe ?? Prisma.DbNull },
  })
}

/** Writes down how far it is. False: nobody wants it any more. */
export async function keepProgress(
  tx: Tx,
  ctx: Ctx,
  id: string,
  { phase, progress, steps }: { phase: string; progress: number; steps: readonly RunStep[] },
): Promise<boolean> {
  const { count } = await tx.trainingRun.updateMany({
    where: { accountId: ctx.accountId, id, state: 'running' },
    data: { phase, progress, steps: thinned(steps) as object[], beatAt: ctx.now() },
  })
  return count > 0
}

/** Evenly fewer points of a long curve, with its last one. */
export function thinned(steps: readonly RunStep[]): RunStep[] {
  if (steps.length <= mostSteps) return [...steps]
  const stride = (steps.length - 1) / (mostSteps - 1)
  const kept = new Set(Array.from({ length: mostSteps }, (_, at) => Math.round(at * stride)))
  return steps.filter(({ early }, at) => early || kept.has(at))
}

export interface RunEnd {
  state: 'succeeded' | 'failed'
  error?: RunFailure
  report?: RunReport
  seconds?: number
  cpuSeconds?: number
}

/** False when it had been cancelled meanwhile. */
export async function endRun(tx: Tx, ctx: Ctx, id: string, end: RunEnd): Promise<boolean> {
  const { state, error = null, report, seconds = null, cpuSeconds = null } = end
  const { count } = await tx.trainingRun.updateMany({
    where: { accountId: ctx.accountId, id, state: 'running' },
    data: {
      state,
      error,
      seconds,
      cpuSeconds,
      endedAt: ctx.now(),
      ...(state === 'succeeded' ? { progress: 1 } : {}),
      ...(report ? { report: report as object } : {}),
    },
  })
  return count > 0
}

/** Back into the queue, untried: its worker was asked to stop. */
export async function putBackRun(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  await tx.trainingRun.updateMany({
    where: { accountId: ctx.accountId, id, state: 'running' },
    data: { state: 'queued', attempts: { decrement: 1 }, phase: '', progress: 0, steps: [] },
  })
}

/** @throws conflict when it has ended already, not_found */
export async function cancelRun(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  const { accountId } = ctx
  const { count } = await tx.trainingRun.updateMany({
    where: { accountId, id, state: { in: ['queued', 'running'] } },
    data: { state: 'cancelled', endedAt: ctx.now() },
  })
  if (count) return
  const run = await tx.trainingRun.findUnique({ where: { accountId_id: { accountId, id } }, select: { id: true } })
  throw new AppError(run ? 'conflict' : 'not_found')
}

/** Is there an ordinary run of these texts with this seed, done or under way? */
export async function hasOrdinaryRun(tx: Tx, ctx: Ctx, datasetId: string, seed: number): Promise<boolean> {
  const state = { in: ['queued', 'running', 'succeeded'] }
  const where = { accountId: ctx.accountId, datasetId, seed, epsilon: null, state }
  return (await tx.trainingRun.count({ where })) > 0
}

/** What a version came from. */
export async function readRun(tx: Tx, ctx: Ctx, id: string): Promise<{ datasetId: string; report: RunReport | null }> {
  const row = await tx.trainingRun.findUniqueOrThrow({
    where: { accountId_id: { accountId: ctx.accountId, id } },
    select: { datasetId: true, report: true },
  })
  return { datasetId: row.datasetId, report: row.report as unknown as RunReport | null }
}
