/** Where a message goes and why: pure rules over what the model said and who is there. */
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
export const abstainBelow = 0.5
/** Probability a line asks for when it names none. */
const usualConfidence = 0.6

/** True when the model does not dare to say what the message is about. */
export const abstains = (said: Understanding): boolean => !said.inScope || said.intentProbability < abstainBelow

function weigh(conditions: RuleConditions, said: Understanding): Evidence[] | null {
  const asked: [Evidence['field'], string[] | undefined, string, number][] = [
    ['intent', conditions.intents, said.intent, said.inScope ? said.intentProbability : 0],
    ['sentiment', conditions.sentiments, said.sentiment, said.sentimentProbability],
    ['language', conditions.languages, said.language, said.languageProbability],
    ['urgency', conditions.urgencies, said.urgency, said.urgencyProbability],
  ]
  const least = conditions.minConfidence ?? usualConfidence
  const evidence: Evidence[] = []
  for (const [field, wanted, label, probability] of asked) {
    if (!wanted?.length) continue
    if (!wanted.includes(label) || probability < least) return null
    evidence.push({ field, label, probability })
  }
  return evidence
}

/**
 * The first line that fits decides. Unsure models send to a person, marked so.
 * @param turn counts assignments; the same turn gives the same agent (round robin)
 */
export function decideRoute(
  said: Understanding | null,
  rules: readonly Rule[],
  teams: readonly Team[],
  turn: number,
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
    const evidence = weigh(rule.when, said)
    // A line that asks nothing of the model is the account's own catch-all and needs no confidence.
    if (!evidence) continue
    const team = teams.find((each) => each.id === rule.teamId)
    const online = team?.online ?? []
    return {
      ruleId: rule.id,
      ruleName: rule.name,
      because: 'rule',
      evidence,
      teamId: team?.id ?? null,
      teamName: team?.name ?? null,
      assigneeId: rule.assign === 'round_robin' && online.length ? (online[turn % online.length] ?? null) : null,
      priority: rule.priority ?? 'normal',
      needsPerson: unsure && !evidence.some((each) => each.field === 'intent'),
    }
  }
  const intent: Evidence = { field: 'intent', label: said.intent, probability: said.intentProbability }
  return { ...nobody, because: unsure ? 'abstained' : 'default', evidence: [intent], needsPerson: unsure }
}
