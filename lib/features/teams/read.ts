/** The account's teams: who belongs to each, and what points at it. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

export interface ListedTeam {
  id: string
  name: string
  members: { id: string; name: string; here: boolean }[]
  /** Routing lines that send here. */
  lines: number
}

export async function listTeams(tx: Tx, ctx: Ctx): Promise<ListedTeam[]> {
  const { accountId } = ctx
  const teams = await tx.team.findMany({
    where: { accountId },
    select: {
      id: true,
      name: true,
      members: {
        where: { membership: { disabledAt: null } },
        select: {
          membership: {
            select: { id: true, availability: true, onlineUntil: true, user: { select: { name: true, email: true } } },
          },
        },
      },
    },
  })
  const lines = await tx.routingRule.groupBy({ by: ['teamId'], where: { accountId }, _count: { _all: true } })
  const count = new Map(lines.map((row) => [row.teamId, row._count._all]))
  const order = new Intl.Collator(ctx.locale, { numeric: true })
  return teams
    .map((team) => ({
      id: team.id,
      name: team.name,
      lines: count.get(team.id) ?? 0,
      members: team.members
        .map(({ membership: { id, user, availability, onlineUntil } }) => ({
          id,
          name: user.name || user.email,
          here: availability === 'online' && onlineUntil !== null && onlineUntil > ctx.now(),
        }))
        .sort((a, b) => order.compare(a.name, b.name)),
    }))
    .sort((a, b) => order.compare(a.name, b.name))
}
