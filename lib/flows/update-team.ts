/** A team gets another name or other members; the next message is routed by them. */

import { canManageTeams, requireMember } from '@/lib/features/accounts/permissions'
import { factsOf, record } from '@/lib/features/audit/write'
import { forgetRouting } from '@/lib/features/routing/read'
import type { TeamChange } from '@/lib/features/teams/input'
import { changeTeam } from '@/lib/features/teams/write'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { refuseTaken } from './refuse-taken'

export async function updateTeam(ctx: Ctx, { id, ...change }: TeamChange & { id: string }): Promise<void> {
  requireMember(ctx, canManageTeams)
  await inAccount(ctx, async (tx) => {
    await changeTeam(tx, ctx, id, change)
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'teams', teamId: id } })
    await record(tx, ctx, { act: 'team.changed', thingId: id, facts: factsOf(change) })
  }).catch(refuseTaken)
  forgetRouting(ctx.accountId)
}
