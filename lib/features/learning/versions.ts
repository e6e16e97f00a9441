/** Versions of an account's model, and which of them answers: the newest deployment says so, and stays as history. */
import { AppError } from '@/lib/core/errors'
import type { TrainedBundle } from '@/lib/core/ports'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { type BriefReport, readBriefReports } from './read-runs'

export interface Version {
  id: string
  number: number
  runId: string
  /** sha256 of the bundle's manifest. */
  bundle: string
}

/** Returns its number. */
export async function addVersion(
  tx: Tx,
  ctx: Ctx,
  { runId, bundle }: { runId: string; bundle: TrainedBundle },
): Promise<{ id: string; number: number }> {
  const { accountId } = ctx
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('versions ' || ${accountId}, 0))`
  const { _max } = await tx.modelVersion.aggregate({ where: { accountId }, _max: { number: true } })
  const number = (_max.number ?? 0) + 1
  const id = ctx.newId()
  const { digest, bytes, labels } = bundle
  await tx.modelVersion.create({
    data: { accountId, id, number, runId, bundle: digest, bytes, labels, createdAt: ctx.now() },
    select: { id: true },
  })
  return { id, number }
}

const newestFirst = { orderBy: [{ createdAt: 'desc' as const }, { id: 'desc' as const }] }

/** What came next was not put in charge by a person, but by the watch that took the one before away. */
const endedItself = (next: { because: string; authorId: string | null } | undefined): boolean =>
  next?.because === 'rolled_back' && next.authorId === null

const picked = { id: true, number: true, runId: true, bundle: true } as const
const withOrigin = { ...picked, brought: true } as const

/** Not one whose weights stayed elsewhere. @throws not_found, weights_elsewhere */
export async function findVersion(tx: Tx, ctx: Ctx, id: string): Promise<Version> {
  const { accountId } = ctx
  const row = await tx.modelVersion.findUnique({ where: { accountId_id: { accountId, id } }, select: withOrigin })
  if (!row) throw new AppError('not_found')
  const { brought, ...version } = row
  if (brought) throw new AppError('weights_elsewhere')
  return version
}

/** The version that calls itself so in its answers; null for the model that comes along. Whether its weights are here is `brought`. */
export async function findVersionOf(
  tx: Tx,
  ctx: Ctx,
  modelVersion: string,
): Promise<(Version & { brought: boolean }) | null> {
  const [row] = await tx.$queryRaw<(Version & { brought: boolean })[]>`
    SELECT id, number, run_id AS "runId", bundle, brought FROM model_version
    WHERE account_id = ${ctx.accountId}::uuid AND ${modelVersion} <> '' AND starts_with(bundle, ${modelVersion}) LIMIT 1`
  return row ?? null
}

/** The intents that a version can say, by the keys that it learned. */
export async function readLabels(tx: Tx, ctx: Ctx, bundle: string): Promise<string[]> {
  const where = { accountId: ctx.accountId, bundle }
  const row = await tx.modelVersion.findFirst({ where, select: { labels: true } })
  return row?.labels ?? []
}

/** The version that answers; null for the model that comes along, which also stands in for one whose weights are not here. */
export async function readChampionVersion(tx: Tx, ctx: Ctx): Promise<Version | null> {
  const newest = await tx.deployment.findFirst({
    where: { accountId: ctx.accountId },
    ...newestFirst,
    select: { version: { select: withOrigin } },
  })
  if (!newest?.version || newest.version.brought) return null
  const { brought: _, ...version } = newest.version
  return version
}

/** Until the transaction ends no other is put in charge than the one that is expected to be. @throws conflict */
export async function requireChampion(tx: Tx, ctx: Ctx, expected: string | null): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('versions ' || ${ctx.accountId}, 0))`
  const now = await readChampionVersion(tx, ctx)
  if ((now?.id ?? null) !== expected) throw new AppError('conflict')
}

/** Puts a version in charge; null puts the model that comes along. `expected` is the one in charge until now. @throws conflict */
export async function deploy(
  tx: Tx,
  ctx: Ctx,
  what: {
    versionId: string | null
    expected: string | null
    because: 'promoted' | 'rolled_back'
    authorId: string | null
  },
): Promise<void> {
  const { accountId } = ctx
  await requireChampion(tx, ctx, what.expected)
  const { versionId, because, authorId } = what
  const newest = await tx.deployment.findFirst({ where: { accountId }, ...newestFirst, select: { createdAt: true } })
  // The newest answers: the clock of the machine that wrote the one before may be ahead of this one's.
  const createdAt = new Date(Math.max(ctx.now().getTime(), (newest?.createdAt.getTime() ?? 0) + 1))
  await tx.deployment.create({
    data: { accountId, id: ctx.newId(), versionId, because, authorId, createdAt },
    select: { id: true },
  })
}

