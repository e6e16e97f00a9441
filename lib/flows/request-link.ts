/** Mails a sign-in link or a way to a new password; the answer never tells whether anyone has this address. */
import { parseEmail } from '@/lib/features/identity/email'
import { issueToken, tokenLife } from '@/lib/features/identity/tokens'
import { inEqualTime, spendTry } from '@/lib/features/identity/tries'
import { userByEmail } from '@/lib/features/identity/users'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { mailTo } from './mail-to'

/** Well above what the work takes, milliseconds. */
const answerAfter = 300

export interface LinkRequest {
  email: string
  purpose: 'sign_in' | 'reset'
}

/** @param address network address of the caller, for limits */
export async function requestLink(ctx: Ctx, input: LinkRequest, address: string): Promise<void> {
  const email = parseEmail(input.email)
  await spendTry(ctx, 'address', address)
  await spendTry(ctx, 'mail', email)
  const { purpose } = input
  await inEqualTime(answerAfter, () =>
    asSystem(ctx.services, 'mail a link', async (tx) => {
      const user = await userByEmail(tx, email)
      if (!user || user.disabledAt) return
      const token = await issueToken(tx, ctx, purpose, { email, userId: user.id })
      const path = purpose === 'reset' ? `/reset/${token}` : `/sign-in/link/${token}`
      const kind = purpose === 'reset' ? 'reset' : 'signIn'
      const facts = { name: user.name, minutes: tokenLife[purpose] }
      await mailTo(tx, ctx, { to: email, locale: user.locale, kind, facts, path })
    }),
  )
}
