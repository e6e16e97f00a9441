/** What the model in charge said, summed up for two spans of time, and how long it took. */
import { firstIdAt } from '@/lib/core/ids'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import type { Span } from './drift-rules'

/** Days. */
const spans = { recent: 7, before: 28 }

interface Row {
  recent: boolean
  /** Null: all of the span. */
  intent: string | null
  messages: number
  outOfScope: number
  corrected: number
  confidence: number
  confidenceSquared: number
  p50: number
  p95: number
  p99: number
}

/** Milliseconds of an answer: half took less, 99 of 100 took less. */
export interface Latency {
  p50: number
  p99: number
}

export interface Spans {
  recent: Span
  before: Span
  /** Of the recent span; null without answers. */
  latency: Latency | null
}

/** The last seven days and the 28 before them. @param bundle sha256 of the version in charge; null for the model that comes along */
export async function readSpans(tx: Tx, ctx: Ctx, bundle: string | null): Promise<Spans> {
  const ago = (days: number) => firstIdAt(new Date(ctx.now().getTime() - days * 86_400_000))
  const rows = await tx.$queryRaw<Row[]>`
    WITH said AS (
      SELECT p.message_id >= ${ago(spans.recent)}::uuid AS recent, p.in_scope, p.intent_probability AS sure, p.latency_ms,
        -- What was merged since goes by its new name, as people's words about it do.
        coalesce(i.merged_into, p.intent) AS intent,
        -- What was put aside since is left to people by the account's own wish: that is no drift.
        EXISTS (SELECT FROM intent a WHERE a.account_id = p.account_id AND a.key = coalesce(i.merged_into, p.intent)
          AND a.archived_at IS NOT NULL) AS aside,
        (SELECT r.now FROM correction r WHERE r.account_id = p.account_id AND r.message_id = p.message_id
          AND r.field = 'intent' AND r.undone_at IS NULL ORDER BY r.created_at DESC, r.id DESC LIMIT 1) AS word
      FROM prediction p LEFT JOIN intent i ON i.account_id = p.account_id AND i.key = p.intent
      WHERE p.account_id = ${ctx.accountId}::uuid AND p.message_id >= ${ago(spans.recent + spans.before)}::uuid
        AND CASE WHEN ${bundle}::text IS NULL
          THEN NOT EXISTS (SELECT FROM model_version v WHERE v.account_id = p.account_id AND starts_with(v.bundle, p.model_version))
          ELSE starts_with(${bundle}::text, p.model_version) END
    )
    SELECT recent, intent, count(*)::int AS messages,
      count(*) FILTER (WHERE NOT in_scope AND NOT aside)::int AS "outOfScope",
      count(*) FILTER (WHERE word <> intent)::int AS corrected,
      sum(sure)::float8 AS confidence, sum(sure * sure)::float8 AS "confidenceSquared",
      percentile_cont(0.5) WITHIN GROUP (ORDER BY latency_ms)::float8 AS p50,
      percentile_cont(0.95) WITHIN GROUP (ORDER BY latency_ms)::float8 AS p95,
      percentile_cont(0.99) WITHIN GROUP (ORDER BY latency_ms)::float8 AS p99
    FROM said GROUP BY GROUPING SETS ((recent, intent), (recent))`
  const whole = (recent: boolean) => rows.find((row) => row.recent === recent && row.intent === null)
  const span = (recent: boolean): Span => {
    const { messages = 0, outOfScope = 0, corrected = 0, confidence = 0, confidenceSquared = 0 } = whole(recent) ?? {}
    const labels = rows.flatMap((row) =>
      row.recent === recent && row.intent !== null ? [[row.intent, row.messages] as const] : [],
    )
    const slow = whole(recent)?.p95 ?? null
    return { messages, labels: new Map(labels), outOfScope, corrected, confidence, confidenceSquared, slow }
  }
  const newest = whole(true)
  return {
    recent: span(true),
    before: span(false),
    latency: newest ? { p50: newest.p50, p99: newest.p99 } : null,
  }
}
