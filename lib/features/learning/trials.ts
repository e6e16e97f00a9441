/** Trials of a version beside another, and watches of the one in charge: one of each runs at a time, and what both said is kept. */
import { AppError } from '@/lib/core/errors'
import { firstIdAt } from '@/lib/core/ids'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import type { TrialFigures } from './trial-rules'

export const trialEnds = ['promoted', 'stopped', 'worse', 'slow', 'held'] as const
export type TrialEnd = (typeof trialEnds)[number]

export interface Trial {
  id: string
  versionId: string
  /** sha256 of the manifest. */
  bundle: string
  number: number
  /** Null: the model that comes along. */
  rival: { id: string; bundle: string; number: number } | null
  share: number
  createdAt: Date
  /** Null while it runs. */
  ended: TrialEnd | null
}

const picked = {
  id: true,
  versionId: true,
  share: true,
  createdAt: true,
  ended: true,
  version: { select: { bundle: true, number: true } },
  champion: { select: { id: true, bundle: true, number: true } },
} as const

type Row = Omit<Trial, 'bundle' | 'number' | 'rival' | 'ended'> & {
  ended: string | null
  version: { bundle: string; number: number }
  champion: Trial['rival']
}
const trialOf = ({ version, champion, ended, ...rest }: Row): Trial => ({
  ...rest,
  ...version,
  rival: champion,
  ended: ended as TrialEnd | null,
})

/** What runs: the trial of another version first, then the watch of the one in charge beside its predecessor. */
export async function readRunning(tx: Tx, ctx: Ctx): Promise<Trial[]> {
  const where = { accountId: ctx.accountId, ended: null }
  return (await tx.modelTrial.findMany({ where, orderBy: { share: 'asc' }, select: picked })).map(trialOf)
}

export const isWatch = ({ share }: Pick<Trial, 'share'>): boolean => share === 100

/** The version that is tried beside the one in charge; null when none is. */
export const readTrial = async (tx: Tx, ctx: Ctx): Promise<Trial | null> =>
  (await readRunning(tx, ctx)).find((trial) => !isWatch(trial)) ?? null

/** The watch of the version in charge; null when none runs. */
export const readWatch = async (tx: Tx, ctx: Ctx): Promise<Trial | null> =>
  (await readRunning(tx, ctx)).find(isWatch) ?? null

/** The one that began last, whether it runs or not: of both kinds, or of one. */
export async function readLastTrial(
  tx: Tx,
  ctx: Ctx,
  only: typeof trials | Record<string, never> = {},
): Promise<Trial | null> {
  const row = await tx.modelTrial.findFirst({
    where: { accountId: ctx.accountId, ...only },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    select: picked,
  })
  return row && trialOf(row)
}

/** Begins one; another of its kind that runs ends as stopped. */
export async function beginTrial(
  tx: Tx,
  ctx: Ctx,
  what: { versionId: string; championId: string | null; share: number; authorId: string | null },
): Promise<string> {
  const { accountId } = ctx
  await endTrial(tx, ctx, 'stopped', isWatch(what) ? watches : trials)
  const id = ctx.newId()
  await tx.modelTrial.create({ data: { accountId, id, ...what, createdAt: ctx.now() }, select: { id: true } })
  return id
}

/** @throws not_found (none runs) */
export async function changeShare(tx: Tx, ctx: Ctx, share: number): Promise<void> {
  const where = { accountId: ctx.accountId, ended: null, ...trials }
  if ((await tx.modelTrial.updateMany({ where, data: { share } })).count !== 1) throw new AppError('not_found')
}

export const trials = { share: { lt: 100 } }
export const watches = { share: 100 }

/** @param only of a kind, of a version, or one as it was when the end was decided on; without it, whatever runs. False when that does not run any more. */
export async function endTrial(
  tx: Tx,
  ctx: Ctx,
  ended: TrialEnd,
  only:
    | typeof trials
    | typeof watches
    | Pick<Trial, 'versionId'>
    | Pick<Trial, 'id' | 'share'>
    | Record<string, never> = {},
): Promise<boolean> {
  const where = { accountId: ctx.accountId, ended: null, ...only }
  return (await tx.modelTrial.updateMany({ where, data: { ended, endedAt: ctx.now() } })).count > 0
}

/** Accounts in which one runs. System role. */
export async function listTrials(tx: Tx): Promise<string[]> {
  const rows = await tx.$queryRaw<
    { id: string }[]
  >`SELECT DISTINCT account_id AS id FROM model_trial WHERE ended IS NULL`
  return rows.map(({ id }) => id)
}

export interface Unshadowed {
  messageId: string
  contactId: string
  /** Of the bundle that answered. */
  modelVersion: string
}

