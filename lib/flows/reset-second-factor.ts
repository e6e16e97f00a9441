/** The operator takes away the second factor of somebody who lost it and every recovery code: by command, never from a page. */
import { AppError } from '@/lib/core/errors'
import { parseEmail } from '@/lib/features/identity/email'
import { holdPerson, switchOff } from '@/lib/features/identity/second-factor'
import { endAllSessions } from '@/lib/features/identity/sessions'
import { userByEmail } from '@/lib/features/identity/users'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { mailTo } from './mail-to'
import { recordForPerson } from './record-for-person'

/** Every session ends: whatever was lost may hold one. @throws not_found, second_factor_missing */
export async function resetSecondFactor(ctx: Ctx, input: { email: string }): Promise<void> {
  const email = parseEmail(input.email)
  const userId = await asSystem(ctx.services, 'reset a second factor', async (tx) => {
    const user = await userByEmail(tx, email)
    if (!user) throw new AppError('not_found')
    if (!(await holdPerson(tx, user.id)).on) throw new AppError('second_factor_missing')
    await switchOff(tx, user.id)
    await endAllSessions(tx, user.id)
    const letter = { to: email, locale: user.locale, kind: 'secondFactorReset', path: null } as const
    await mailTo(tx, ctx, { ...letter, facts: { name: user.name } })
    await recordForPerson(tx, ctx, user.id, 'member.second_factor_reset', 'operator')
    return user.id
  })
  ctx.services.log.warn({ userId }, 'a second factor was reset by command')
}
