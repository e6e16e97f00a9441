/** Before somebody who is signed in changes their second factor, they show once more that it is them: a stolen session is not enough. */
import { AppError } from '@/lib/core/errors'
import { requireUser } from '@/lib/features/accounts/permissions'
import { verifyPassword } from '@/lib/features/identity/password'
import { takeCode } from '@/lib/features/identity/second-factor'
import { signedInSince } from '@/lib/features/identity/sessions'
import { spendTry } from '@/lib/features/identity/tries'
import { type Person, userById } from '@/lib/features/identity/users'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { forgiveCodes, spendCode } from './pass-second-factor'

/** How long a sign-in counts as one of this moment, milliseconds. */
const fresh = 10 * 60_000

/** One of the two. */
export interface Proof {
  password?: string | undefined
  /** Of the app or a recovery code; it is used up. */
  code?: string | undefined
}

/** The signed-in person. */
export async function readPerson(ctx: Ctx): Promise<Person> {
  const userId = requireUser(ctx)
  const user = await asSystem(ctx.services, 'who changes their sign-in', (tx) => userById(tx, userId))
  if (!user || user.disabledAt) throw new AppError('not_signed_in')
  return user
}

/** @throws password_wrong, code_wrong */
export async function proveOneself(ctx: Ctx, user: Person, { password, code }: Proof): Promise<void> {
  if (code === undefined) {
    await spendTry(ctx, 'person', user.email)
    if (await verifyPassword(user.passwordHash, password ?? '')) return
    throw new AppError('password_wrong', { field: 'current' })
  }
  await spendCode(ctx, user.id)
  const taken = await asSystem(ctx.services, 'take a code', (tx) => takeCode(tx, ctx, user.id, code))
  if (!taken) throw new AppError('code_wrong', { field: 'code' })
  await forgiveCodes(ctx, user.id)
}

/**
 * Whoever has no password and no second factor has nothing to show but a new sign-in: by a mailed link, or at their provider.
 * @throws sign_in_again
 */
export async function justSignedIn(ctx: Ctx, user: Person, sessionId: string | null): Promise<void> {
  const since = new Date(ctx.now().getTime() - fresh)
  const ask = (id: string) =>
    asSystem(ctx.services, 'look for a new sign-in', (tx) => signedInSince(tx, user.id, id, since))
  if (!sessionId || !(await ask(sessionId))) throw new AppError('sign_in_again')
}
