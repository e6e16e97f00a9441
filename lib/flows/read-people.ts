/** What the desk's pickers offer: members, teams, labels. */
import { requireMember } from '@/lib/features/accounts/permissions'
import { listMembers } from '@/lib/features/accounts/read'
import type { Ctx, Role } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { isWaiting } from './standing'

export interface People {
  /** The reader's own membership. */
  me: string
  /** Whoever is beyond the people that the plan includes reads, like a viewer. */
  members: { id: string; name: string; role: Role; availability: 'online' | 'away'; here: boolean }[]
  teams: { id: string; name: string; memberIds: string[] }[]
  labels: { id: string; name: string; colour: string }[]
}

export async function readPeople(ctx: Ctx): Promise<People> {
  const { membershipId } = requireMember(ctx)
  const acting = async (id: string, role: Role): Promise<Role> => ((await isWaiting(ctx, id)) ? 'viewer' : role)
  const people = await inAccount(ctx, async (tx) => {
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
  const members = people.members.map(async (member) => ({ ...member, role: await acting(member.id, member.role) }))
  return { ...people, members: await Promise.all(members) }
}
