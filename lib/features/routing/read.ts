/** The account's routing table and who is there, kept for a moment: the visitor's path must not read it per message. */
import type { Ctx } from '../../platform/context'
import { inAccount } from '../../platform/db/in-account'
import type { Rule, RuleConditions, Team } from './rules'

export interface RoutingTable {
  rules: Rule[]
  teams: Team[]
}

/** How old a table may be, milliseconds. */
const fresh = 1_000
const tables = new Map<string, { at: number; table: Promise<RoutingTable> }>()
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

/** The table, at most a second old. A failed read keeps the last good one in use. */
export function routingTable(ctx: Ctx): Promise<RoutingTable> {
  const known = tables.get(ctx.accountId)
  const now = ctx.now().getTime()
  if (known && now - known.at >= 0 && now - known.at < fresh) return known.table
  const table = readTable(ctx).catch((error) => {
    if (known) return known.table
    tables.delete(ctx.accountId)
    throw error
  })
  if (tables.size > 2_000) tables.clear()
  tables.set(ctx.accountId, { at: now, table })
  return table
}

/** Forgets the table after a change, so that the next message sees it. */
export const forgetRouting = (accountId: string): void => void tables.delete(accountId)

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
