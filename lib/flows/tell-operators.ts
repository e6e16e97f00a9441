/** Mails whoever runs the installation about what only they can set right, each in their own language. */
import { publicUrl } from '@/lib/core/env'
import { idFrom } from '@/lib/core/ids'
import { closestLocale } from '@/lib/core/locale'
import { composeMail, type MailKind } from '@/lib/features/mail/compose'
import { queueMail } from '@/lib/features/mail/write'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'

/** @param cause names the occasion: for the same one, each of them gets one mail however often this is tried */
export async function tellOperators(
  ctx: Ctx,
  kind: Extract<MailKind, 'disputed' | 'eventFailed'>,
  cause: string,
  facts: { account?: string; type?: string },
): Promise<void> {
  const link = `${publicUrl(ctx.services.env)}/operator/revenue`
  await asSystem(ctx.services, 'mails for the operators', async (tx) => {
    const operators = await tx.user.findMany({
      where: { operator: true },
      select: { id: true, email: true, locale: true },
    })
    for (const { id, email, locale } of operators) {
      const mail = composeMail(closestLocale(locale), kind, facts, link)
      await queueMail(tx, ctx, { id: idFrom(`${cause} ${id}`), to: email, ...mail })
    }
  })
}
