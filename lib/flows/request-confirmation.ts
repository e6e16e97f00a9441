/** Mails a person once more the link that proves their address. */
import { requireUser } from '@/lib/features/accounts/permissions'
import { issueToken } from '@/lib/features/identity/tokens'
import { spendTry } from '@/lib/features/identity/tries'
import { readProfile } from '@/lib/features/identity/users'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { mailTo } from './mail-to'

export async function requestConfirmation(ctx: Ctx): Promise<void> {
  const userId = requireUser(ctx)
  await asSystem(ctx.services, 'mail a confirmation', async (tx) => {
    const { email, name, locale, verified } = await readProfile(tx, userId)
    if (verified) return
    await spendTry(ctx, 'mail', email)
    const token = await issueToken(tx, ctx, 'verify', { email, userId })
    await mailTo(tx, ctx, { to: email, locale, kind: 'confirm', facts: { name }, path: `/sign-in/confirm/${token}` })
  })
}
