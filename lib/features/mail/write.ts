/** Puts mails into the outbox, within the transaction that causes them. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

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
  const { count } = await tx.mail.createMany({
    data: [{ id: ctx.newId(), ...mail, createdAt: ctx.now(), dueAt: ctx.now() }],
    skipDuplicates: true,
  })
  return count === 1
}
