/** People of a demo or a test installation, made without mails. */
import type { Locale } from '@/lib/core/locale'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { parseEmail } from './email'
import { hashPassword } from './password'
import { addUser, userByEmail } from './users'

export interface DemoPerson {
  email: string
  name: string
  /** Null for people nobody signs in as. */
  password: string | null
  locale: Locale
}

/** Makes the person with a proven address, or finds them (a seed that was interrupted goes on). */
export async function makeDemoUser(ctx: Ctx, person: DemoPerson): Promise<string> {
  const email = parseEmail(person.email)
  const passwordHash = person.password === null ? null : await hashPassword(person.password)
  return asSystem(ctx.services, 'make a demo person', async (tx) => {
    const known = await userByEmail(tx, email)
    if (!known) return (await addUser(tx, ctx, { ...person, email, passwordHash, verified: true })).id
    // The password printed by this run is the one that works.
    if (passwordHash) await tx.user.update({ where: { id: known.id }, data: { passwordHash } })
    return known.id
  })
}
