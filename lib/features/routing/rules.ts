/** Where a message goes and why: pure rules over what the model said and who is there. */
import { abstains, lines } from '../../core/learning'
import type { Understanding } from '../../core/ports'

export const priorities = ['low', 'normal', 'high', 'urgent'] as const
export type Priority = (typeof priorities)[number]

/** Conditions of one line; an absent list asks nothing. */
export interface RuleConditions {
  intents?: string[] | undefined
  sentiments?: string[] | undefined
  languages?: string[] | undefined
  urgencies?: string[] | undefined
  /** Every label the line asks about must be at least this probable, 0..1. */
  minConfidence?: number | undefined
}

export interface Rule {
  id: string
  name: string
  when: RuleConditions
  teamId: string | null
  priority: Priority | null
  assign: 'round_robin' | 'none'
}

export interface Team {
  id: string
  name: string
  /** Members who are there to take work, in a stable order. */
  online: string[]
}

/** One label that a decision rests on. */
export interface Evidence {
  field: 'intent' | 'sentiment' | 'language' | 'urgency'
  label: string
  probability: number
}

/** The decision as stored on the conversation and shown beside it. */
export interface Route {
  ruleId: string | null
  ruleName: string | null
  /** rule: a line matched · abstained: the model was not sure · unlabelled: no answer in time · default: no line matched */
  because: 'rule' | 'abstained' | 'unlabelled' | 'default'
  evidence: Evidence[]
  teamId: string | null
  teamName: string | null
  assigneeId: string | null
  priority: Priority
  needsPerson: boolean
}

/** Below this calibrated probability of the intent the model abstains and a person decides. */
export const abstainBelow = lines.least
/** Probability a line asks for when it names none. */
export const usualConfidence = 0.6

/** What one line makes of a message: the labels it rests on, or the first one that keeps it from matching. */
export type Fit = { matches: true; evidence: Evidence[] } | { matches: false; missed: Evidence; least: number }

/** Least probability that a line may ask for: below it the model abstains anyway. */
export const leastConfidence = abstainBelow

/** Tries one line. An intent the model abstains on counts for nothing, whatever the line asks for. */
export function tryRule(conditions: RuleConditions, said: Understanding): Fit {
  const asked: [Evidence['field'], string[] | undefined, string, number][] = [
    ['intent', conditions.intents, said.intent, abstains(said) ? 0 : said.intentProbability],
    ['sentiment', conditions.sentiments, said.sentiment, said.sentimentProbability],
    ['language', conditions.languages, said.language, said.languageProbability],
    ['urgency', conditions.urgencies, said.urgency, said.urgencyProbability],
  ]
  const least = conditions.minConfidence ?? usualConfidence
  const evidence: Evidence[] = []
  for (const [field, wanted, label, probability] of asked) {
    if (!wanted?.length) continue
    const found: Evidence = { field, label, probability }
    const unheard = field === 'intent' && abstains(said)
    if (unheard || !wanted.includes(label) || probability < least) return { matches: false, missed: found, least }
    evidence.push(found)
  }
  return { matches: true, evidence }
}

/** A team's turn is only taken when somebody is there to take the work. */
const pick = (online: readonly string[], turn: (teamId: string) => number, teamId: string): string | null =>
  online.length ? (online[turn(teamId) % online.length] ?? null) : null

/**
 * The first line that fits decides. Unsure models send to a person, marked so.
 * @param turn the next turn of a team, counting its assignments: the same turn gives the same agent (round robin)
 */
export function decideRoute(
  said: Understanding | null,
  rules: readonly Rule[],
  teams: readonly Team[],
  turn: (teamId: string) => number,
): Route {
  const nobody = {
    ruleId: null,
    ruleName: null,
    evidence: [],
    teamId: null,
    teamName: null,
    assigneeId: null,
    priority: 'normal' as Priority,
  }
  if (!said) return { ...nobody, because: 'unlabelled', needsPerson: true }
  const unsure = abstains(said)
  for (const rule of rules) {
    // A line that asks nothing of the model is the account's own catch-all and needs no confidence.
    const fit = tryRule(rule.when, said)
    if (!fit.matches) continue
    const team = teams.find((each) => each.id === rule.teamId)
    const online = team?.online ?? []
    return {
      ruleId: rule.id,
      ruleName: rule.name,
      because: 'rule',
      evidence: fit.evidence,
      teamId: team?.id ?? null,
      teamName: team?.name ?? null,
      assigneeId: team && rule.assign === 'round_robin' ? pick(online, turn, team.id) : null,
      priority: rule.priority ?? 'normal',
      needsPerson: unsure,
    }
  }
  const intent: Evidence = { field: 'intent', label: said.intent, probability: said.intentProbability }
  return { ...nobody, because: unsure ? 'abstained' : 'default', evidence: [intent], needsPerson: unsure }
}
