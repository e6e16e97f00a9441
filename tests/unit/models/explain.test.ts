/** Explanations add up: start and words make the score that the model gives. */
import { beforeAll, describe, expect, it } from 'vitest'
import { type Explainable, explain } from '@/models/explain/explain'
import { nearest } from '@/models/explain/nearest'
import { Encoder } from '@/models/text/encode'
import { pathLogits } from '@/models/train/forward'
import { fewIntents, smallModel } from './small-model'

let model: Explainable

beforeAll(async () => {
  const trained = await smallModel()
  model = { ...trained.model, head: trained.head }
}, 60_000)

describe('explanations', () => {
  it.each(['Where is my order?', '我要退款，太慢了!', 'please reset my password 😡 退款', 'hi', ''])(
    'of %j add up within 1e-6',
    (text) => {
      const why = explain(model, text)
      const encoded = new Encoder(model.vocabulary, model.spec).encode(text)
      const at = (label: string) => model.head.labels.indexOf(label)
      let score = 0
      for (const { path, scale } of model.head.paths) {
        // In doubles: the single-precision logits themselves carry 1e-6.
        const logits = pathLogits(path, encoded)
        score += scale * ((logits[at(why.label)] as number) - (logits[at(why.against)] as number))
      }
      const sum = why.words.reduce((total, word) => total + word.weight, why.start)
      expect(Math.abs(sum - why.score)).toBeLessThan(1e-6)
      expect(Math.abs(sum - score)).toBeLessThan(2e-5)
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
