/** A signed-in person changes their password (or sets a first one); all other sessions die. */

import { AppError } from '@/lib/core/errors'
import { requireUser } from '@/lib/features/accounts/permissions'
import { checkPassword, hashPassword, verifyPassword } from '@/lib/features/identity/password'
import { spendTry } from '@/lib/features/identity/tries'
import { setPassword, userById } from '@/lib/features/identity/users'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { mailTo } from './mail-to'
import { justSignedIn } from './prove-oneself'
import { recordForPerson } from './record-for-person'

export interface PasswordChange {
  /** Empty when the person has none yet. */
  current: string
  password: string
  /** The session that goes on. */
  sessionId: string | null
}

export async function changePassword(ctx: Ctx, input: PasswordChange): Promise<void> {
  const userId = requireUser(ctx)
  const user = await asSystem(ctx.services, 'change password: look', (tx) => userById(tx, userId))
  if (!user) throw new AppError('not_found')
  checkPassword(input.password, user.email)
  await spendTry(ctx, 'person', user.email)
  // A first password opens what a password opens: a stolen session must not be able to set one.
  if (!user.passwordHash) await justSignedIn(ctx, user, input.sessionId)
  else if (!(await verifyPassword(user.passwordHash, input.current)))
    throw new AppError('password_wrong', { field: 'current' })
  const passwordHash = await hashPassword(input.password)
  await asSystem(ctx.services, 'change password', async (tx) => {
    await setPassword(tx, userId, passwordHash, input.sessionId)
    const letter = { to: user.email, locale: user.locale, kind: 'passwordChanged', path: null } as const
    await mailTo(tx, ctx, { ...letter, facts: { name: user.name } })
    await recordForPerson(tx, ctx, userId, 'member.password_changed')
  })
}