/**
 * Versions that answered before the one in charge, the last one first, as far back as the model that comes along was in charge: not
 * what gave way, was not accepted, or has its weights elsewhere.
 */
export async function listPredecessors(tx: Tx, ctx: Ctx, most = 3): Promise<Version[]> {
  const rows = await tx.deployment.findMany({
    where: { accountId: ctx.accountId },
    ...newestFirst,
    take: 50,
    select: {
      because: true,
      authorId: true,
      version: { select: { ...withOrigin, run: { select: { order: { select: { decision: true } } } } } },
    },
  })
  const seen = new Set([rows[0]?.version?.id])
  const found: Version[] = []
  for (const [at, { version }] of rows.entries()) {
    if (!version) break
    const gaveWay = endedItself(rows[at - 1])
    const { brought, run, ...plain } = version
    const declined = run.order !== null && run.order.decision !== 'accepted'
    if (!seen.has(version.id) && !gaveWay && !brought && !declined) found.push(plain)
    seen.add(version.id)
  }
  return found.slice(0, most)
}

/** What became of a version that answered before: null when it never did. It gave way when the system itself ended its last time. */
export async function readPast(tx: Tx, ctx: Ctx, versionId: string): Promise<{ gaveWay: boolean } | null> {
  const rows = await tx.deployment.findMany({
    where: { accountId: ctx.accountId },
    ...newestFirst,
    select: { versionId: true, because: true, authorId: true },
  })
  const last = rows.findIndex((row) => row.versionId === versionId)
  if (last < 0) return null
  return { gaveWay: endedItself(rows[last - 1]) }
}

/** Writes down what answers in the place of the version that was put in charge then; null: it does so itself. False: that is known. */
export async function putStandIn(tx: Tx, ctx: Ctx, id: string, standIn: string | null): Promise<boolean> {
  const other =
    standIn === null ? { standIn: { not: null } } : { OR: [{ standIn: null }, { standIn: { not: standIn } }] }
  const { count } = await tx.deployment.updateMany({
    where: { accountId: ctx.accountId, id, ...other },
    data: { standIn },
  })
  return count > 0
}

export interface ListedDeployment {
  id: string
  /** Model version that answers in its place, since it cannot be opened. */
  standIn: string | null
  /** Null: the model that comes along. */
  number: number | null
  because: 'promoted' | 'rolled_back'
  authorId: string | null
  createdAt: Date
}

/** The newest first. */
export async function listDeployments(tx: Tx, ctx: Ctx, most = 50): Promise<ListedDeployment[]> {
  const rows = await tx.deployment.findMany({
    where: { accountId: ctx.accountId },
    ...newestFirst,
    take: most,
    select: {
      id: true,
      because: true,
      authorId: true,
      createdAt: true,
      standIn: true,
      version: { select: { number: true } },
    },
  })
  return rows.map(({ version, because, ...row }) => ({
    ...row,
    because: because as ListedDeployment['because'],
    number: version?.number ?? null,
  }))
}

export interface ListedVersion extends Version {
  /** Came with the account from another installation, without its weights. */
  brought: boolean
  bytes: number
  createdAt: Date
  report: BriefReport | null
}

/** The newest first, and those named, however old. */
export async function listVersions(
  tx: Tx,
  ctx: Ctx,
  {
    most = 50,
    ids = [],
    numbers = [],
  }: { most?: number | undefined; ids?: readonly string[]; numbers?: readonly number[] } = {},
): Promise<ListedVersion[]> {
  const { accountId } = ctx
  const newest = await tx.modelVersion.findMany({
    where: { accountId },
    orderBy: { number: 'desc' },
    take: most,
    select: { number: true },
  })
  const listed = [...newest.map(({ number }) => number), ...numbers]
  const rows = await tx.modelVersion.findMany({
    where: { accountId, OR: [{ number: { in: listed } }, { id: { in: [...ids] } }] },
    orderBy: { number: 'desc' },
    select: { ...withOrigin, bytes: true, createdAt: true },
  })
  const reports = await readBriefReports(
    tx,
    ctx,
    rows.map(({ runId }) => runId),
  )
  return rows.map((row) => ({ ...row, report: reports.get(row.runId) ?? null }))
}
