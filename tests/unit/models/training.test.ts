/** Training: the same seed gives the same weights, data faults are handled, it can be stopped, it beats the floor. */
import { describe, expect, it } from 'vitest'
import { generate } from '@/models/base/generate'
import { falls, learningCurve, shots } from '@/models/evaluate/learning-curve'
import { accuracy } from '@/models/evaluate/metrics'
import { cleanText } from '@/models/text/clean'
import { Encoder } from '@/models/text/encode'
import { headAnswer } from '@/models/train/blend'
import { argmax } from '@/models/train/forward'
import { classBalance, prepare, rowsOf } from '@/models/train/prepare'
import { linearPath } from '@/models/train/recipe'
import { NotEnoughData, trainModel } from '@/models/train/train-model'
import { floorBaseline } from './floor-baseline'
import { CORPUS, fewIntents, smallModel, smallRecipe } from './small-model'

const guesses = (trained: Awaited<ReturnType<typeof smallModel>>, texts: readonly string[]) => {
  const { model, head } = trained
  const encoder = new Encoder(model.vocabulary, model.spec)
  return texts.map((text) => head.labels[argmax(headAnswer(head, encoder.encode(text)).probabilities)] as string)
}

describe('training', () => {
  it('gives the same weights for the same seed, others for another', async () => {
    const [one, again, other] = [await smallModel(1), await smallModel(1), await smallModel(2)]
    const weights = (trained: typeof one) => trained.head.paths.map(({ path, scale }) => ({ ...path, scale }))
    expect(weights(again)).toEqual(weights(one))
    expect(weights(other)).not.toEqual(weights(one))
  }, 120_000)

  it('learns sentences it did not see', async () => {
    const trained = await smallModel()
    const cases = [
      ['where is my parcel', 'order_status'],
      ['查一下我的快递', 'order_status'],
      ['I want my money back', 'refund'],
      ['麻烦给我退款', 'refund'],
      ['忘记密码怎么办', 'password'],
      ['how do I reset the password', 'password'],
    ] as const
    const right = guesses(
      trained,
      cases.map(([text]) => text),
    ).map((label, at) => label === cases[at]?.[1])
    expect(right).toEqual(cases.map(() => true))
    expect(trained.head.metrics.accuracy).toBeGreaterThan(0.8)
  }, 60_000)

  it('reports progress that only grows, and ends at 1', async () => {
    const seen: number[] = []
    await trainModel(fewIntents(), { seed: 1, recipe: smallRecipe(), onProgress: ({ done }) => seen.push(done) })
    expect(seen.at(-1)).toBeCloseTo(1, 9)
    expect([...seen].sort((a, b) => a - b)).toEqual(seen)
  })

  it('stops when asked and when out of time', async () => {
    const cancel = new AbortController()
    const asked = trainModel(fewIntents(), {
      seed: 1,
      recipe: smallRecipe(),
      signal: cancel.signal,
      onProgress: () => cancel.abort(),
    })
    await expect(asked).rejects.toMatchObject({ reason: 'cancelled' })
    const late = trainModel(fewIntents(), { seed: 1, recipe: smallRecipe(), budgetMs: 0.001 })
    await expect(late).rejects.toMatchObject({ reason: 'out_of_time' })
  })

  it('refuses a single label', async () => {
    const rows = [
      { text: 'a', label: 'x' },
      { text: 'b', label: 'x' },
    ]
    await expect(trainModel(rows, { seed: 1 })).rejects.toThrow(NotEnoughData)
  })
})

describe('more data', () => {
  it('never makes it worse: 3 → 10 → all examples per intent', async () => {
    const rows = fewIntents(['order_status', 'refund', 'password', 'invoice', 'thanks'])
    const test = rows.filter((_, at) => at % 4 === 0)
    const pool = rows.filter((_, at) => at % 4 !== 0)
    const points = await learningCurve(pool, [3, 10, null], async (train) => {
      const trained = await trainModel(train, { seed: 1, recipe: smallRecipe(), dev: train })
      const labels = guesses(
        trained,
        test.map(({ text }) => text),
      )
      return labels.filter((label, at) => label === test[at]?.label).length / test.length
    })
    expect(falls(points)).toEqual([])
    expect(points[0]?.rows).toBe(15)
    const ten = new Set(shots(pool, 10))
    expect(shots(pool, 3).every((row) => ten.has(row))).toBe(true)
  }, 60_000)
})

describe('learning from messages without labels', () => {
  it('never answers held-out texts worse than the labels alone', async () => {
    const rows = fewIntents(['order_status', 'refund', 'password', 'invoice'])
    const dev = rows.filter((_, at) => at % 3 === 0)
    const pool = rows.filter((_, at) => at % 3 !== 0)
    const few = shots(pool, 5)
    const log = pool.map(({ text }) => ({ text }))
    const alone = await trainModel(few, { seed: 1, dev })
    const together = await trainModel(few, { seed: 1, dev, unlabelled: log })
    expect(together.head.metrics.accuracy).toBeGreaterThan((alone.head.metrics.accuracy as number) - 0.05)
    expect(together.model.vocabulary.hashes.length).toBeGreaterThan(alone.model.vocabulary.hashes.length)
  }, 120_000)

  it('leaves labelled and held-out texts that the log holds as well to their labels', async () => {
    const rows = fewIntents(['order_status', 'refund'])
    const dev = rows.filter((_, at) => at % 3 === 0)
    const pool = shots(
      rows.filter((_, at) => at % 3 !== 0),
      5,
    )
    const log = [...pool, ...dev].map(({ text }) => ({ text: text.toUpperCase() }))
    const [alone, together] = [
      await trainModel(pool, { seed: 1, dev }),
      await trainModel(pool, { seed: 1, dev, unlabelled: log }),
    ]
    expect(together.head.paths).toEqual(alone.head.paths)
  }, 60_000)
})

