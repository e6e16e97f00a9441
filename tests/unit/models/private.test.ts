/** Differentially private training: what is clipped, hidden and repeated, and that what comes of it still answers. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openTexts } from '@/models/base/keep'
import { Encoder } from '@/models/text/encode'
import { headAnswer } from '@/models/train/blend'
import { argmax } from '@/models/train/forward'
import { addClipped, descend } from '@/models/train/private-sgd'
import { SecretNoise } from '@/models/train/secret-noise'
import { readStart } from '@/models/train/start'
import { trainPrivately } from '@/models/train/train-privately'
import { CORPUS, fewIntents } from './small-model'

const start = readStart(join(CORPUS, '../bundle'))
const known = openTexts(CORPUS).slice(0, 400)
const length = (values: Float32Array) => Math.hypot(...values)

describe('noise', () => {
  it('follows from its key alone, and is normal', () => {
    const draws = (key: string) => {
      const noise = new SecretNoise(key)
      return Array.from({ length: 20_000 }, () => noise.normal())
    }
    const one = draws('a')
    expect(draws('a')).toEqual(one)
    expect(draws('b')).not.toEqual(one)
    const mean = one.reduce((sum, value) => sum + value, 0) / one.length
    const variance = one.reduce((sum, value) => sum + (value - mean) ** 2, 0) / one.length
    expect(Math.abs(mean)).toBeLessThan(0.03)
    expect(variance).toBeGreaterThan(0.96)
    expect(variance).toBeLessThan(1.04)
    expect(one.filter((value) => Math.abs(value) > 1.96).length / one.length).toBeCloseTo(0.05, 1)
  })

  it('chooses better candidates e^(ε·gain/range) times as often', () => {
    const noise = new SecretNoise('choose')
    const chosen = Array.from({ length: 20_000 }, () => noise.choose([0, 1], 1, 1))
    const share = chosen.filter((at) => at === 1).length / chosen.length
    expect(share).toBeCloseTo(Math.E / (1 + Math.E), 1)
  })
})

describe('private steps', () => {
  const line = Float32Array.from([3, -4, 12])
  const weights = new Float32Array(4 * 3)

  it("shorten every text's gradient to the clip, and leave shorter ones as they are", () => {
    const gradient = new Float32Array(12)
    addClipped(line, 1, weights, gradient, 3, 0.5)
    expect(length(gradient)).toBeCloseTo(0.5, 5)
    const whole = new Float32Array(12)
    addClipped(line, 1, weights, whole, 3, 1e9)
    expect(length(whole)).toBeGreaterThan(5)
    const short = new Float32Array(12)
    addClipped(line, 1, weights, short, 3, 100)
    expect([...short]).toEqual([...whole])
  })

  it('move the weights by noise of the promised size where there is nothing to learn', async () => {
    const none = { lines: [], targets: [] }
    const big = new Float32Array(2001 * 2)
    // One step, whole: the pace is 1, the size of a step at least 1.
    await descend(none, none, big, 2, { rate: 0.5, noise: 2, steps: 1, clip: 3, pace: 1 }, new SecretNoise('x'))
    const deviation = Math.sqrt(big.reduce((sum, value) => sum + value * value, 0) / big.length)
    expect(deviation).toBeGreaterThan(6 * 0.95)
    expect(deviation).toBeLessThan(6 * 1.05)
  })
})

describe('a private model', () => {
  const rows = fewIntents(['order_status', 'refund', 'password'])
  const [unseen, learned] = [0, 1].map((side) => rows.filter((_, at) => Math.min(1, at % 5) === side)) as [
    typeof rows,
    typeof rows,
  ]
  const wish = { epsilon: 8, key: 'test' }

  const bytesOf = ({ head }: Awaited<ReturnType<typeof trainPrivately>>) =>
    Buffer.concat(head.paths.flatMap(({ path }) => [path.table, path.out]).map((part) => Buffer.from(part.buffer)))
  const knownOf = ({ model, head }: Awaited<ReturnType<typeof trainPrivately>>) => {
    const encoder = new Encoder(model.vocabulary, model.spec)
    return unseen.filter(
      ({ text, label }) => head.labels[argmax(headAnswer(head, encoder.encode(text)).probabilities)] === label,
    ).length
  }

  it('reads the base alone, says what it spent, comes out the same again, and knows less the less it may spend', async () => {
    const one = await trainPrivately(learned, wish, start, known, { seed: 1 })
    const { privacy, model, head } = one
    expect(privacy).toMatchObject({ epsilon: 8, steps: 100, clip: 1 })
    expect(privacy.learned + privacy.lined).toBe(learned.length)
    expect(privacy.delta).toBeLessThan(1 / learned.length)
    expect(head.metrics).toEqual({})
    expect(model.vocabulary.hashes).toBe(start.vocabulary.hashes)
    expect(model.vocabulary.idf).toBe(start.vocabulary.idf)
    expect(knownOf(one) / unseen.length).toBeGreaterThan(0.8)
    const again = await trainPrivately(learned, wish, start, known, { seed: 1 })
    expect(bytesOf(again).equals(bytesOf(one))).toBe(true)
    const strict = await trainPrivately(learned, { epsilon: 0.1, key: 'other' }, start, known, { seed: 1 })
    expect(bytesOf(strict).equals(bytesOf(one))).toBe(false)
    expect(knownOf(strict)).toBeLessThan(knownOf(one))
  }, 60_000)
})
