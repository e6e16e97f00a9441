/** Whoever has a second factor gets a ticket in the place of a session, and the session for a code. */
import { AppError } from '@/lib/core/errors'
import { codesLeft, takeCode } from '@/lib/features/identity/second-factor'
import { issueToken, tokenHolder, useToken } from '@/lib/features/identity/tokens'
import { forgiveTries, returnTry, spendTry } from '@/lib/features/identity/tries'
import { userById } from '@/lib/features/identity/users'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { mailTo } from './mail-to'
import { recordForPerson } from './record-for-person'

/** A ticket for the person, who has shown a password, a link or a provider's word; null when that is all they need. */
export const askSecondFactor = (ctx: Ctx, userId: string): Promise<string | null> =>
  asSystem(ctx.services, 'ask for a second factor', async (tx) => {
    const user = await userById(tx, userId)
    return user?.secondFactorAt ? issueToken(tx, ctx, 'code', { email: user.email, userId }) : null
  })

/** Counts a try at somebody's codes. */
export async function spendCode(ctx: Ctx, userId: string): Promise<void> {
  await spendTry(ctx, 'code', userId)
  // Of the day's tries only those count that are looked at.
  await spendTry(ctx, 'codeDay', userId)
}

/** After a right one. The day's wrong ones stay counted: else every sign-in of the person would give a guesser fifty more. */
export async function forgiveCodes(ctx: Ctx, userId: string): Promise<void> {
  await forgiveTries(ctx, 'code', userId)
  await returnTry(ctx, 'codeDay', userId)
}

/**
 * With a new password whoever knew the old one guesses no more, and the person gets in again. Once a day: somebody who reads their
 * mails makes a new one as often as they like.
 */
export async function forgiveGuesses(ctx: Ctx, userId: string): Promise<void> {
  const again = await spendTry(ctx, 'codeReset', userId).catch(() => 'again')
  if (again) return
  await forgiveTries(ctx, 'code', userId)
  await forgiveTries(ctx, 'codeDay', userId)
}

/**
 * The person behind the ticket, for a code of their app or one of their recovery codes. A wrong code leaves the ticket as it is.
 *
 * @param address network address of the caller, for limits
 */
export async function passSecondFactor(
  ctx: Ctx,
  input: { ticket: string; code: string },
  address: string,
): Promise<string> {
  await spendTry(ctx, 'address', address)
  const holder = await asSystem(ctx.services, 'look at a ticket', (tx) => tokenHolder(tx, ctx, 'code', input.ticket))
  if (!holder) throw new AppError('code_late')
  await spendCode(ctx, holder)
  await asSystem(ctx.services, 'take a code', async (tx) => {
    const taken = await takeCode(tx, ctx, holder, input.code)
    if (!taken) throw new AppError('code_wrong', { field: 'code' })
    // Another use of the same ticket at the same time: that one has it, and this code is not used up.
    await useToken(tx, ctx, 'code', input.ticket)
    const user = await userById(tx, holder)
    if (taken === 'app' || !user) return
    const facts = { name: user.name, count: await codesLeft(tx, holder) }
    await mailTo(tx, ctx, { to: user.email, locale: user.locale, kind: 'recoveryCodeUsed', facts, path: null })
    await recordForPerson(tx, ctx, holder, 'member.recovery_code_used')
  })
  await forgiveCodes(ctx, holder)
  return holder
}
