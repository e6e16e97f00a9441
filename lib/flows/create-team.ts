/** A new team, to which conversations can be routed. */

import { canManageTeams, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { forgetRouting } from '@/lib/features/routing/read'
import type { TeamDraft } from '@/lib/features/teams/input'
import { addTeam } from '@/lib/features/teams/write'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { refuseTaken } from './refuse-taken'

export async function createTeam(ctx: Ctx, draft: TeamDraft): Promise<{ id: string }> {
  requireMember(ctx, canManageTeams)
  const made = await inAccount(ctx, async (tx) => {
    const id = await addTeam(tx, ctx, draft)
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'teams', teamId: id } })
    await record(tx, ctx, { act: 'team.created', thingId: id, facts: { name: draft.name } })
    return { id }
  }).catch(refuseTaken)
  forgetRouting(ctx.accountId)
  return made
}
