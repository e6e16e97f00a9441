/** Sentences of the shipped corpus that keep its intents known while an account's own are learned. */
import { OUT_OF_SCOPE } from '../evaluate/out-of-scope'
import type { LabelledText } from '../train/prepare'
import { generate, type Sentence } from './generate'

/**
 * So many sentences of each intent and language, from as many templates as possible; the same every time.
 * @param corpus folder of the corpus
 */
export function keptSentences(corpus: string, labels: readonly string[], perLabel: number): LabelledText[] {
  const wanted = new Set(labels)
  const byTemplate = new Map<string, Map<number, Sentence[]>>()
  for (const sentence of generate(corpus, 1).intents) {
    if (!wanted.has(sentence.intent)) continue
    const key = `${sentence.intent} ${sentence.language}`
    const templates = byTemplate.get(key) ?? new Map<number, Sentence[]>()
    byTemplate.set(key, templates.set(sentence.template, [...(templates.get(sentence.template) ?? []), sentence]))
  }
  return [...byTemplate.values()].flatMap((templates) => dealt([...templates.values()], perLabel)).map(asText)
}

/** Sentences about other things than a shop's, from templates that none of the kept ones came from. */
export function foreignTexts(corpus: string, kept: readonly LabelledText[]): string[] {
  const learned = new Set(kept.map(({ group }) => group))
  return generate(corpus, 1)
    .intents.filter(({ intent }) => intent === OUT_OF_SCOPE)
    .map(asText)
    .filter(({ group }) => !learned.has(group))
    .map(({ text }) => text)
}

/** Every eighth sentence of the corpus: how people write, without a word of anybody. */
export function openTexts(corpus: string): string[] {
  return generate(corpus, 1)
    .intents.filter((_, at) => at % 8 === 0)
    .map(({ text }) => text)
}

/** The first of each list, then the second of each, until there are enough. */
function dealt<T>(lists: readonly T[][], most: number): T[] {
  const longest = Math.max(0, ...lists.map((list) => list.length))
  const found: T[] = []
  for (let round = 0; round < longest && found.length < most; round++) {
    for (const list of lists) if (round < list.length && found.length < most) found.push(list[round] as T)
  }
  return found
}

const asText = ({ text, intent, template }: Sentence): LabelledText => ({
  text,
  label: intent,
  group: `corpus ${template}`,
})
