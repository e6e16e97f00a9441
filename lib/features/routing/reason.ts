/** Why a conversation went where it went: the stored decision as a key of words and the facts they mention. */
import type { Evidence, Priority, Route } from './rules'

/** Keys of `routing.reason` in lib/words. */
export type ReasonKey = 'rule' | 'ruleUnsure' | 'catchAll' | 'abstained' | 'unlabelled' | 'default'

/** What became of it, each said only when the decision changed something. */
export interface Outcome {
  teamName: string | null
  assigneeId: string | null
  /** Null when the decision left the usual priority. */
  priority: Exclude<Priority, 'normal'> | null
}

export interface Reason {
  key: ReasonKey
  /** Facts of the sentence that need no translation. */
  facts: { line: string }
  /** The labels it rests on, the most probable first; their names are words of the reader's language. */
  evidence: Evidence[]
  outcome: Outcome
  needsPerson: boolean
}

function keyOf(route: Route): ReasonKey {
  if (route.because !== 'rule') return route.because
  if (!route.evidence.length) return route.needsPerson ? 'ruleUnsure' : 'catchAll'
  return route.needsPerson ? 'ruleUnsure' : 'rule'
}

/** "Negative 93 % and Refund 88 % → Billing, high priority": the parts of that sentence. */
export function reasonOf(route: Route): Reason {
  return {
    key: keyOf(route),
    facts: { line: route.ruleName ?? '' },
    evidence: [...route.evidence].sort((a, b) => b.probability - a.probability),
    outcome: {
      teamName: route.teamName,
      assigneeId: route.assigneeId,
      priority: route.priority === 'normal' ? null : route.priority,
    },
    needsPerson: route.needsPerson,
  }
}

/** A decision as it was stored, or null when the column holds something else (an older form, or none). */
export function readRoute(stored: unknown): Route | null {
  const route = stored as Route | null
  return route && typeof route === 'object' && typeof route.because === 'string' && Array.isArray(route.evidence)
    ? route
    : null
}
