/** The account's routing table and who is there, kept for a moment: the visitor's path must not read it per message. */
import type { Ctx } from '../../platform/context'
import { inAccount } from '../../platform/db/in-account'
import { Moment } from '../../platform/moment'
import type { Rule, RuleConditions, Team } from './rules'

export interface RoutingTable {
  rules: Rule[]
  teams: Team[]
}

const tables = new Moment(readTable)
const turns = new Map<string, number>()

/**
 * Turns of an account's round robins in this process. Each team counts its own: one counter for all would give
 * every message of a team to the same agent when two teams' messages alternate.
 */
export const nextTurn =
  (accountId: string) =>
  (teamId: string): number => {
    const key = `${accountId} ${teamId}`
    const turn = (turns.get(key) ?? -1) + 1
    if (turns.size > 20_000) turns.clear()
    turns.set(key, turn)
    return turn
  }

export const routingTable = (ctx: Ctx): Promise<RoutingTable> => tables.of(ctx)
/** Forgets the table after a change, so that the next message sees it. */
export const forgetRouting = (accountId: string): void => tables.forget(accountId)

async function readTable(ctx: Ctx): Promise<RoutingTable> {
  return inAccount(ctx, async (tx) => {
    const rows = await tx.routingRule.findMany({
      where: { enabled: true },
      orderBy: [{ position: 'asc' }, { id: 'asc' }],
    })
    const teams = await tx.team.findMany({
      orderBy: { id: 'asc' },
      select: {
        id: true,
        name: true,
        members: {
          where: { membership: { availability: 'online', disabledAt: null, onlineUntil: { gt: ctx.now() } } },
          select: { membershipId: true },
          orderBy: { membershipId: 'asc' },
        },
      },
    })
    return {
      rules: rows.map((row) => ({
        id: row.id,
        name: row.name,
        when: row.when as RuleConditions,
        teamId: row.teamId,
        priority: row.priority as Rule['priority'],
        assign: row.assign as Rule['assign'],
      })),
      teams: teams.map((team) => ({
        id: team.id,
        name: team.name,
        online: team.members.map((member) => member.membershipId),
      })),
    }
  })
}
