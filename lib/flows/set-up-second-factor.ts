/** A person sets up a second factor: their app gets a secret, and its first code switches it on. */
import { AppError } from '@/lib/core/errors'
import { requireUser } from '@/lib/features/accounts/permissions'
import { holdPerson, offerSecret, replaceCodes, switchOn, takeCode } from '@/lib/features/identity/second-factor'
import { endAllSessions } from '@/lib/features/identity/sessions'
import { addressOf, pictureOf } from '@/lib/features/identity/totp'
import { userById } from '@/lib/features/identity/users'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { mailTo } from './mail-to'
import { forgiveCodes, spendCode } from './pass-second-factor'
import { justSignedIn, proveOneself, readPerson } from './prove-oneself'
import { recordForPerson } from './record-for-person'

export interface Offer {
  /** Base32, for typing. */
  secret: string
  /** `otpauth://…`, for an app on the same machine. */
  address: string
  /** The same as a QR code. */
  picture: { size: number; path: string }
}

/** @param input the password, of whoever has one; else the session must be new */
export async function offerSecondFactor(ctx: Ctx, input: { password: string; sessionId: string }): Promise<Offer> {
  const user = await readPerson(ctx)
  // Who typed a stranger's address must not be able to lock the stranger out of it.
  if (!user.emailVerifiedAt) throw new AppError('address_unconfirmed')
  if (user.passwordHash) await proveOneself(ctx, user, input)
  else await justSignedIn(ctx, user, input.sessionId)
  const secret = await asSystem(ctx.services, 'offer a second factor', async (tx) => {
    if ((await holdPerson(tx, user.id)).on) throw new AppError('conflict')
    return offerSecret(tx, ctx, user.id)
  })
  const address = addressOf(secret, user.email)
  return { secret, address, picture: pictureOf(address) }
}

/**
 * The first code switches it on. Every other session of the person began without one and ends.
 *
 * @returns the recovery codes, which nobody can see again
 */
export async function confirmSecondFactor(
  ctx: Ctx,
  input: { code: string; sessionId: string },
): Promise<{ codes: string[] }> {
  const userId = requireUser(ctx)
  await spendCode(ctx, userId)
  const codes = await asSystem(ctx.services, 'switch a second factor on', async (tx) => {
    if ((await holdPerson(tx, userId)).on) throw new AppError('conflict')
    if (!(await takeCode(tx, ctx, userId, input.code))) throw new AppError('code_wrong', { field: 'code' })
    await switchOn(tx, ctx, userId)
    const made = await replaceCodes(tx, ctx, userId)
    await endAllSessions(tx, userId, input.sessionId)
    const user = await userById(tx, userId)
    if (!user) throw new AppError('not_signed_in')
    const letter = { to: user.email, locale: user.locale, kind: 'secondFactorOn', path: null } as const
    await mailTo(tx, ctx, { ...letter, facts: { name: user.name } })
    await recordForPerson(tx, ctx, userId, 'member.second_factor_on')
    return made
  })
  await forgiveCodes(ctx, userId)
  return { codes }
}
