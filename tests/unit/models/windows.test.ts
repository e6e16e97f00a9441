/** Windows over signs in order: which signs are read and known, what is pooled and learned, and where the recipe takes them. */
import { beforeAll, describe, expect, it } from 'vitest'
import { cleanText } from '@/models/text/clean'
import { Encoder } from '@/models/text/encode'
import { FEATURES, FeatureBuffer, MOST_SIGNS, readFeatures } from '@/models/text/features'
import { FEWEST_PEOPLE, fitVocabulary, Vocabulary } from '@/models/text/vocabulary'
import { blend } from '@/models/train/blend'
import { pack } from '@/models/train/examples'
import { pathLogits } from '@/models/train/forward'
import { prepare } from '@/models/train/prepare'
import { Random } from '@/models/train/random'
import { chooseRecipe } from '@/models/train/recipe'
import type { TrainedModel } from '@/models/train/train-model'
import { WindowLayer } from '@/models/train/window-layer'
import { NOWHERE, pool } from '@/models/train/windows'
import { fewIntents, smallWindows } from './small-model'

const signs = { maximumSize: 2_000, ngrams: 1, room: 20_000 }
const rows = fewIntents()
const NO_ROWS = { rows: new Int32Array(0), weights: new Float32Array(0) }
const asked = rows.filter((_, at) => at % 6 === 0)

let trained: TrainedModel
beforeAll(async () => {
  trained = await smallWindows()
}, 60_000)

/** The signs of a text, as they stand in it. */
function signsOf(raw: string): string[] {
  const text = cleanText(raw)
  const buffer = new FeatureBuffer()
  readFeatures(text, FEATURES, buffer)
  return Array.from({ length: buffer.signs }, (_, at) => text.slice(buffer.signStart[at], buffer.signEnd[at]))
}

describe('signs', () => {
  it('are words, ideographs and marks, by one rule for both languages', () => {
    expect(signsOf('I want my money back, now!!')).toEqual(['i', 'want', 'my', 'money', 'back', ',', 'now', '!', '!'])
    expect(signsOf('我要退款，谢谢 😡')).toEqual(['我', '要', '退', '款', ',', '谢', '谢', '😡'])
    expect(signsOf('我的order到哪了𠮷')).toEqual(['我', '的', 'order', '到', '哪', '了', '𠮷'])
    expect(signsOf('')).toEqual([])
    expect(signsOf('退'.repeat(900).replaceAll('退退', '退款'))).toHaveLength(MOST_SIGNS)
  })

  it('enter the vocabulary where five people wrote them, or nobody outside', () => {
    const wrote = [
      ...Array.from({ length: FEWEST_PEOPLE - 1 }, (_, at) => ({ text: `zanzibar ${at}`, person: `p${at}` })),
      ...Array.from({ length: FEWEST_PEOPLE }, (_, at) => ({ text: `harbour ${at}`, person: `p${at}` })),
      { text: 'lighthouse' },
    ]
    const { texts, groups, people } = prepare(wrote.map((row) => ({ ...row, label: 'a' })))
    const limits = { minimumGroups: 1, maximumSize: 100, buckets: 0, signs }
    const vocabulary = fitVocabulary(texts.map(cleanText), FEATURES, limits, groups, undefined, people)
    const encoder = new Encoder(vocabulary, FEATURES)
    const known = (word: string) => (encoder.encode(word).signs?.[0] ?? 0) > 1
    expect(['zanzibar', 'harbour', 'lighthouse', 'never'].map(known)).toEqual([false, true, true, false])
  })

  it('take the room of n-grams, at most their own', () => {
    const texts = asked.map(({ text }) => cleanText(text))
    const limits = { minimumGroups: 1, maximumSize: 500, buckets: 0 }
    const few = fitVocabulary(texts, FEATURES, { ...limits, signs: { maximumSize: 30, ngrams: 10, room: 600 } })
    expect(few.signs).toHaveLength(30)
    expect(few.hashes).toHaveLength(300)
    expect(few.signRows).toBe(32)
    const again = Vocabulary.fromBytes(few.toBytes())
    expect(again).toEqual(few)
    expect(() => Vocabulary.fromBytes(few.toBytes().subarray(0, -4))).toThrow('wrong length')
    const none = fitVocabulary(texts, FEATURES, limits)
    expect(none.signs).toBeUndefined()
    expect(Vocabulary.fromBytes(none.toBytes())).toEqual(none)
  })
})

describe('the pool', () => {
  it('takes the most of all windows, over both ends of the text, and never less than nothing', () => {
    // One column; places: (1) | (2: first, second). Signs: padding, unknown, a, b.
    const table = Float32Array.of(0, 0, 0, 0, 0, 0, 1, 5, -1, -2, -1, 3)
    const [most, where] = [new Float32Array(2), new Int32Array(2)]
    pool({ windows: 2, hidden: 2, table }, Int32Array.of(2, 3), most, where)
    expect([...most, ...where]).toEqual([1, 8, 0, 0])
    pool({ windows: 2, hidden: 2, table }, Int32Array.of(3), most, where)
    expect([...most, ...where]).toEqual([0, 3, NOWHERE, -1])
    pool({ windows: 2, hidden: 2, table }, Int32Array.of(), most, where)
    expect([...most, ...where]).toEqual([0, 0, NOWHERE, NOWHERE])
  })
})

