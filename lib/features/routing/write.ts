/** Changes the account's routing table. */
import { createHash } from 'node:crypto'
import { AppError } from '../../core/errors'
import type { Ctx } from '../../platform/context'
import type { Tx } from '../../platform/db/in-account'
import { say } from '../../words/say'
import { forgetRouting } from './read'
import type { Rule, RuleConditions } from './rules'

export type StoredRule = Rule & { enabled: boolean }
export type RuleDraft = Omit<Rule, 'id'> & { id?: string | undefined; enabled: boolean }

/** Lines a new account starts with; they name no team, since none exists yet. */
const firstRules: { name: 'upsetAndUrgent' | 'upset'; when: RuleConditions; priority: Rule['priority'] }[] = [
  {
    name: 'upsetAndUrgent',
    when: { sentiments: ['negative'], urgencies: ['high'], minConfidence: 0.6 },
    priority: 'urgent',
  },
  { name: 'upset', when: { sentiments: ['negative'], minConfidence: 0.8 }, priority: 'high' },
]

/** Gives a new account its first lines, named in the language of whoever opens it. */
export async function seedRouting(tx: Tx, ctx: Ctx): Promise<void> {
  await tx.routingRule.createMany({
    data: firstRules.map((rule, position) => ({
      accountId: ctx.accountId,
      id: ctx.newId(),
      position,
      name: say(ctx.locale, 'routing', `first.${rule.name}`) ?? rule.name,
      when: rule.when as object,
      priority: rule.priority,
      assign: 'none',
    })),
  })
}

/** A table's mark: the same for the same lines in the same order. */
export const versionOf = (rules: readonly StoredRule[]): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        rules.map((r) => [r.id, r.name, r.enabled, Object.entries(r.when).sort(), r.teamId, r.priority, r.assign]),
      ),
    )
    .digest('base64url')
    .slice(0, 22)

/** All lines in order, switched-off ones too. */
export async function listRules(tx: Tx, ctx: Ctx): Promise<StoredRule[]> {
  const rows = await tx.routingRule.findMany({
    where: { accountId: ctx.accountId },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
  })
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    enabled: row.enabled,
    when: row.when as RuleConditions,
    teamId: row.teamId,
    priority: row.priority as Rule['priority'],
    assign: row.assign as Rule['assign'],
  }))
}

/**
 * Replaces the whole table, in the given order; a line that names a known id keeps it.
 * @throws conflict when `version` is given and the table is another by now
 */
export async function replaceRules(tx: Tx, ctx: Ctx, drafts: RuleDraft[], version?: string): Promise<void> {
  const { accountId } = ctx
  // Two replacements at once take turns; the second then sees the first's version.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('routing ' || ${accountId}, 0))`
  const before = await listRules(tx, ctx)
  if (version !== undefined && versionOf(before) !== version) throw new AppError('conflict')
  const teams = await tx.team.findMany({ where: { accountId }, select: { id: true } })
  const known = new Set(teams.map((team) => team.id))
  for (const draft of drafts)
    if (draft.teamId && !known.has(draft.teamId)) throw new AppError('invalid_input', { field: 'teamId' })
  const free = new Set(before.map((rule) => rule.id))
  await tx.routingRule.deleteMany({ where: { accountId } })
  await tx.routingRule.createMany({
    data: drafts.map((draft, position) => ({
      accountId,
      id: draft.id && free.delete(draft.id) ? draft.id : ctx.newId(),
      position,
      name: draft.name,
      enabled: draft.enabled,
      when: draft.when as object,
      teamId: draft.teamId,
      priority: draft.priority,
      assign: draft.assign,
    })),
  })
  forgetRouting(accountId)
}
