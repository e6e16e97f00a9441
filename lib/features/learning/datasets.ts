/** The datasets that were taken down: what each held, under which choices, and how much of it is still there. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import type { DatasetCounts } from './dataset'
import { agreed } from './examples'

export interface ListedDataset {
  id: string
  /** sha256 of what it held. */
  hash: string
  counts: DatasetCounts
  createdAt: Date
  /** Rows whose text may still be learned from. */
  there: number
  /** Rows whose contact has refused since, or has not agreed where the account asks for that. */
  refused: number
  /** Rows whose text was erased or taken back; their places stay. */
  gone: number
  /** Numbers of the versions that learned from it. */
  versions: number[]
}

interface Row {
  id: string
  hash: string
  counts: DatasetCounts
  created_at: Date
  there: number
  refused: number
  gone: number
  versions: number[] | null
}

/** The newest first. @param id one alone */
export async function listDatasets(tx: Tx, ctx: Ctx, id: string | null = null): Promise<ListedDataset[]> {
  const { accountId } = ctx
  const rows = await tx.$queryRaw<Row[]>`
    SELECT d.id, d.hash, d.counts, d.created_at, r.there, r.refused, r.gone, v.versions
    FROM dataset d
    CROSS JOIN LATERAL (
      SELECT (count(*) FILTER (WHERE erased_at IS NULL AND (message_id IS NULL OR agreed)))::int AS there,
        (count(*) FILTER (WHERE erased_at IS NULL AND message_id IS NOT NULL AND NOT agreed))::int AS refused,
        (count(*) FILTER (WHERE erased_at IS NOT NULL))::int AS gone
      FROM (
        SELECT o.erased_at, o.message_id, ${agreed(ctx)} AS agreed FROM dataset_row o
        LEFT JOIN message m ON m.account_id = ${accountId}::uuid AND m.id = o.message_id
        LEFT JOIN contact c ON c.account_id = ${accountId}::uuid AND c.id = m.contact_id
        WHERE o.account_id = ${accountId}::uuid AND o.dataset_id = d.id
      ) own
    ) r
    CROSS JOIN LATERAL (
      SELECT array_agg(m.number ORDER BY m.number) AS versions FROM training_run t
      JOIN model_version m ON m.account_id = ${accountId}::uuid AND m.run_id = t.id
      WHERE t.account_id = ${accountId}::uuid AND t.dataset_id = d.id
    ) v
    WHERE d.account_id = ${accountId}::uuid AND (${id}::uuid IS NULL OR d.id = ${id}::uuid)
    ORDER BY d.created_at DESC, d.id DESC`
  return rows.map(({ created_at, versions, ...row }) => ({ ...row, createdAt: created_at, versions: versions ?? [] }))
}
