/** What the model in charge said, summed up for two spans of time. */
import { firstIdAt } from '@/lib/core/ids'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import type { Span } from './drift-rules'

/** Days. */
export const spans = { recent: 7, before: 28 }

interface Row {
  recent: boolean
  intent: string
  messages: number
  outOfScope: number
  corrected: number
  confidence: number
  confidenceSquared: number
}

/** The last seven days and the 28 before them. @param bundle sha256 of the version in charge; null for the model that comes along */
export async function readSpans(tx: Tx, ctx: Ctx, bundle: string | null): Promise<{ recent: Span; before: Span }> {
  const ago = (days: number) => firstIdAt(new Date(ctx.now().getTime() - days * 86_400_000))
  const rows = await tx.$queryRaw<Row[]>`
    SELECT p.message_id >= ${ago(spans.recent)}::uuid AS recent, p.intent, count(*)::int AS messages,
      count(*) FILTER (WHERE NOT p.in_scope)::int AS "outOfScope",
      count(*) FILTER (WHERE (SELECT r.now FROM correction r WHERE r.account_id = p.account_id AND r.message_id = p.message_id
        AND r.field = 'intent' AND r.undone_at IS NULL ORDER BY r.created_at DESC, r.id DESC LIMIT 1) <> p.intent)::int AS corrected,
      sum(p.intent_probability)::float8 AS confidence,
      sum(p.intent_probability * p.intent_probability)::float8 AS "confidenceSquared"
    FROM prediction p
    WHERE p.account_id = ${ctx.accountId}::uuid AND p.message_id >= ${ago(spans.recent + spans.before)}::uuid
      AND CASE WHEN ${bundle}::text IS NULL
        THEN NOT EXISTS (SELECT FROM model_version v WHERE v.account_id = p.account_id AND starts_with(v.bundle, p.model_version))
        ELSE starts_with(${bundle}::text, p.model_version) END
    GROUP BY 1, 2`
  const span = (recent: boolean): Span => {
    const mine = rows.filter((row) => row.recent === recent)
    const sum = (key: 'messages' | 'outOfScope' | 'corrected' | 'confidence' | 'confidenceSquared') =>
      mine.reduce((total, row) => total + row[key], 0)
    return {
      messages: sum('messages'),
      labels: new Map(mine.map(({ intent, messages }) => [intent, messages])),
      outOfScope: sum('outOfScope'),
      corrected: sum('corrected'),
      confidence: sum('confidence'),
      confidenceSquared: sum('confidenceSquared'),
    }
  }
  return { recent: span(true), before: span(false) }
}
