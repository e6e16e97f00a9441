/** The account's teams with their members, for whoever works in it. */
import { canViewInbox, requireMember } from '@/lib/features/accounts/permissions'
import { type ListedTeam, listTeams } from '@/lib/features/teams/read'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

export async function readTeams(ctx: Ctx): Promise<ListedTeam[]> {
  requireMember(ctx, canViewInbox)
  return inAccount(ctx, (tx) => listTeams(tx, ctx))
}
