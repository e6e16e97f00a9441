/** The gate's edges: five points are allowed to the last text, and an equal model is not refused for the luck of small intents. */
import { expect, test } from 'vitest'
import { gateOf } from '@/lib/features/learning/gate'
import type { Judged } from '@/lib/features/learning/judge'
import { perClass } from '@/models/evaluate/metrics'

/** What the gate looks at, without the ranges that take long. */
function judged(truth: readonly number[], guesses: readonly number[], intents: number): Judged {
  const labels = Array.from({ length: intents }, (_, at) => `i${at}`)
  const each = perClass(truth, guesses, [...labels, '']).slice(0, intents)
  const macroF1 = each.reduce((sum, { f1 }) => sum + f1, 0) / intents
  return { texts: truth.length, macroF1, intents: each } as unknown as Judged
}

test('exactly five points less recall pass and one text more does not, whatever the number of texts', () => {
  const wrong: string[] = []
  for (let texts = 10; texts <= 200; texts++) {
    // Others keep the whole above the number that judges, and macro-F1 out of the question.
    const truth = [...Array<number>(texts).fill(0), ...Array<number>(4_000).fill(1)]
    const rightly = (right: number) => truth.map((intent, at) => (intent === 0 && at >= right ? 2 : intent))
    for (let before = 0; before <= texts; before++) {
      const champion = judged(truth, rightly(before), 2)
      for (const lost of [Math.floor(texts / 20), Math.floor(texts / 20) + 1]) {
        if (lost > before) continue
        const { faults } = gateOf(judged(truth, rightly(before - lost), 2), champion)
        const refused = faults.some(({ because }) => because === 'recall')
        if (refused !== lost * 20 > texts) wrong.push(`${before} less ${lost} of ${texts}`)
      }
    }
  }
  expect(wrong).toEqual([])
})

test('exactly a point less macro-F1 passes, and what is more does not', () => {
  const one = (macroF1: number) => ({ texts: 1_000, macroF1, intents: [] }) as unknown as Judged
  const wrong: string[] = []
  for (let hundredths = 1; hundredths <= 100; hundredths++) {
    const [before, after] = [hundredths / 100, (hundredths - 1) / 100]
    if (!gateOf(one(after), one(before)).passes) wrong.push(`${before} to ${after}`)
    if (gateOf(one(after - 1e-6), one(before)).passes) wrong.push(`${before} to less than ${after}`)
  }
  expect(wrong).toEqual([])
})
