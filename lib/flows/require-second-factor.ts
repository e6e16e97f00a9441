/** An owner asks for a second factor of everybody who works in the account, or no longer does. */
import { AppError } from '@/lib/core/errors'
import { canRequireSecondFactor, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'

/** @throws second_factor_missing: who asks it of others has one, and so an owner can always come in */
export async function requireSecondFactor(ctx: Ctx, input: { required: boolean }): Promise<void> {
  const { userId } = requireMember(ctx, canRequireSecondFactor)
  const { required } = input
  await inAccount(ctx, async (tx) => {
    const me = await tx.user.findFirst({ where: { id: userId }, select: { secondFactorAt: true } })
    if (required && !me?.secondFactorAt) throw new AppError('second_factor_missing')
    const where = { id: ctx.accountId, secondFactorRequired: !required }
    const { count } = await tx.account.updateMany({ where, data: { secondFactorRequired: required } })
    if (!count) return
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'security' } })
    await record(tx, ctx, { act: required ? 'account.second_factor_required' : 'account.second_factor_optional' })
  })
}
