/** A signed-in person shows, by a mailed link, that the address they signed up with is theirs. */
import { AppError } from '@/lib/core/errors'
import { requireUser } from '@/lib/features/accounts/permissions'
import { useToken } from '@/lib/features/identity/tokens'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'

export async function confirmAddress(ctx: Ctx, input: { token: string }): Promise<void> {
  const userId = requireUser(ctx)
  await asSystem(ctx.services, 'confirm address', async (tx) => {
    const token = await useToken(tx, ctx, 'verify', input.token)
    // Someone else's link, opened in this browser, must not vouch for this person (and is not used up: the rollback keeps it).
    if (token.userId !== userId) throw new AppError('link_invalid')
    const where = { id: userId, email: token.email, emailVerifiedAt: null }
    await tx.user.updateMany({ where, data: { emailVerifiedAt: ctx.now() } })
  })
}
