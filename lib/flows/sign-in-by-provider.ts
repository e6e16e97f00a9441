/** Google, GitHub or another provider vouches for an address: its person signs in, or begins. */
import { AppError } from '@/lib/core/errors'
import { parseEmail } from '@/lib/features/identity/email'
import { addUser, proveAddress, userByEmail } from '@/lib/features/identity/users'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'

export async function signInByProvider(ctx: Ctx, profile: { email: string; name: string }): Promise<string> {
  const email = parseEmail(profile.email)
  return asSystem(ctx.services, 'sign in by provider', async (tx) => {
    const user = await userByEmail(tx, email)
    if (user?.disabledAt) throw new AppError('account_disabled')
    if (user) {
      await proveAddress(tx, ctx, user.id)
      return user.id
    }
    const name = profile.name.trim().slice(0, 100) || (email.split('@')[0] ?? email)
    const { id } = await addUser(tx, ctx, { email, name, passwordHash: null, locale: ctx.locale, verified: true })
    return id
  })
}
