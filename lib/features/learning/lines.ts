/** What asking for more certainty would do: fewer messages handled without a person, more of them right. Pure. */
import type { Answer } from './judge'

/** A held-out text: what people said, and what the version says. */
export interface AnsweredText {
  truth: string
  version: Answer
}

export interface LineFigures {
  /** Texts that the model takes for it, and those of them it would handle without a person. */
  of: number
  handled: number
  /** Share of the handled ones that are right; null where none is handled. */
  precision: number | null
  /** Share of the texts that people say are it which are handled and right; null where there are none. */
  recall: number | null
}

/** @param intent of one intent alone; null: of all */
export function figuresAt(texts: readonly AnsweredText[], line: number, intent: string | null): LineFigures {
  const taken = texts.filter(({ version }) => intent === null || version.intent === intent)
  const meant = texts.filter(({ truth }) => intent === null || truth === intent).length
  const handled = taken.filter(({ version }) => version.inScope && version.intentProbability >= line)
  const right = handled.filter(({ truth, version }) => version.intent === truth).length
  return {
    of: taken.length,
    handled: handled.length,
    precision: handled.length ? right / handled.length : null,
    recall: meant ? right / meant : null,
  }
}
