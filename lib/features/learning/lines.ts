/** What asking for more certainty would do: fewer messages handled without a person, more of them right. Pure. */
import { lines } from '@/lib/core/learning'
import type { Names } from './champion'
import type { Answer, Judged } from './judge'

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

/** Of each intent that a model takes held-out texts for: how sure it is in whole percent, of how many texts, and how many of those are right. */
export type Sureness = Record<string, [percent: number, texts: number, right: number][]>

/** Kept with a report, so that lines which are saved later need no answers. What lies outside what the model knows is in none of them. */
export function surenessOf(truth: readonly string[], answers: readonly Answer[]): Sureness {
  const found = new Map<string, Map<number, [number, number]>>()
  for (const [at, { intent, intentProbability, inScope }] of answers.entries()) {
    if (!inScope) continue
    const mine = found.get(intent) ?? new Map<number, [number, number]>()
    const percent = Math.floor(intentProbability * 100 + 1e-9)
    const [texts, right] = mine.get(percent) ?? [0, 0]
    found.set(intent, mine.set(percent, [texts + 1, right + (truth[at] === intent ? 1 : 0)]))
  }
  return Object.fromEntries(
    [...found].map(([intent, mine]) => [intent, [...mine].map(([percent, [texts, right]]) => [percent, texts, right])]),
  )
}

/** How much of the held-out texts a model dares to label by the lines of now, and how much of that is right. */
export function daresNow(sureness: Sureness, of: number, names: Names): Pick<Judged, 'unsure' | 'accuracyWhenSure'> {
  let [sure, right] = [0, 0]
  for (const [key, shares] of Object.entries(sureness)) {
    const intent = names.merged.get(key) ?? key
    if (names.aside.has(intent)) continue
    const line = Math.max(lines.least, names.lines.get(intent) ?? 0)
    for (const [percent, texts, rightly] of shares)
      if (percent >= Math.round(line * 100)) {
        sure += texts
        right += rightly
      }
  }
  return { unsure: of ? 1 - sure / of : 0, accuracyWhenSure: sure ? right / sure : 0 }
}
