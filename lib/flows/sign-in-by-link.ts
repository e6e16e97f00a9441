/** A mailed link signs its person in, once. */
import { AppError } from '@/lib/core/errors'
import { useToken } from '@/lib/features/identity/tokens'
import { spendTry } from '@/lib/features/identity/tries'
import { proveAddress, userById } from '@/lib/features/identity/users'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'

/** @param address network address of the caller, for limits */
export async function signInByLink(ctx: Ctx, input: { token: string }, address: string): Promise<string> {
  await spendTry(ctx, 'address', address)
  return asSystem(ctx.services, 'sign in by link', async (tx) => {
    const { userId, email } = await useToken(tx, ctx, 'sign_in', input.token)
    const user = await userById(tx, userId)
    if (!user || user.email !== email) throw new AppError('link_invalid')
    if (user.disabledAt) throw new AppError('account_disabled')
    await proveAddress(tx, ctx, userId)
    return userId
  })
}
