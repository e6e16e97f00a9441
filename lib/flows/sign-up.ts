/** Someone new: a person with a password, and their first account. */
import { parseEmail } from '@/lib/features/identity/email'
import { checkPassword, hashPassword } from '@/lib/features/identity/password'
import { issueToken } from '@/lib/features/identity/tokens'
import { spendTry } from '@/lib/features/identity/tries'
import { addUser } from '@/lib/features/identity/users'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { createAccount } from './create-account'
import { mailTo } from './mail-to'

export interface SignUp {
  name: string
  email: string
  password: string
  accountName: string
  timeZone?: string | undefined
}

/** @param address network address of the caller, for limits */
export async function signUp(ctx: Ctx, input: SignUp, address: string): Promise<{ userId: string; slug: string }> {
  const email = parseEmail(input.email)
  checkPassword(input.password, email)
  await spendTry(ctx, 'signUp', address)
  const passwordHash = await hashPassword(input.password)
  const userId = await asSystem(ctx.services, 'sign up', async (tx) => {
    const name = input.name.trim()
    const { id } = await addUser(tx, ctx, { email, name, passwordHash, locale: ctx.locale, verified: false })
    const token = await issueToken(tx, ctx, 'verify', { email, userId: id })
    await mailTo(tx, ctx, {
      to: email,
      locale: ctx.locale,
      kind: 'confirm',
      facts: { name },
      path: `/sign-in/confirm/${token}`,
    })
    return id
  })
  // From here on the person exists: should this fail, they sign in and open the account from the list of accounts.
  const account = await createAccount(
    { ...ctx, actor: { kind: 'user', userId } },
    { name: input.accountName, timeZone: input.timeZone },
  )
  return { userId, slug: account.slug }
}
