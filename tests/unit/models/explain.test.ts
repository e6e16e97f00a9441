/** Explanations add up: start and words make the score that the model gives. */
import { beforeAll, describe, expect, it } from 'vitest'
import { type Explainable, explain } from '@/models/explain/explain'
import { nearest } from '@/models/explain/nearest'
import type { Head } from '@/models/model'
import { Encoder, type SparseText } from '@/models/text/encode'
import { fewIntents, smallModel } from './small-model'

let model: Explainable

beforeAll(async () => {
  const trained = await smallModel()
  model = { ...trained.model, head: trained.head }
}, 60_000)

/** The head's own mathematics, apart from any explanation; in doubles, since single precision itself carries 1e-6. */
function logitsInDoubles(head: Head, text: SparseText): number[] {
  const mixed = head.labels.map(() => 0)
  for (const { path, scale } of head.paths) {
    const sums = [...path.bias]
    for (const [at, row] of text.rows.entries())
      for (let d = 0; d < path.width; d++)
        sums[d] = (sums[d] as number) + (text.weights[at] as number) * (path.table[row * path.width + d] as number)
    for (const [c, start] of head.labels.map((_, at) => path.outBias[at] ?? 0).entries()) {
      const hidden = sums.reduce(
        (sum, value, d) => sum + Math.max(0, value) * (path.out[d * path.classes + c] ?? 0),
        start,
      )
      mixed[c] = (mixed[c] as number) + scale * (path.hidden ? hidden : (sums[c] as number))
    }
  }
  return mixed
}

describe('explanations', () => {
  it.each(['Where is my order?', '我要退款，太慢了!', 'please reset my password 😡 退款', 'hi', ''])(
    'of %j add up within 1e-6',
    (text) => {
      const why = explain(model, text)
      const encoded = new Encoder(model.vocabulary, model.spec).encode(text)
      const logits = logitsInDoubles(model.head, encoded)
      const at = (label: string) => logits[model.head.labels.indexOf(label)] as number
      const sum = why.words.reduce((total, word) => total + word.weight, why.start)
      expect(Math.abs(sum - (at(why.label) - at(why.against)))).toBeLessThan(1e-6)
      expect(why.score).toBe(sum)
      expect(why.together).toBe(0)
    },
  )

  it('name the words that decide', () => {
    const why = explain(model, 'I forgot my password')
    const strongest = [...why.words].sort((a, b) => b.weight - a.weight)[0]
    expect(why.label).toBe('password')
    expect(['password', 'forgot']).toContain(strongest?.text)
    const zh = explain(model, '我要退款')
    expect(zh.words.find(({ text }) => text === '退款')?.weight).toBeGreaterThan(0)
  })

  it('answer for a label that was asked for', () => {
    const why = explain(model, 'refund', { label: 'greeting', against: 'refund' })
    expect(why.score).toBeLessThan(0)
  })
})

describe('nearest examples', () => {
  it('finds the same sentence first', () => {
    const rows = fewIntents()
    const encoder = new Encoder(model.vocabulary, model.spec)
    const encoded = rows.map(({ text }) => encoder.encode(text))
    const [first, second] = nearest(encoder, (rows[5] as { text: string }).text, encoded)
    expect(first?.similarity).toBeCloseTo(1, 4)
    expect((second?.similarity ?? 0) <= (first?.similarity ?? 0)).toBe(true)
  })
})
