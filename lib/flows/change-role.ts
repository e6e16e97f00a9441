/** Gives a member another role; it holds from their next request on. */

import { AppError } from '@/lib/core/errors'
import { canManage, canManageMembers, grantableRoles, requireMember } from '@/lib/features/accounts/permissions'
import { setRole } from '@/lib/features/accounts/write'
import { record } from '@/lib/features/audit/write'
import type { Ctx, Role } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'

export async function changeRole(ctx: Ctx, input: { id: string; role: Role }): Promise<void> {
  const actor = requireMember(ctx, canManageMembers)
  if (!grantableRoles(actor).includes(input.role)) throw new AppError('forbidden')
  await inAccount(ctx, async (tx) => {
    let was: Role | null = null
    await setRole(tx, ctx, input.id, input.role, (member) => {
      if (!canManage(actor, member)) throw new AppError('forbidden')
      was = member.role
    })
    await tell(tx, ctx, { type: 'member.updated', data: { memberId: input.id, change: 'role' } })
    await record(tx, ctx, { act: 'member.role_changed', thingId: input.id, facts: { was, role: input.role } })
  })
}
