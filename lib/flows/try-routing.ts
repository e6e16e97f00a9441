/** Shows what the model says about a text and which line of a table would decide, without storing anything. */
import { abstains } from '@/lib/core/learning'
import type { Understanding } from '@/lib/core/ports'
import { canViewInbox, requireMember } from '@/lib/features/accounts/permissions'
import type { RoutingTableDraft } from '@/lib/features/routing/input'
import { routingTable } from '@/lib/features/routing/read'
import { decideRoute, type Fit, type Route, type Rule, tryRule } from '@/lib/features/routing/rules'
import type { Ctx } from '@/lib/platform/context'
import { understand } from './understand'

/** A person who tries waits longer than a visitor would, milliseconds. */
const patience = 3_000

export interface TriedLine {
  id: string
  fit: Fit
}

export interface Tried {
  /** Null when the model gave no answer. */
  said: Understanding | null
  abstains: boolean
  route: Route
  /** Every switched-on line down to the one that decided. */
  lines: TriedLine[]
}

/** @param rules lines that are not saved yet; without them the account's own are tried */
export async function tryRouting(
  ctx: Ctx,
  { text, rules }: { text: string; rules?: RoutingTableDraft['rules'] | undefined },
): Promise<Tried> {
  requireMember(ctx, canViewInbox)
  const [said, table] = await Promise.all([understand(ctx, text, patience).catch(() => null), routingTable(ctx)])
  const lines: Rule[] = rules
    ? rules.filter((rule) => rule.enabled).map((rule, place) => ({ ...rule, id: rule.id ?? `new ${place}` }))
    : table.rules
  // Nobody's turn is spent on a trial.
  const route = decideRoute(said, lines, table.teams, () => 0)
  const decided = lines.findIndex((line) => line.id === route.ruleId)
  const seen = !said ? [] : decided < 0 ? lines : lines.slice(0, decided + 1)
  return {
    said,
    abstains: said ? abstains(said) : false,
    route,
    lines: said ? seen.map((line) => ({ id: line.id, fit: tryRule(line.when, said) })) : [],
  }
}
