/** A conversation moves to a team, or to none. */
import { AppError } from '@/lib/core/errors'
import { canAssign, requireMember } from '@/lib/features/accounts/permissions'
import { applyChange, type Changed, lockConversation } from '@/lib/features/conversations/change'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

/** @throws not_found, invalid_input when there is no such team */
export async function setTeam(ctx: Ctx, { id, teamId }: { id: string; teamId: string | null }): Promise<Changed> {
  requireMember(ctx, canAssign)
  return inAccount(ctx, async (tx) => {
    const now = await lockConversation(tx, ctx, id)
    if (now.teamId === teamId) return applyChange(tx, ctx, now, {}, null)
    const ids = [now.teamId, teamId].filter((each) => each !== null)
    const teams = await tx.team.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
    const find = (teamId: string | null) => teams.find((team) => team.id === teamId) ?? null
    if (teamId && !find(teamId)) throw new AppError('invalid_input', { field: 'teamId' })
    const set = { teamId, ...(teamId ? { needsPerson: false } : {}) }
    return applyChange(tx, ctx, now, set, { type: 'team', from: find(now.teamId), to: find(teamId) })
  })
}
