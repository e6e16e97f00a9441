/** Runs as a list shows them, and one with everything that is known of it: a report of many intents is no row of a list. */
import { AppError } from '@/lib/core/errors'
import { runsOfPage } from '@/lib/core/learning'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { countGone, type DatasetCounts } from './dataset'
import type { Judged } from './judge'
import type { Sureness } from './lines'
import type { RunFailure, RunReport, RunState, RunStep } from './runs'

/** `gone`: of the texts that are counted, how many were erased or taken back since. */
interface RunDataset<Counts> {
  hash: string
  counts: Counts
  gone: number
}

export interface ListedRun {
  id: string
  state: RunState
  progress: number
  seed: number
  /** Of a private training: what it may spend. */
  epsilon: number | null
  seconds: number | null
  cpuSeconds: number | null
  error: RunFailure | null
  dataset: RunDataset<Pick<DatasetCounts, 'train' | 'test'>>
  /** Null: by a rule, or by a command. */
  authorId: string | null
  createdAt: Date
  startedAt: Date | null
  endedAt: Date | null
}

export interface WholeRun extends Omit<ListedRun, 'dataset'> {
  phase: string
  steps: RunStep[]
  /** sha256 of the program that was begun, and what it chose; null before that. */
  code: string | null
  recipe: object | null
  report: RunReport | null
  dataset: RunDataset<DatasetCounts>
  /** What its version can say; empty while there is none. */
  labels: string[]
}

const listed = {
  id: true,
  state: true,
  progress: true,
  seed: true,
  epsilon: true,
  seconds: true,
  cpuSeconds: true,
  error: true,
  authorId: true,
  createdAt: true,
  startedAt: true,
  endedAt: true,
  dataset: { select: { id: true, hash: true, counts: true } },
} as const
const newestFirst = [{ createdAt: 'desc' as const }, { id: 'desc' as const }]

/** The newest first, and those named, however old. */
export async function listRuns(
  tx: Tx,
  ctx: Ctx,
  { most = runsOfPage, ids = [] }: { most?: number | undefined; ids?: readonly string[] } = {},
): Promise<ListedRun[]> {
  const { accountId } = ctx
  const newest = await tx.trainingRun.findMany({
    where: { accountId },
    orderBy: newestFirst,
    take: most,
    select: { id: true },
  })
  const rows = await tx.trainingRun.findMany({
    where: { accountId, id: { in: [...newest.map(({ id }) => id), ...ids] } },
    orderBy: newestFirst,
    select: listed,
  })
  const gone = await countGone(tx, ctx, [...new Set(rows.map(({ dataset }) => dataset.id))])
  return rows.map(({ dataset, ...row }) => {
    const { train, test } = dataset.counts as unknown as DatasetCounts
    return {
      ...row,
      state: row.state as RunState,
      error: row.error as RunFailure | null,
      dataset: { hash: dataset.hash, counts: { train, test }, gone: gone.get(dataset.id) ?? 0 },
    }
  })
}

/** @throws not_found */
export async function readWholeRun(tx: Tx, ctx: Ctx, id: string): Promise<WholeRun> {
  const row = await tx.trainingRun.findUnique({
    where: { accountId_id: { accountId: ctx.accountId, id } },
    select: {
      ...listed,
      phase: true,
      steps: true,
      code: true,
      recipe: true,
      report: true,
      versions: { select: { labels: true } },
    },
  })
  if (!row) throw new AppError('not_found')
  const { dataset, versions, ...run } = row
  const gone = await countGone(tx, ctx, [dataset.id])
  return {
    ...run,
    state: run.state as RunState,
    error: run.error as RunFailure | null,
    steps: run.steps as unknown as RunStep[],
    recipe: run.recipe as object | null,
    report: run.report as unknown as RunReport | null,
    labels: versions[0]?.labels ?? [],
    dataset: {
      hash: dataset.hash,
      counts: dataset.counts as unknown as DatasetCounts,
      gone: gone.get(dataset.id) ?? 0,
    },
  }
}

/** What the newest ordinary training found: one that succeeded, however many failed or were private since. */
export async function readLastReport(tx: Tx, ctx: Ctx): Promise<{ runId: string; report: RunReport } | null> {
  const row = await tx.trainingRun.findFirst({
    where: { accountId: ctx.accountId, state: 'succeeded', epsilon: null },
    orderBy: newestFirst,
    select: { id: true, report: true },
  })
  return row?.report ? { runId: row.id, report: row.report as unknown as RunReport } : null
}

/** How sure a run's version was of the held-out texts; null in reports of before. */
export async function readSureness(
  tx: Tx,
  ctx: Ctx,
  runId: string,
): Promise<{ texts: number; sureness: Sureness } | null> {
  const [row] = await tx.$queryRaw<{ texts: number; sureness: Sureness | null }[]>`
    SELECT (report #>> '{candidate,texts}')::int AS texts, report -> 'sureness' AS sureness
    FROM training_run WHERE account_id = ${ctx.accountId}::uuid AND id = ${runId}::uuid AND report IS NOT NULL`
  return row?.sureness ? { texts: row.texts, sureness: row.sureness } : null
}

/** The figures of all texts together. */
export type BriefJudged = Omit<Judged, 'bins' | 'intents' | 'confusions'>

/** A report without what grows with the intents and the texts. */
export interface BriefReport
  extends Omit<RunReport, 'candidate' | 'champion' | 'doubts' | 'overlaps' | 'measured' | 'merged' | 'sureness'> {
  candidate: BriefJudged
  champion: BriefJudged
}

/** By run. The database leaves the long parts out: fifty of them would be megabytes. */
export async function readBriefReports(tx: Tx, ctx: Ctx, runIds: readonly string[]): Promise<Map<string, BriefReport>> {
  const rows = await tx.$queryRaw<{ id: string; report: BriefReport }[]>`
    SELECT id, report - 'doubts' - 'overlaps' - 'measured' - 'merged' - 'sureness'
      #- '{candidate,bins}' #- '{candidate,intents}' #- '{candidate,confusions}'
      #- '{champion,bins}' #- '{champion,intents}' #- '{champion,confusions}' AS report
    FROM training_run WHERE account_id = ${ctx.accountId}::uuid AND id = ANY (${[...runIds]}::uuid[]) AND report IS NOT NULL`
  return new Map(rows.map(({ id, report }) => [id, report]))
}
