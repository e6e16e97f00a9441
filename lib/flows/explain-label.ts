/** Which words decided a label, for a visitor's message or for any text that somebody tries. */
import { AppError } from '@/lib/core/errors'
import type { Why } from '@/lib/core/ports'
import { canViewInbox, requireMember } from '@/lib/features/accounts/permissions'
import { about } from '@/lib/features/conversations/sealed'
import { championOf } from '@/lib/features/learning/champion'
import { readRun } from '@/lib/features/learning/runs'
import { findVersion, readChampionVersion } from '@/lib/features/learning/versions'
import type { CorrectedField } from '@/lib/features/predictions/corrections'
import type { Ctx } from '@/lib/platform/context'
import { contactBox } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'
import { bundleName } from '@/models/bundle/name'
import { nearestTexts } from '@/models/explain/nearest'
import { openDataset } from './open-dataset'

/** A person waits for it, milliseconds: a model asked for the first time has to be unpacked. */
const patience = 4_000

export interface ExplainQuestion {
  field: CorrectedField
  /** One of the two. */
  messageId?: string | undefined
  text?: string | undefined
  /** Without it, the model that is in charge now, which may not be the one that labelled the message. */
  versionId?: string | undefined
  /** Without the nearest texts: they have to be opened. */
  brief?: boolean | undefined
}

/** @throws not_found, model_away */
export async function explainLabel(
  ctx: Ctx,
  { field, messageId, text, versionId, brief }: ExplainQuestion,
): Promise<Why & { near: Near[] }> {
  requireMember(ctx, canViewInbox)
  const words = text ?? (await textOf(ctx, messageId ?? ''))
  const version = await inAccount(ctx, (tx) =>
    versionId ? findVersion(tx, ctx, versionId) : readChampionVersion(tx, ctx),
  )
  const bundle = versionId && version ? bundleName(ctx.accountId, version.bundle) : (await championOf(ctx)).bundle
  const why = await ctx.services.classifier.explain({ text: words, bundle, head: field }, patience)
  if (!why) throw new AppError('model_away')
  return {
    ...why,
    near: field === 'intent' && version && !brief ? await nearTo(ctx, words, why, version.runId, messageId) : [],
  }
}

/** A text that the version learned from, and how much of it reads the same, 0 … 1. */
export interface Near {
  text: string
  intent: string
  likeness: number
}

const shown = 3
/** Below this they share no more than common words. */
const least = 0.1

/** Of the version's own dataset, and of what it learned there: what was held out has taught it nothing. */
async function nearTo(ctx: Ctx, text: string, why: Why, runId: string, messageId = ''): Promise<Near[]> {
  const { datasetId } = await inAccount(ctx, (tx) => readRun(tx, ctx, runId))
  const { train } = await openDataset(ctx, datasetId, { intents: [why.label, why.against] })
  // A corrected message is learned from, too; it explains nothing that it is most like itself.
  const others = train.filter((one) => one.messageId !== messageId)
  const found = nearestTexts(
    text,
    others.map((one) => one.text),
    shown,
  )
  return found.flatMap(({ index, similarity }) => {
    const one = others[index]
    return one && similarity >= least ? [{ text: one.text, intent: one.intent, likeness: similarity }] : []
  })
}

async function textOf(ctx: Ctx, id: string): Promise<string> {
  const message = await inAccount(ctx, (tx) =>
    tx.message.findFirst({ where: { id, kind: 'incoming' }, select: { contactId: true, body: true } }),
  )
  if (!message?.contactId || !message.body) throw new AppError('not_found')
  return (await contactBox(ctx, message.contactId)).open(message.body, about.body(id))
}