/** Messages of the trial's time that one of the two labelled and the other has not read yet, the oldest first. */
export function unshadowed(tx: Tx, ctx: Ctx, trial: Trial, most: number): Promise<Unshadowed[]> {
  return tx.$queryRaw<Unshadowed[]>`
    SELECT p.message_id AS "messageId", m.contact_id AS "contactId", p.model_version AS "modelVersion"
    FROM prediction p JOIN message m ON m.account_id = p.account_id AND m.id = p.message_id AND m.contact_id IS NOT NULL
      AND m.body IS NOT NULL
    WHERE p.account_id = ${ctx.accountId}::uuid AND p.message_id >= ${firstIdAt(trial.createdAt)}::uuid
      AND (starts_with(${trial.bundle}, p.model_version) OR CASE WHEN ${trial.rival === null}
        -- A third version may answer a share of the contacts meanwhile: that is not the model that comes along.
        THEN NOT EXISTS (SELECT FROM model_version v WHERE v.account_id = p.account_id AND starts_with(v.bundle, p.model_version))
        ELSE starts_with(${trial.rival?.bundle ?? null}, p.model_version) END)
      AND NOT EXISTS (SELECT FROM shadow_prediction s WHERE s.account_id = p.account_id AND s.trial_id = ${trial.id}::uuid
        AND s.message_id = p.message_id)
    ORDER BY p.message_id LIMIT ${most}`
}

export interface Shadow {
  messageId: string
  tried: boolean
  intent: string
  inScope: boolean
  latencyMs: number
}

export async function addShadows(tx: Tx, ctx: Ctx, trialId: string, shadows: readonly Shadow[]): Promise<void> {
  const data = shadows.map((one) => ({ accountId: ctx.accountId, trialId, ...one, createdAt: ctx.now() }))
  await tx.shadowPrediction.createMany({ data, skipDuplicates: true })
}

/**
 * What both said about the same messages. People's newest standing word is right; where a member answered after the message and
 * left its label as it stands, the label that was shown counts as right.
 */
export async function readFigures(tx: Tx, ctx: Ctx, trialId: string): Promise<TrialFigures> {
  const [row] = await tx.$queryRaw<TrialFigures[]>`
    WITH both_said AS (
      SELECT NOT s.tried AS by_tried, n.shown,
        CASE WHEN s.tried THEN n.silent ELSE n.shown END AS tried_said,
        CASE WHEN s.tried THEN n.shown ELSE n.silent END AS rival_said,
        CASE WHEN s.tried THEN s.latency_ms ELSE p.latency_ms END AS tried_ms,
        CASE WHEN s.tried THEN p.latency_ms ELSE s.latency_ms END AS rival_ms,
        (SELECT r.now FROM correction r WHERE r.account_id = s.account_id AND r.message_id = s.message_id
          AND r.field = 'intent' AND r.undone_at IS NULL ORDER BY r.created_at DESC, r.id DESC LIMIT 1) AS word,
        EXISTS (SELECT FROM message a WHERE a.account_id = m.account_id AND a.conversation_id = m.conversation_id
          AND a.sequence > m.sequence AND a.kind = 'outgoing' AND NOT a.private) AS answered
      FROM shadow_prediction s JOIN prediction p ON p.account_id = s.account_id AND p.message_id = s.message_id
        JOIN message m ON m.account_id = s.account_id AND m.id = s.message_id
        LEFT JOIN intent a ON a.account_id = p.account_id AND a.key = p.intent
        LEFT JOIN intent b ON b.account_id = s.account_id AND b.key = s.intent
        -- What was merged since goes by its new name, as people's words about it do.
        CROSS JOIN LATERAL (SELECT coalesce(a.merged_into, p.intent) AS shown, coalesce(b.merged_into, s.intent) AS silent) n
      WHERE s.account_id = ${ctx.accountId}::uuid AND s.trial_id = ${trialId}::uuid
    ), judged AS (SELECT *, coalesce(word, CASE WHEN answered THEN shown END) AS truth FROM both_said)
    SELECT count(*)::int AS both,
      count(*) FILTER (WHERE tried_said = rival_said)::int AS agreed,
      count(word)::int AS judged,
      count(*) FILTER (WHERE tried_said = word)::int AS "rightTried",
      count(*) FILTER (WHERE rival_said = word)::int AS "rightRival",
      count(*) FILTER (WHERE by_tried AND truth IS NOT NULL)::int AS "seenTried",
      count(*) FILTER (WHERE by_tried AND truth <> shown)::int AS "correctedTried",
      count(*) FILTER (WHERE NOT by_tried AND truth IS NOT NULL)::int AS "seenRival",
      count(*) FILTER (WHERE NOT by_tried AND truth <> shown)::int AS "correctedRival",
      count(*) FILTER (WHERE tried_said = truth AND rival_said <> truth)::int AS won,
      count(*) FILTER (WHERE rival_said = truth AND tried_said <> truth)::int AS lost,
      percentile_cont(0.95) WITHIN GROUP (ORDER BY tried_ms)::float8 AS "slowTried",
      percentile_cont(0.95) WITHIN GROUP (ORDER BY rival_ms)::float8 AS "slowRival"
    FROM judged`
  return row as TrialFigures
}
