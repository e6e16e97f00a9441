/** Composes a mail in the reader's language and puts it into the outbox with the transaction. */
import { publicUrl } from '@/lib/core/env'
import { closestLocale } from '@/lib/core/locale'
import { composeMail, type MailKind } from '@/lib/features/mail/compose'
import { queueMail } from '@/lib/features/mail/write'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import type { SayFacts } from '@/lib/words/say'

export interface Letter {
  to: string
  locale: string
  kind: MailKind
  facts: SayFacts
  /** Path of the link, for instance /reset/<token>. */
  path: string | null
}

export async function mailTo(tx: Tx, ctx: Ctx, letter: Letter): Promise<void> {
  const link = letter.path && `${publicUrl(ctx.services.env)}${letter.path}`
  const mail = composeMail(closestLocale(letter.locale), letter.kind, letter.facts, link)
  await queueMail(tx, ctx, { to: letter.to, ...mail })
}
