/** Trains what waits: one run at a time, in a child of the worker, beside the model that answers now. */
import { AppError, isAppError } from '@/lib/core/errors'
import { type TrainingBegun, TrainingFailed, type TrainingProgress } from '@/lib/core/ports'
import { isIntent } from '@/lib/features/intents/builtin'
import { listIntents } from '@/lib/features/intents/read'
import { countGone } from '@/lib/features/learning/dataset'
import { countThere, type LoggedText } from '@/lib/features/learning/log'
import { askLook } from '@/lib/features/learning/look'
import {
  type ClaimedRun,
  claimRun,
  endRun,
  keepBegun,
  keepProgress,
  putBackRun,
  type RunFailure,
  type RunReport,
  type RunStep,
  silence,
} from '@/lib/features/learning/runs'
import { addVersion, readChampionVersion } from '@/lib/features/learning/versions'
import type { Ctx, Services } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { maskedLog, maskedRows, readDigest, readMessages } from './gather-texts'
import { judgeModels } from './judge-models'
import { type OpenedDataset, openDataset, withoutCases } from './open-dataset'

/** What one run may take, milliseconds. */
const budgetMs = 15 * 60_000
/** How often a run says how far it is, milliseconds. */
const beat = 1_000

/** Does the oldest run that waits or was left behind; false when there is none. `stop` puts it back into the queue. */
export async function runTraining(
  services: Services,
  ctxOf: (accountId: string) => Ctx,
  stop: AbortSignal,
): Promise<boolean> {
  const before = new Date(ctxOf('').now().getTime() - silence)
  const next = await asSystem(services, 'find training runs', (tx) =>
    tx.trainingRun.findFirst({
      where: { OR: [{ state: 'queued' }, { state: 'running', beatAt: { lt: before } }] },
      orderBy: { createdAt: 'asc' },
      select: { accountId: true, id: true },
    }),
  )
  if (!next || stop.aborted) return false
  const ctx = ctxOf(next.accountId)
  const run = await inAccount(ctx, async (tx) => {
    const taken = await claimRun(tx, ctx, next.id)
    await tellOf(tx, ctx, next.id)
    return taken
  })
  if (run) await train(ctx, run, stop)
  return true
}

/** Pages look at a run each second while it is under way; that one begins, waits again or ends is news to those that do not. */
const tellOf = (tx: Tx, ctx: Ctx, runId: string): Promise<void> =>
  tell(tx, ctx, { type: 'account.updated', data: { part: 'training', runId } })

async function putBack(ctx: Ctx, runId: string): Promise<void> {
  await inAccount(ctx, async (tx) => {
    await putBackRun(tx, ctx, runId)
    await tellOf(tx, ctx, runId)
  })
}

async function train(ctx: Ctx, run: ClaimedRun, stop: AbortSignal): Promise<void> {
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1_000
  const watch = watchRun(ctx, run, stop)
  try {
    const gone = async () => (await inAccount(ctx, (tx) => countGone(tx, ctx, [run.datasetId]))).get(run.datasetId) ?? 0
    const before = await gone()
    const whole = await openDataset(ctx, run.datasetId)
    const opened = { ...whole, train: await withoutCases(ctx, whole.train) }
    // What no label says would cost privacy all the same.
    const log = run.epsilon ? [] : await readMessages(ctx, opened)
    const report = await learn(ctx, run, opened, log, watch)
    const read = log.map(({ messageId }) => messageId)
    const there = await inAccount(ctx, (tx) => countThere(tx, ctx, read))
    const learnable = await withoutCases(ctx, opened.train)
    // Texts that this model has read were erased or taken back meanwhile, or are cases now: it never answers, and the run begins anew without them.
    if (there < log.length || learnable.length < opened.train.length || (await gone()) !== before)
      return await putBack(ctx, run.id)
    await inAccount(ctx, async (tx) => {
      const { cpuSeconds } = report.bundle
      const ended = await endRun(tx, ctx, run.id, {
        state: 'succeeded',
        report: report.report,
        seconds: seconds(),
        cpuSeconds,
      })
      if (ended) {
        await addVersion(tx, ctx, { runId: run.id, bundle: report.bundle })
        await askLook(tx, ctx)
      }
      await tellOf(tx, ctx, run.id)
    })
  } catch (error) {
    if (stop.aborted) return await putBack(ctx, run.id)
    ctx.services.log.warn({ err: error, runId: run.id }, 'a training run failed')
    await inAccount(ctx, async (tx) => {
      await endRun(tx, ctx, run.id, { state: 'failed', error: failureOf(error), seconds: seconds() })
      await tellOf(tx, ctx, run.id)
    })
  } finally {
    await watch.end()
  }
}

