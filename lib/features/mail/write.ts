/** Puts mails into the outbox, within the transaction that causes them. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { sealMail } from './sealed'

export interface NewMail {
  /** Given: the same mail is put in once, however often it is tried. */
  id?: string
  to: string
  subject: string
  text: string
  html: string
}

/** The worker sends it within a second or so after the commit; a rollback leaves no mail. False when it is there already. */
export async function queueMail(tx: Tx, ctx: Ctx, mail: NewMail): Promise<boolean> {
  // createMany returns no row: the app role may put mails in the box but read none.
  const { id = ctx.newId(), to, subject } = mail
  const { count } = await tx.mail.createMany({
    data: [{ ...sealMail(ctx.services.vault, id, mail), to, subject, createdAt: ctx.now(), dueAt: ctx.now() }],
    skipDuplicates: true,
  })
  return count === 1
}
