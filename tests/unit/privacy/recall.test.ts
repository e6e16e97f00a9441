/** How much of what says who somebody is gets masked, and how little else: thousands of made sentences per kind and language. */
import { expect, test } from 'vitest'
import { findPersonal, forLearning } from '@/lib/features/privacy/mask'
import { held } from '@/tests/kit/guarantee'
import { harmless, kinds, type Labelled, type Language, personal } from '@/tests/kit/personal/corpus'
import type { Kind } from '@/tests/kit/personal/sentences'

const perKind = 2_000
/** The kind that the masking gives to what the corpus calls so. */
const maskedAs = (kind: Kind): string => (kind === 'key' || kind === 'opaque' ? 'secret' : kind)

/** Wilson's lower bound of a share, 95 %: what so many tries can say for. */
function atLeast(hits: number, tries: number): number {
  const z = 1.96
  const share = hits / tries
  const middle = share + z ** 2 / (2 * tries)
  const spread = z * Math.sqrt((share * (1 - share) + z ** 2 / (4 * tries)) / tries)
  return (middle - spread) / (1 + z ** 2 / tries)
}

interface Score {
  marked: number
  hit: number
  found: number
  right: number
  /** A few of what went wrong, for the report of a failing run. */
  slips: string[]
}

function score(lines: readonly Labelled[], find = findPersonal): Map<string, Score> {
  const scores = new Map<string, Score>()
  const of = (kind: string) => {
    const known = scores.get(kind) ?? { marked: 0, hit: 0, found: 0, right: 0, slips: [] }
    scores.set(kind, known)
    return known
  }
  for (const { text, spans } of lines) {
    const got = find(text)
    for (const { kind, from, to } of spans) {
      const one = of(maskedAs(kind))
      one.marked++
      if (got.some((span) => span.from <= from && span.to >= to)) one.hit++
      else one.slips.push(`missed ${text.slice(from, to)} in: ${text}`)
    }
    for (const { kind, from, to } of got) {
      const one = of(kind)
      one.found++
      if (spans.some((span) => from < span.to && span.from < to)) one.right++
      else one.slips.push(`wrong ${text.slice(from, to)} in: ${text}`)
    }
  }
  return scores
}

const corpusOf = (language: Language, seed: number): Labelled[] => [
  ...kinds.flatMap((kind, at) => personal(kind, language, perKind, seed + at)),
  ...harmless(language, 2 * perKind, seed + 99),
]

test.each(['en', 'zh'] as const)(
  '%s: of every kind at least 99 % are masked, and at least 95 % of what is masked is right, by the lower bound of 2,000 each',
  (language) => {
    const scores = score(corpusOf(language, 4_711))
    const kindsSeen = new Set(kinds.map(maskedAs))
    expect([...kindsSeen].every((kind) => (scores.get(kind)?.marked ?? 0) >= perKind)).toBe(true)
    let [recall, precision] = [1, 1]
    for (const [kind, { marked, hit, found, right, slips }] of scores) {
      const seen = { kind, recall: hit / Math.max(1, marked), precision: right / found, slips: slips.slice(0, 5) }
      if (!kindsSeen.has(kind)) expect(right, JSON.stringify(seen)).toBeGreaterThanOrEqual(found * 0.95)
      else {
        expect(atLeast(hit, marked), JSON.stringify(seen)).toBeGreaterThanOrEqual(0.99)
        expect(atLeast(right, found), JSON.stringify(seen)).toBeGreaterThanOrEqual(0.95)
        recall = Math.min(recall, seen.recall)
        precision = Math.min(precision, seen.precision)
      }
    }
    const share = (one: number) => `${(Math.floor(one * 10_000) / 100).toFixed(2)} %`
    held(
      `8 masking, ${language}`,
      `${kinds.length * perKind} made spans of ${kinds.length} kinds: each ≥ ${share(recall)} masked, ≥ ${share(precision)} of what is masked right`,
    )
  },
)

test('the control: without a look at check digits and surroundings the same corpus fails', () => {
  const anyDigits = (text: string) =>
    [...text.matchAll(/\d[\d -]{5,}\d/g)].map(({ 0: what, index }) => ({
      kind: 'card' as const,
      from: index,
      to: index + what.length,
    }))
  const { found, right } = score(corpusOf('en', 1), anyDigits).get('card') as Score
  expect(atLeast(right, found)).toBeLessThan(0.95)
  const { hit, marked } = score(personal('phone', 'en', perKind, 1), anyDigits).get('phone') as Score
  expect(atLeast(hit, marked)).toBeLessThan(0.99)
})

test('names that nothing leads to stay readable: 0 % of them are masked, and exports hide them as rare words instead', () => {
  const sentences = ['Lindqvist ordered it', 'the box is for Xanthippe', '小明昨天收到了', '请让小丽处理一下']
  expect(sentences.flatMap((text) => findPersonal(text))).toEqual([])
})

test('names in small letters: 95 % at least where a usual word leads to a known one, fewer than half of unknown ones after "i am"', () => {
  const share = (lines: readonly Labelled[]) => {
    const { hit, marked } = score(lines).get('name') as Score
    return atLeast(hit, marked)
  }
  const small = personal('name', 'en', perKind, 5).map(({ text, spans }) => ({ text: text.toLowerCase(), spans }))
  expect(share(small.filter(({ text, spans }) => spans.every(({ to }) => to <= text.length)))).toBeGreaterThan(0.95)
  const unknown = ['Zbyszek', 'Thandiwe', 'Oluwaseun', 'Eirlys', 'Wafaa'].map((name) => ({
    text: `i am ${name.toLowerCase()} and my order is late`,
    spans: [{ kind: 'name' as const, from: 5, to: 5 + name.length }],
  }))
  expect((score(unknown).get('name') as Score).hit).toBeLessThan(unknown.length / 2)
})

test('what was masked for learning is masked for good: a second look changes nothing', () => {
  for (const language of ['en', 'zh'] as const)
    for (const kind of kinds)
      for (const { text } of personal(kind, language, 300, 8)) {
        const once = forLearning(text)
        expect(forLearning(once)).toBe(once)
      }
})
