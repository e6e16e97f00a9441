/** A person looks at their second factor, gets new recovery codes, or switches it off. */
import { AppError } from '@/lib/core/errors'
import { codesLeft, holdPerson, replaceCodes, switchOff } from '@/lib/features/identity/second-factor'
import type { MailKind } from '@/lib/features/mail/compose'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import type { Tx } from '@/lib/platform/db/in-account'
import { mailTo } from './mail-to'
import { type Proof, proveOneself, readPerson } from './prove-oneself'
import { recordForPerson } from './record-for-person'

export interface OwnSecondFactor {
  /** Null: there is none. */
  since: Date | null
  /** Recovery codes that have not been used. */
  codesLeft: number
  verified: boolean
  hasPassword: boolean
}

export async function readSecondFactor(ctx: Ctx): Promise<OwnSecondFactor> {
  const user = await readPerson(ctx)
  const left = await asSystem(ctx.services, 'my recovery codes', (tx) => codesLeft(tx, user.id))
  return {
    since: user.secondFactorAt,
    codesLeft: left,
    verified: user.emailVerifiedAt !== null,
    hasPassword: user.passwordHash !== null,
  }
}

/** Shows the proof, changes what is there, and tells the person by mail and their accounts. @throws conflict where there is none */
async function change<T>(
  ctx: Ctx,
  proof: Proof,
  kind: MailKind,
  act: 'member.second_factor_off' | 'member.recovery_codes_renewed',
  work: (tx: Tx, userId: string) => Promise<T>,
): Promise<T> {
  const user = await readPerson(ctx)
  if (!user.secondFactorAt) throw new AppError('conflict')
  await proveOneself(ctx, user, proof)
  return asSystem(ctx.services, 'change a second factor', async (tx) => {
    if (!(await holdPerson(tx, user.id)).on) throw new AppError('conflict')
    const result = await work(tx, user.id)
    await mailTo(tx, ctx, { to: user.email, locale: user.locale, kind, path: null, facts: { name: user.name } })
    await recordForPerson(tx, ctx, user.id, act)
    return result
  })
}

/** All earlier ones end. */
export const renewRecoveryCodes = (ctx: Ctx, proof: Proof): Promise<{ codes: string[] }> =>
  change(ctx, proof, 'recoveryCodesRenewed', 'member.recovery_codes_renewed', async (tx, userId) => ({
    codes: await replaceCodes(tx, ctx, userId),
  }))

/** Accounts that ask for a second factor are closed to the person from now on. */
export const switchSecondFactorOff = (ctx: Ctx, proof: Proof): Promise<void> =>
  change(ctx, proof, 'secondFactorOff', 'member.second_factor_off', switchOff)
