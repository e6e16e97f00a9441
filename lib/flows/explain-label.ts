/** Which words decided a label, for a visitor's message or for any text that somebody tries. */
import { AppError } from '@/lib/core/errors'
import type { Why } from '@/lib/core/ports'
import { canViewInbox, requireMember } from '@/lib/features/accounts/permissions'
import { about } from '@/lib/features/conversations/sealed'
import { championOf } from '@/lib/features/learning/champion'
import type { CorrectedField } from '@/lib/features/predictions/corrections'
import type { Ctx } from '@/lib/platform/context'
import { contactBox } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'

/** A person waits for it, milliseconds: a model asked for the first time has to be unpacked. */
const patience = 4_000

export interface ExplainQuestion {
  field: CorrectedField
  /** One of the two. */
  messageId?: string | undefined
  text?: string | undefined
}

/** By the model that is in charge now, which may not be the one that labelled the message. @throws not_found, model_away */
export async function explainLabel(ctx: Ctx, { field, messageId, text }: ExplainQuestion): Promise<Why> {
  requireMember(ctx, canViewInbox)
  const words = text ?? (await textOf(ctx, messageId ?? ''))
  const { bundle } = await championOf(ctx)
  const why = await ctx.services.classifier.explain({ text: words, bundle, head: field }, patience)
  if (!why) throw new AppError('model_away')
  return why
}

async function textOf(ctx: Ctx, id: string): Promise<string> {
  const message = await inAccount(ctx, (tx) =>
    tx.message.findFirst({ where: { id, kind: 'incoming' }, select: { contactId: true, body: true } }),
  )
  if (!message?.contactId || !message.body) throw new AppError('not_found')
  return (await contactBox(ctx, message.contactId)).open(message.body, about.body(id))
}