describe('texts that were held out', () => {
  it('teach once they have tuned, where they were only carved out', async () => {
    const rows = fewIntents(['order_status', 'refund'])
    const dev = [
      ...rows.filter((_, at) => at % 4 === 0),
      ...['gribbit now', 'a gribbit', 'gribbit?', 'my gribbit'].map((text) => ({ text, label: 'order_status' })),
    ]
    const train = rows.filter((_, at) => at % 4 !== 0)
    dev.push({ text: 'wabble the flux', label: 'seen_once' })
    const answer = async (devTeaches: boolean) => {
      const trained = await trainModel(train, { seed: 1, recipe: smallRecipe(), dev, devTeaches })
      const encoder = new Encoder(trained.model.vocabulary, trained.model.spec)
      const { probabilities } = headAnswer(trained.head, encoder.encode('gribbit'))
      // A label whose only text was carved out is one as well.
      expect(trained.head.labels.includes('seen_once')).toBe(devTeaches)
      return probabilities[trained.head.labels.indexOf('order_status')] as number
    }
    expect(await answer(true)).toBeGreaterThan(0.2 + (await answer(false)))
  }, 60_000)
})

describe('preparing', () => {
  it('merges repeats and settles contradictions by majority', () => {
    const prepared = prepare([
      { text: 'Refund me', label: 'refund' },
      { text: 'refund ME', label: 'refund' },
      { text: 'REFUND me', label: 'complaint' },
      { text: 'hello', label: 'greeting' },
    ])
    expect(prepared.texts).toHaveLength(2)
    expect(prepared.labels).toEqual(['refund', 'greeting'])
    expect(prepared).toMatchObject({ repeats: 2, contradictions: 1 })
  })

  it('says of a text with two labels the row that has the one it got, and none of what is no row', () => {
    const rows = ['refund', 'refund', 'greeting'].map((label) => ({ text: 'I want it back', label }))
    rows.push({ text: 'hello', label: 'greeting' })
    const kept = { text: 'bye', label: 'greeting' }
    const prepared = prepare([...rows, kept])
    const rowOf = rowsOf(rows, prepared)
    const found = prepared.texts.map((text, at) => [text, rowOf(at)] as const)
    for (const [text, row] of found.slice(0, -1)) expect(cleanText(rows[row ?? -1]?.text ?? '')).toBe(cleanText(text))
    expect(found.map(([, row]) => rows[row ?? -1]?.label)).toEqual([...prepared.labels.slice(0, -1), undefined])
  })

  it('lifts rare classes and keeps the mean weight at 1', () => {
    const weights = classBalance([0, 0, 0, 0, 0, 0, 0, 0, 1], 2)
    expect(weights[8]).toBeGreaterThan(2 * (weights[0] as number))
    expect(weights.reduce((sum, weight) => sum + weight, 0) / 9).toBeCloseTo(1, 5)
  })
})

describe('the floor', () => {
  it('an Embedding → Flatten → Dense sigmoid network on 1,000 reviews is beaten on the same data', async () => {
    const { feelings } = generate(CORPUS, 1)
    const polar = feelings.filter(({ sentiment }) => sentiment !== 'neutral')
    // Whole templates are held out, so that no wording of a test sentence was seen.
    const train = polar.filter(({ template }) => template % 4 !== 0)
    const test = polar.filter(({ template }) => template % 4 === 0).filter((_, at) => at % 4 === 0)
    const some = train.filter((_, at) => at % Math.ceil(train.length / 1000) === 0)
    const truth = test.map(({ sentiment }) => (sentiment === 'positive' ? 1 : 0))
    const floor = await floorBaseline(
      some.map(({ text, sentiment }) => ({ text: cleanText(text), positive: sentiment === 'positive' })),
      test.map(({ text }) => cleanText(text)),
    )
    const trained = await trainModel(
      some.map(({ text, sentiment }) => ({ text, label: sentiment })),
      {
        seed: 1,
        recipe: { ...smallRecipe(), paths: [linearPath(1, { epochs: 8, featureDropout: 0.6 })] },
      },
    )
    const own = guesses(
      trained,
      test.map(({ text }) => text),
    ).map((label) => (label === 'positive' ? 1 : 0))
    const [ours, theirs] = [accuracy(truth, own), accuracy(truth, floor)]
    expect(theirs).toBeGreaterThan(0.5)
    expect(ours).toBeGreaterThan(theirs + 0.03)
  }, 180_000)
})
