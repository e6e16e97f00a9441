/** Signed-in people for benches and guarantees. */
import { encode } from 'next-auth/jwt'
import { addMember } from '@/lib/features/accounts/write'
import { cookieName } from '@/lib/features/identity/cookie'
import { addSession } from '@/lib/features/identity/sessions'
import { addUser } from '@/lib/features/identity/users'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'
import type { BenchAccount, House } from './house'

/** A new agent of the account; the value of their browser's Cookie header. */
export async function signIn(
  { services, env }: Pick<House, 'services' | 'env'>,
  { ctx }: Pick<BenchAccount, 'ctx'>,
  n = 0,
): Promise<string> {
  const user = await asSystem(services, 'bench', (tx) =>
    addUser(tx, ctx, {
      email: `agent${n}@bench.test`,
      name: 'Agent',
      passwordHash: null,
      locale: 'en',
      verified: true,
    }),
  )
  await inAccount(ctx, (tx) => addMember(tx, ctx, user.id, 'agent'))
  const sid = await asSystem(services, 'bench', (tx) =>
    addSession(tx, ctx, user.id, { userAgent: 'bench', replaces: null, secondFactor: false }),
  )
  const value = await encode({ token: { uid: user.id, sid }, secret: env.LINGXI_AUTH_SECRET })
  return `${cookieName(env)}=${value}`
}
