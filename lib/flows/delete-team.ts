/** A team goes; its conversations and routing lines stay without a team, and for a day all of it can come back. */

import { canManageTeams, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { forgetRouting } from '@/lib/features/routing/read'
import { removeTeam } from '@/lib/features/teams/write'
import { keepUndo } from '@/lib/features/undo/write'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'

export async function deleteTeam(
  ctx: Ctx,
  { id }: { id: string },
): Promise<{ undoId: string; conversations: number; lines: number }> {
  requireMember(ctx, canManageTeams)
  const done = await inAccount(ctx, async (tx) => {
    const removed = await removeTeam(tx, ctx, id)
    const undoId = await keepUndo(tx, ctx, 'team', removed)
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'teams', teamId: id } })
    await record(tx, ctx, { act: 'team.deleted', thingId: id, facts: { name: removed.name } })
    return { undoId, conversations: removed.conversationIds.length, lines: removed.ruleIds.length }
  })
  forgetRouting(ctx.accountId)
  return done
}
