/** E-mail and password: the same answer and the same time for a wrong password and for nobody. */
import { AppError } from '@/lib/core/errors'
import { parseEmail } from '@/lib/features/identity/email'
import { verifyPassword } from '@/lib/features/identity/password'
import { forgiveTries, spendTry } from '@/lib/features/identity/tries'
import { userByEmail } from '@/lib/features/identity/users'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'

/** @param address network address of the caller, for limits */
export async function signIn(ctx: Ctx, input: { email: string; password: string }, address: string): Promise<string> {
  const email = parseEmail(input.email)
  await spendTry(ctx, 'address', address)
  await spendTry(ctx, 'person', email)
  const user = await asSystem(ctx.services, 'sign in', (tx) => userByEmail(tx, email))
  // Hashing happens for unknown people too, and before anything else is looked at.
  const right = await verifyPassword(user?.passwordHash, input.password)
  if (!user || !right) throw new AppError('sign_in_failed')
  if (user.disabledAt) throw new AppError('account_disabled')
  await forgiveTries(ctx, 'person', email)
  return user.id
}
