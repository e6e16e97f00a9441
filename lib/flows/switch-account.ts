/** A person opens another of their accounts; the next sign-in begins there. */
import { AppError } from '@/lib/core/errors'
import { requireUser } from '@/lib/features/accounts/permissions'
import { membershipOf } from '@/lib/features/accounts/read'
import { rememberAccount } from '@/lib/features/identity/users'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'

export async function switchAccount(ctx: Ctx, input: { slug: string }): Promise<void> {
  const userId = requireUser(ctx)
  await asSystem(ctx.services, 'switch account', async (tx) => {
    if (!(await membershipOf(tx, userId, input.slug))) throw new AppError('not_found')
    await rememberAccount(tx, userId, input.slug)
  })
}
