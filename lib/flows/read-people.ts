/** What the desk's pickers offer: members, teams, labels. */
import { requireMember } from '@/lib/features/accounts/permissions'
import { listMembers } from '@/lib/features/accounts/read'
import type { Ctx, Role } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

export interface People {
  /** The reader's own membership. */
  me: string
  members: { id: string; name: string; role: Role; availability: 'online' | 'away'; here: boolean }[]
  teams: { id: string; name: string; memberIds: string[] }[]
  labels: { id: string; name: string; colour: string }[]
}

export async function readPeople(ctx: Ctx): Promise<People> {
  const { membershipId } = requireMember(ctx)
  return inAccount(ctx, async (tx) => {
    const members = await listMembers(tx, ctx)
    const teams = await tx.team.findMany({
      orderBy: { name: 'asc' },
      select: { id: true, name: true, members: { select: { membershipId: true } } },
    })
    return {
      me: membershipId,
      members: members.map(({ id, name, role, availability, here }) => ({ id, name, role, availability, here })),
      teams: teams.map(({ id, name, members }) => ({ id, name, memberIds: members.map((each) => each.membershipId) })),
      labels: await tx.label.findMany({ orderBy: { name: 'asc' }, select: { id: true, name: true, colour: true } }),
    }
  })
}