describe('the layer', () => {
  it('moves the signs of the windows that won, against the gradient, and nothing else', () => {
    const layer = new WindowLayer(5, { windows: 2, hidden: 2 }, 0, new Random(1))
    layer.table.set([1, 5, -1, -2, -1, 3, 0, 0, 0], 6)
    const before = layer.table.slice()
    const examples = pack([{ ...NO_ROWS, signs: Int32Array.of(2, 3) }])
    expect([...layer.forward(examples, Int32Array.of(0))]).toEqual([1, 8])
    layer.backward(Float32Array.of(0.5, -0.5), 1, 0.1, 0)
    // Of the narrow window the sign at its only place; of the wide one both, at theirs.
    const moved = [...layer.table].map((value, at) => Math.round(10 * (value - (before[at] as number))) / 10)
    expect(moved).toEqual([0, 0, 0, 0, 0, 0, -0.1, 0.1, 0, 0, 0, 0.1, 0, 0, 0])
    expect(() => new WindowLayer(0, { windows: 2, hidden: 2 }, 0, new Random(1))).toThrow('knows no signs')
  })
})

describe('a path of windows', () => {
  it('learns, by itself, sentences that it did not see', () => {
    const path = trained.head.paths[2]?.path
    const encoder = new Encoder(trained.model.vocabulary, trained.model.spec)
    const right = asked.filter(({ text, label }) => {
      const logits = pathLogits(path as NonNullable<typeof path>, encoder.encode(text))
      return trained.head.labels[logits.indexOf(Math.max(...logits))] === label
    })
    expect(right.length / asked.length).toBeGreaterThan(0.8)
  })

  it('has the same weights for the same seed, others for another', async () => {
    const [again, other] = [await smallWindows(), await smallWindows(2)]
    const weights = ({ head }: TrainedModel) => head.paths[2]
    expect(weights(again)).toEqual(weights(trained))
    expect(weights(other)).not.toEqual(weights(trained))
  }, 60_000)

  it('says nothing of how familiar a text is', () => {
    const { labels, paths } = trained.head
    const flat = new Float32Array(labels.length)
    const loud = flat.map((_, at) => (at === 0 ? 100 : 0))
    const silent = { labels, paths: paths.map(({ path }) => ({ path, scale: 0 })) }
    const energy = (logits: Float32Array[]) => blend(silent, logits).energy
    expect(energy([flat, flat, loud])).toBe(energy([flat, flat, flat]))
    expect(energy([flat, loud, flat])).toBeCloseTo(energy([flat, flat, flat]) + 100, 4)
  })
})

describe('the recipe', () => {
  const kinds = (...of: Parameters<typeof chooseRecipe>) =>
    chooseRecipe(...of).paths.map(({ windows, hidden }) =>
      windows ? `windows ${windows}` : hidden ? 'hidden' : 'linear',
    )

  it('reads signs where that paid: two labels, and less than 6,000 rows', () => {
    expect(kinds(10_000, 2)).toEqual(['windows 4', 'hidden'])
    expect(kinds(4_500, 31)).toEqual(['windows 4', 'hidden'])
    expect(kinds(1_500, 150, 1, { start: true })).toEqual(['linear', 'hidden', 'windows 3'])
    expect(kinds(10_000, 77)).toEqual(['linear', 'hidden'])
    expect(kinds(10_000, 3)).toEqual(['linear', 'hidden'])
  })

  it('leaves the paths as they were beside a log, and for many texts of two labels', () => {
    expect(kinds(1_500, 150, 1, { log: true })).toEqual(['linear', 'hidden'])
    expect(kinds(4_500, 31, 1, { log: true })).toEqual(['linear', 'hidden'])
    expect(kinds(10_000, 2, 1, { log: true })).toEqual(['linear', 'hidden'])
    expect(kinds(50_000, 2)).toEqual(['linear', 'hidden'])
  })

  it('leaves n-grams what room the signs do not need', () => {
    for (const [rows, classes] of [
      [10_000, 2],
      [4_500, 31],
      [1_500, 150],
    ] as const) {
      const { limits, paths } = chooseRecipe(rows, classes)
      const { maximumSize = 0, ngrams = 0, room = 0 } = limits.signs ?? {}
      const columns = paths.reduce((sum, { windows, hidden }) => sum + (windows ? 0 : hidden || classes), 0)
      const [path] = paths.filter(({ windows }) => windows)
      const places = ((path?.windows ?? 0) * ((path?.windows ?? 0) + 1)) / 2
      const bytes =
        Math.min(limits.maximumSize, Math.floor(room - maximumSize * ngrams)) * (columns + 16) +
        maximumSize * (places * 132 + 4) +
        4 * (path?.hidden ?? 0) * classes
      expect(bytes).toBeLessThan(6.2e6)
    }
  })
})
