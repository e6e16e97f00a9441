/** Changes the account's routing table. */
import { AppError } from '../../core/errors'
import type { Ctx } from '../../platform/context'
import type { Tx } from '../../platform/db/in-account'
import { forgetRouting } from './read'
import type { Rule, RuleConditions } from './rules'

export type RuleDraft = Omit<Rule, 'id'> & { enabled: boolean }

/** Lines a new account starts with; they name no team, since none exists yet. */
const firstRules: { name: string; when: RuleConditions; priority: Rule['priority'] }[] = [
  {
    name: 'Upset and urgent',
    when: { sentiments: ['negative'], urgencies: ['high'], minConfidence: 0.6 },
    priority: 'urgent',
  },
  { name: 'Upset', when: { sentiments: ['negative'], minConfidence: 0.8 }, priority: 'high' },
]

/** Gives a new account its first lines. */
export async function seedRouting(tx: Tx, ctx: Ctx): Promise<void> {
  await tx.routingRule.createMany({
    data: firstRules.map((rule, position) => ({
      accountId: ctx.accountId,
      id: ctx.newId(),
      position,
      name: rule.name,
      when: rule.when as object,
      priority: rule.priority,
      assign: 'none',
    })),
  })
}

/** Replaces the whole table, in the given order. */
export async function replaceRules(tx: Tx, ctx: Ctx, drafts: RuleDraft[]): Promise<void> {
  const teams = new Set((await tx.team.findMany({ select: { id: true } })).map((team) => team.id))
  for (const draft of drafts)
    if (draft.teamId && !teams.has(draft.teamId)) throw new AppError('invalid_input', { field: 'teamId' })
  await tx.routingRule.deleteMany({})
  await tx.routingRule.createMany({
    data: drafts.map((draft, position) => ({
      accountId: ctx.accountId,
      id: ctx.newId(),
      position,
      name: draft.name,
      enabled: draft.enabled,
      when: draft.when as object,
      teamId: draft.teamId,
      priority: draft.priority,
      assign: draft.assign,
    })),
  })
  forgetRouting(ctx.accountId)
}
