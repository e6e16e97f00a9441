/** Which words decided a label, for a visitor's message or for any text that somebody tries. */
import { AppError } from '@/lib/core/errors'
import type { Why } from '@/lib/core/ports'
import { canViewInbox, requireMember } from '@/lib/features/accounts/permissions'
import { about } from '@/lib/features/conversations/sealed'
import { championOf } from '@/lib/features/learning/champion'
import { readRun } from '@/lib/features/learning/runs'
import { findVersion, findVersionOf } from '@/lib/features/learning/versions'
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
  /** Explained by the model that labelled it, where that is here. */
  messageId?: string | undefined
  /** In the place of the message's text: what would be said of other words. Without a message, by the model in charge. */
  text?: string | undefined
  /** By this version, and no other. */
  versionId?: string | undefined
  /** What else it might be: by the model in charge, and without the nearest texts, which have to be opened. */
  brief?: boolean | undefined
}

export interface Explained extends Why {
  near: Near[]
  /** Number of the version whose reasons these are; null: the model that comes along. */
  number: number | null
  /** False: they are not those of the model that labelled the message, which cannot be asked any more. */
  own: boolean
}

/** @throws not_found, model_away */
export async function explainLabel(ctx: Ctx, asked: ExplainQuestion): Promise<Explained> {
  requireMember(ctx, canViewInbox)
  const { field, messageId, text, brief } = asked
  const words = text ?? (await textOf(ctx, messageId ?? ''))
  const { said, ...bundles } = await modelOf(ctx, asked)
  const why = await ctx.services.classifier.explain({ text: words, ...bundles, head: field }, patience)
  if (!why) throw new AppError('model_away')
  // What an account's model has no opinion on is the base's, whoever was asked.
  if (field !== 'intent') return { ...why, near: [], number: null, own: true }
  const version = await inAccount(ctx, (tx) => findVersionOf(tx, ctx, why.modelVersion))
  return {
    ...why,
    near: version && !brief ? await nearTo(ctx, words, why, version.runId, messageId) : [],
    number: version?.number ?? null,
    own: said === null || said === why.modelVersion,
  }
}

interface Asked {
  bundle: string
  /** Who explains it where that one is refused. */
  otherwise: string[]
  /** Model version of the label that is explained; null where none is. */
  said: string | null
}

async function modelOf(ctx: Ctx, { messageId, versionId, brief }: ExplainQuestion): Promise<Asked> {
  const nameOf = ({ bundle }: { bundle: string }) => bundleName(ctx.accountId, bundle)
  if (versionId) {
    const version = await inAccount(ctx, (tx) => findVersion(tx, ctx, versionId))
    return { bundle: nameOf(version), otherwise: [], said: null }
  }
  const { bundle, otherwise } = await championOf(ctx)
  const champion = { bundle, otherwise: [...otherwise, 'base'] }
  if (!messageId || brief) return { ...champion, said: null }
  return inAccount(ctx, async (tx) => {
    const prediction = await tx.prediction.findFirst({ where: { messageId }, select: { modelVersion: true } })
    if (!prediction) return { ...champion, said: null }
    const said = prediction.modelVersion
    const version = await findVersionOf(tx, ctx, said)
    if (!version) return { bundle: 'base', otherwise: [], said }
    if (version.brought) return { ...champion, said }
    return { bundle: nameOf(version), otherwise: [bundle, ...champion.otherwise], said }
  })
}

/** A text that the version learned from, and how much of it reads the same, 0 … 1. */
export interface Near {
  text: string
  intent: string
  likeness: number
}

const shown = 3
/** Texts that are opened and compared at most: those of the two competing intents first. */
const compared = 2_000
/** Below this they share no more than common words. */
const least = 0.1

/** Of the version's own dataset, and of what it learned there: what was held out has taught it nothing. */
async function nearTo(ctx: Ctx, text: string, why: Why, runId: string, messageId = ''): Promise<Near[]> {
  const { datasetId } = await inAccount(ctx, (tx) => readRun(tx, ctx, runId))
  const { train } = await openDataset(ctx, datasetId, {
    learned: { first: [why.label, why.against], most: compared },
  })
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
