/** Starting from the base: its n-grams are known, its rows are there, and what was known before helps where examples are few. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cleanText } from '@/models/text/clean'
import { Encoder } from '@/models/text/encode'
import { FEATURES } from '@/models/text/features'
import { fitVocabulary } from '@/models/text/vocabulary'
import { headAnswer } from '@/models/train/blend'
import { prepare, withNames } from '@/models/train/prepare'
import { beginWith, readStart } from '@/models/train/start'
import { trainModel } from '@/models/train/train-model'

const start = readStart(join(process.cwd(), 'models/base/bundle'))
const limits = { minimumGroups: 1, maximumSize: 30_000, buckets: 0 }
const texts = ['where is my parcel', 'zyzzyva qwop']

describe('a vocabulary that goes on from the base', () => {
  it('keeps its own n-grams first and gives what room is left to the most frequent of the base', () => {
    const own = fitVocabulary(texts, FEATURES, limits)
    const room = { ...limits, maximumSize: own.hashes.length + 50 }
    const both = fitVocabulary(texts, FEATURES, room, undefined, start.vocabulary)
    expect(both.hashes.length).toBe(own.hashes.length + 50)
    expect([...both.hashes.slice(0, own.hashes.length)]).toEqual([...own.hashes])
    expect([...both.hashes.slice(own.hashes.length)].every((hash) => start.vocabulary.known(hash) > 0)).toBe(true)
  })

  it('takes a word for common that is common in the base, though its own texts hold it once', () => {
    const both = fitVocabulary(texts, FEATURES, limits, undefined, start.vocabulary)
    const weightOf = (word: string) => {
      const [hash] = fitVocabulary([cleanText(word)], { ...FEATURES, pieces: [9, 9] }, limits).hashes
      return both.weight(both.known(hash as number))
    }
    expect(weightOf('is')).toBeLessThan(weightOf('zyzzyva') - 2)
  })

  it('reads back the counts that idf was made of', () => {
    const repeated = fitVocabulary(['a b', 'a c', 'a d'], { ...FEATURES, words: 1, pieces: [9, 9] }, limits)
    const { counts, texts: many } = repeated.seen()
    expect(many).toBeCloseTo(3, 3)
    expect([...counts].map(Math.round).sort()).toEqual([1, 1, 1, 3])
  })
})

describe('rows of the base', () => {
  it('stand in the first columns of what it knows; the rest keeps its chance values', () => {
    const vocabulary = fitVocabulary(texts, FEATURES, limits)
    const width = start.width + 2
    const table = new Float32Array(vocabulary.rows * width).fill(7)
    beginWith(start, vocabulary, table, width)
    let known = 0
    for (const [at, hash] of vocabulary.hashes.entries()) {
      const row = table.subarray((at + 1) * width, (at + 2) * width)
      const from = start.vocabulary.known(hash) * start.width
      if (from > 0) known++
      const wanted = from > 0 ? start.table.slice(from, from + start.width) : new Float32Array(start.width).fill(7)
      expect(row.slice(0, start.width)).toEqual(wanted)
      expect([...row.slice(start.width)]).toEqual([7, 7])
    }
    expect(known).toBeGreaterThan(20)
    expect(known).toBeLessThan(vocabulary.hashes.length)
  })

  it('let three examples per label answer in words that no example has', async () => {
    const rows = [
      ['my parcel has not come', 'delivery'],
      ['track my delivery', 'delivery'],
      ['where is the courier now', 'delivery'],
      ['i want my money back', 'refund'],
      ['please return the amount i paid', 'refund'],
      ['when do i get reimbursed', 'refund'],
      ['i cannot sign in', 'access'],
      ['the password is wrong', 'access'],
      ['reset my login', 'access'],
    ].map(([text, label]) => ({ text: text as string, label: label as string }))
    const answers = async (options: { start?: typeof start }) => {
      const { model, head } = await trainModel(rows, { seed: 1, ...options })
      const encoder = new Encoder(model.vocabulary, model.spec)
      return ['has my package shipped', 'refund', 'sign in problem, account locked'].map((text) => {
        const { probabilities } = headAnswer(head, encoder.encode(text))
        return Object.fromEntries(head.labels.map((label, at) => [label, probabilities[at] as number]))
      })
    }
    const [begun, alone] = [await answers({ start }), await answers({})]
    // Without the base nothing but pieces of words can tell.
    for (const [at, label] of ['delivery', 'refund', 'access'].entries()) {
      expect(begun[at]?.[label]).toBeGreaterThan(0.6)
      expect(begun[at]?.[label]).toBeGreaterThan((alone[at]?.[label] as number) + 0.1)
    }
  }, 120_000)
})

describe('names of labels', () => {
  it('teach what the label means, codes do not', () => {
    const prepared = prepare([
      { text: 'where is it', label: 'card_arrival', group: 'one' },
      { text: '什么时候到', label: '到货时间', group: 'one' },
      { text: 'x', label: '1' },
      { text: 'y', label: 'C-3' },
    ])
    const named = withNames(prepared)
    expect(named.texts.slice(4)).toEqual(['card arrival', '到货时间'])
    expect(named.targets.slice(4).map((target) => named.classes[target])).toEqual(['card_arrival', '到货时间'])
    // A name is nobody's message: it counts as a conversation of its own.
    expect(new Set(named.groups).size).toBe(new Set(prepared.groups).size + 2)
  })
})
