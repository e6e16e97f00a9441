/** The operator looks at the mails of this installation, and sends one again. */
import { requireOperator } from '@/lib/features/identity/operator'
import { type ListedMail, listMails, requeueMail } from '@/lib/features/mail/read'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'

export interface Outbox {
  /** False when mails stay here because no mail server is set. */
  smtp: boolean
  mails: ListedMail[]
}

export function readOutbox(ctx: Ctx): Promise<Outbox> {
  return asSystem(ctx.services, 'operator outbox', async (tx) => {
    await requireOperator(tx, ctx)
    return { smtp: ctx.services.env.SMTP_URL !== '', mails: await listMails(tx, ctx.services.vault) }
  })
}

export function resendMail(ctx: Ctx, input: { id: string }): Promise<void> {
  return asSystem(ctx.services, 'operator sends a mail again', async (tx) => {
    await requireOperator(tx, ctx)
    await requeueMail(tx, input.id, ctx.now())
  })
}
