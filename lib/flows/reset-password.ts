/** A mailed link lets its person choose a new password, once; every session dies. */

import { AppError } from '@/lib/core/errors'
import { checkPassword, hashPassword } from '@/lib/features/identity/password'
import { tokenHolder, useToken } from '@/lib/features/identity/tokens'
import { forgiveTries, spendTry } from '@/lib/features/identity/tries'
import { setPassword, userById } from '@/lib/features/identity/users'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { mailTo } from './mail-to'
import { forgiveGuesses } from './pass-second-factor'
import { recordForPerson } from './record-for-person'

/** @returns the address, so that the page can sign the person in */
export async function resetPassword(
  ctx: Ctx,
  input: { token: string; password: string },
  address: string,
): Promise<{ email: string }> {
  await spendTry(ctx, 'address', address)
  checkPassword(input.password)
  // Hashing is dear: a token that does not work is not worth it.
  const holder = await asSystem(ctx.services, 'look at a reset', (tx) => tokenHolder(tx, ctx, 'reset', input.token))
  if (!holder) throw new AppError('link_invalid')
  const passwordHash = await hashPassword(input.password)
  const user = await asSystem(ctx.services, 'reset password', async (tx) => {
    const token = await useToken(tx, ctx, 'reset', input.token)
    const user = await userById(tx, token.userId)
    if (!user || user.disabledAt || user.email !== token.email) throw new AppError('link_invalid')
    checkPassword(input.password, user.email)
    await setPassword(tx, user.id, passwordHash, null, ctx.now())
    const letter = { to: user.email, locale: user.locale, kind: 'passwordChanged', path: null } as const
    await mailTo(tx, ctx, { ...letter, facts: { name: user.name } })
    await recordForPerson(tx, ctx, user.id, 'member.password_changed')
    return user
  })
  await forgiveTries(ctx, 'person', user.email)
  await forgiveGuesses(ctx, user.id)
  return { email: user.email }
}
