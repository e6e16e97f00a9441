/** Reads an inference server's answer: a wrong shape, NaN or a word that is none is refused whole. */
import { sentiments, type Understanding, urgencies } from '../../core/ports'

export interface Answer {
  model_version?: unknown
  outputs: { name: string; data: unknown[] }[]
}

const probability = (value: unknown): number => {
  if (typeof value !== 'number' || !(value >= -1e-6 && value <= 1 + 1e-6))
    throw new Error('an answer holds a number that is no probability')
  return Math.min(1, Math.max(0, value))
}

/** Longer than any name of an intent, a language or a version. */
const longestWord = 200

/** A word that the database and the pages can hold: a message must not be refused for what the model called it. */
const word = (value: unknown): string => {
  if (typeof value !== 'string' || value.length > longestWord || value.includes('\0') || !value.isWellFormed())
    throw new Error('an answer holds a word that is none')
  return value
}

const oneOf = <W extends string>(known: readonly W[], value: unknown): W => {
  const found = known.find((each) => each === value)
  if (!found) throw new Error(`an answer holds a word that is none of ${known.join(', ')}`)
  return found
}

/** Checks an answer's form once and reads row by row; a wrong shape or NaN is refused whole. */
export function reader(answer: Answer, n: number): (row: number, latencyMs: number) => Understanding {
  const tensors = new Map(answer.outputs?.map((output) => [output.name, output.data]))
  const column = (name: string): unknown[] => {
    const data = tensors.get(name)
    if (!Array.isArray(data) || data.length !== n) throw new Error(`an answer lacks ${name} for ${n} texts`)
    return data
  }
  const [intent, intentP, inScope, sentiment, sentimentP, score, language, languageP, urgency, urgencyP] = [
    'intent',
    'intent_probability',
    'intent_in_scope',
    'sentiment',
    'sentiment_probability',
    'sentiment_score',
    'language',
    'language_probability',
    'urgency',
    'urgency_probability',
  ].map(column) as [
    unknown[],
    unknown[],
    unknown[],
    unknown[],
    unknown[],
    unknown[],
    unknown[],
    unknown[],
    unknown[],
    unknown[],
  ]
  const modelVersion = word(answer.model_version ?? 'unknown')
  return (row, latencyMs) => ({
    modelVersion,
    intent: word(intent[row]),
    intentProbability: probability(intentP[row]),
    inScope: Boolean(inScope[row]),
    sentiment: oneOf(sentiments, sentiment[row]),
    sentimentProbability: probability(sentimentP[row]),
    sentimentScore: Math.max(-1, Math.min(1, Number(score[row]) || 0)),
    language: word(language[row]),
    languageProbability: probability(languageP[row]),
    urgency: oneOf(urgencies, urgency[row]),
    urgencyProbability: probability(urgencyP[row]),
    latencyMs,
  })
}