function failureOf(error: unknown): RunFailure {
  if (error instanceof TrainingFailed) return error.reason === 'cancelled' ? 'failed' : error.reason
  return isAppError(error) && error.code === 'model_away' ? 'model_away' : 'failed'
}

interface Watch {
  signal: AbortSignal
  begun(begun: TrainingBegun): void
  progress(progress: TrainingProgress): void
  end(): Promise<void>
}

/** Writes the curve down once a second; ends the training when the run was cancelled or the worker stops. */
function watchRun(ctx: Ctx, run: ClaimedRun, stop: AbortSignal): Watch {
  const unwanted = new AbortController()
  const started = performance.now()
  const steps: RunStep[] = []
  let now: TrainingProgress = { phase: '', done: 0, loss: 0 }
  let writing: Promise<unknown> = Promise.resolve()
  const write = async () => {
    const wanted = await inAccount(ctx, (tx) =>
      keepProgress(tx, ctx, run.id, { phase: now.phase, progress: now.done, steps }),
    )
    if (!wanted) unwanted.abort()
  }
  const timer = setInterval(() => {
    // A database that is away for a moment must not end a training.
    writing = writing.then(write).catch(() => {})
  }, beat)
  return {
    signal: AbortSignal.any([unwanted.signal, stop]),
    begun: (begun) => {
      writing = writing.then(() => inAccount(ctx, (tx) => keepBegun(tx, ctx, run.id, begun))).catch(() => {})
    },
    progress: (progress) => {
      now = progress
      const { phase: _, ...figures } = progress
      if (progress.loss > 0) steps.push({ at: (performance.now() - started) / 1_000, ...figures })
    },
    end: async () => {
      clearInterval(timer)
      await writing
    },
  }
}

async function learn(
  ctx: Ctx,
  run: ClaimedRun,
  { createdAt, train, test }: OpenedDataset,
  log: readonly LoggedText[],
  watch: Watch,
) {
  const { intents, champion } = await inAccount(ctx, async (tx) => ({
    intents: await listIntents(tx, ctx),
    champion: await readChampionVersion(tx, ctx),
  }))
  const keep = intents.filter(({ key, archived }) => isIntent(key) && !archived).map(({ key }) => key)
  const read = { rows: await maskedRows(ctx, train), unlabelled: await maskedLog(ctx, log), keep }
  const bundle = await ctx.services.trainer.train(
    {
      ...read,
      seed: run.seed,
      accountId: ctx.accountId,
      // Of the dataset, not of the run: the same texts and seed give the same bundle, byte by byte.
      createdAt: createdAt.toISOString(),
      budgetMs,
      ...(run.epsilon ? { epsilon: run.epsilon } : {}),
    },
    watch.progress,
    watch.signal,
    watch.begun,
  )
  watch.progress({ phase: 'judge', done: 0.98, loss: 0 })
  if (watch.signal.aborted) throw new AppError('conflict')
  const compared = await judgeModels(ctx, test, { candidate: bundle.digest, champion: champion?.bundle ?? null })
  const { rows, repeats, contradictions, unlabelled, privacy, measured, doubts, overlaps } = bundle
  const report: RunReport = {
    learned: { texts: rows, repeats, contradictions, unlabelled },
    read: run.epsilon ? null : readDigest(read),
    championId: champion?.id ?? null,
    ...compared,
    privacy,
    measured,
    doubts: doubts.flatMap(({ row, guess, probability }) => {
      const one = train[row]
      return one ? [{ id: one.id, intent: one.intent, guess, probability }] : []
    }),
    overlaps: overlaps.map(({ labels: [one, other], count, rows: places }) => ({
      one,
      other,
      count,
      ids: places.flatMap((row) => train[row]?.id ?? []),
    })),
  }
  return { bundle, report }
}
