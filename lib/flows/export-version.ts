/** A version leaves the installation: its card, or its bundle (graph, vocabulary, manifest, signature) with the card in it. */

import { strToU8, zipSync } from 'fflate'
import { AppError } from '@/lib/core/errors'
import { canExport, requireMember } from '@/lib/features/accounts/permissions'
import { readAccount } from '@/lib/features/accounts/read'
import type { Act } from '@/lib/features/audit/acts'
import { record } from '@/lib/features/audit/write'
import { languagesOf } from '@/lib/features/learning/card'
import { writeModelCard } from '@/lib/features/learning/model-card'
import { readWholeRun } from '@/lib/features/learning/read-runs'
import { readRun } from '@/lib/features/learning/runs'
import { listVersions } from '@/lib/features/learning/versions'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { openDataset } from './open-dataset'

/** Markdown. @throws not_found */
export async function exportModelCard(ctx: Ctx, { id }: { id: string }): Promise<string> {
  requireMember(ctx, canExport)
  return (await cardOf(ctx, id, 'export.model_card')).card
}

async function cardOf(ctx: Ctx, id: string, act: Act): Promise<{ card: string; bundle: string }> {
  const found = await inAccount(ctx, async (tx) => {
    const [version] = await listVersions(tx, ctx, { most: 0, ids: [id] })
    const run = version && (await readWholeRun(tx, ctx, version.runId))
    if (!version || !run?.report) throw new AppError('not_found')
    const { datasetId } = await readRun(tx, ctx, run.id)
    const account = (await readAccount(tx, ctx)).name
    await record(tx, ctx, { act, thingId: id, facts: { number: version.number } })
    return { version, run: { ...run, report: run.report }, datasetId, account }
  })
  const { version, datasetId, ...facts } = found
  const { train } = await openDataset(ctx, datasetId)
  const card = writeModelCard({ ...version, ...facts, languages: languagesOf(train.map(({ text }) => text)) })
  return { card, bundle: version.bundle }
}

/** A zip file. @throws not_found, also when the files are gone */
export async function exportBundle(ctx: Ctx, { id }: { id: string }): Promise<Uint8Array> {
  requireMember(ctx, canExport)
  const { card, bundle } = await cardOf(ctx, id, 'export.model')
  const files = await ctx.services.trainer.read(ctx.accountId, bundle)
  if (!files) throw new AppError('not_found')
  // Weights hardly shrink, and a stored file opens anywhere.
  return zipSync(Object.fromEntries([...files, ['README.md', strToU8(card)]]), { level: 1, mtime: ctx.now() })
}
