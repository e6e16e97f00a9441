/** Cleaning, reading and encoding: the one preprocessing keeps its word. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanText, MAX_CHARACTERS, readable, SIGN } from '@/models/text/clean'
import { Encoder } from '@/models/text/encode'
import { FEATURES, FeatureBuffer, readFeatures, SEGMENTED } from '@/models/text/features'
import { HashTable } from '@/models/text/hash-table'
import { detectLanguage } from '@/models/text/language'
import { fitVocabulary, Vocabulary } from '@/models/text/vocabulary'

const features = (text: string) => {
  const buffer = new FeatureBuffer()
  readFeatures(cleanText(text), FEATURES, buffer)
  return [...buffer.hash.subarray(0, buffer.length)]
}

describe('cleaning', () => {
  it.each([
    ['  Where IS   my order??? ', 'where is my order??'],
    ['ＷＨＥＲＥ　ｉｓ　ｉｔ！', 'where is it!'],
    ['sooooo goooood!!!!!', 'soo good!!'],
    ['哈哈哈哈哈，太好了。', '哈哈,太好了.'],
    ["I don't, I’m and it´s", 'i dont, im and its'],
    ['mail anna.k+x@shop.example.com now', `mail ${SIGN.email} now`],
    ['see https://a.b/c?d=1 or www.x.org/y', `see ${SIGN.url} or ${SIGN.url}`],
    ['hey @united help', `hey ${SIGN.mention} help`],
    ['order 48213 for 2 people at 1,299.00', `order ${SIGN.number} for 2 people at ${SIGN.number}`],
    ['zero\u200bwidth\u00ad and \ue000 private', 'zerowidth and private'],
    ['', ''],
  ])('%j becomes %j', (raw, clean) => expect(cleanText(raw)).toBe(clean))

  it('is finished after one pass, whatever is sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (raw) => {
        const once = cleanText(raw)
        expect(once.length).toBeLessThanOrEqual(MAX_CHARACTERS)
        expect(once).toBe(once.trim())
      }),
      { numRuns: 150 },
    )
  })

  it('never lets a number, an address or a link through', () => {
    expect(cleanText('call 13800138000, card 4111 1111 1111 1111, a@b.co')).not.toMatch(/\d{3}|a@b/)
    expect(readable(cleanText('see https://x.y'))).toBe('see ‹url›')
  })

  it('stops reading very long messages', () => {
    expect(cleanText('ab '.repeat(20_000)).length).toBeLessThanOrEqual(MAX_CHARACTERS)
  })
})

describe('features', () => {
  it('are the same for full-width, capitals and plain', () => {
    expect(features('ＲＥＦＵＮＤ now')).toEqual(features('refund NOW'))
  })

  it('of version 2 are those of version 1 and the words of unspaced writing, each where it stands', () => {
    const read = (text: string, spec = SEGMENTED) => {
      const buffer = new FeatureBuffer()
      readFeatures(text, spec, buffer)
      return Array.from(buffer.hash.subarray(0, buffer.length), (hash, at) => ({
        hash,
        text: text.slice(buffer.start[at], buffer.end[at]),
      }))
    }
    const text = 'hi 我想退款, 查order'
    const before = new Set(read(text, FEATURES).map(({ hash }) => hash))
    const more = read(text).filter(({ hash }) => !before.has(hash))
    expect(more.map((one) => one.text).join('|')).toMatch(/^我\|?想\|退款\|查$/)
    expect(read(text)).toHaveLength(read(text, FEATURES).length + more.length)
    // The same word is the same feature wherever it stands; a word of one sign is not the sign.
    const [refund] = more.filter((one) => one.text === '退款')
    expect(read('退款').map(({ hash }) => hash)).toContain(refund?.hash)
    expect(read('where is my order')).toEqual(read('where is my order', FEATURES))
  })

  it('count as designed: words and pairs, pieces in words, runs of ideographs', () => {
    expect(features('ab').length).toBe(1 + 3 + 2 + 1)
    expect(features('退款').length).toBe(3)
    expect(features('退款快点').length).toBe(4 + 3 + 2 + 1)
    expect(features('a b').length).toBe(2 + 1 + 2 * 3)
  })

  it('know emoji and marks as words of their own', () => {
    expect(features('ok 😡').length).toBeGreaterThan(features('ok').length)
    expect(features('😡')).not.toEqual(features('😍'))
    expect(features('!')).toHaveLength(1)
  })

  it('give places that lie inside the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), (raw) => {
        const text = cleanText(raw)
        const buffer = new FeatureBuffer()
        readFeatures(text, FEATURES, buffer)
        for (let at = 0; at < buffer.length; at++) {
          expect(buffer.end[at]).toBeGreaterThan(buffer.start[at] as number)
          expect(buffer.end[at]).toBeLessThanOrEqual(text.length)
        }
      }),
      { numRuns: 200 },
    )
  })
})

describe('encoding', () => {
  const texts = ['where is my order', 'where is my refund', '我要退款', '我要发票', 'hello 😡']
  const vocabulary = fitVocabulary(texts.map(cleanText), FEATURES, { minimumGroups: 1, maximumSize: 1000, buckets: 0 })
  const encoder = new Encoder(vocabulary, FEATURES)

  it('gives rows once each, with weights of length 1', () => {
    for (const text of texts) {
      const { rows, weights } = encoder.encode(text)
      expect(new Set(rows).size).toBe(rows.length)
      expect(weights.reduce((sum, weight) => sum + weight * weight, 0)).toBeCloseTo(1, 5)
    }
    expect(encoder.encode('').rows).toHaveLength(0)
  })

  it('forgets nothing between calls: order of calls does not matter', () => {
    const first = encoder.encode(texts[0] as string)
    encoder.encode('я другой 完全不同的句子'.repeat(20))
    expect(encoder.encode(texts[0] as string)).toEqual(first)
  })

  it('survives the bundle', () => {
    const again = new Encoder(Vocabulary.fromBytes(vocabulary.toBytes()), FEATURES)
    for (const text of texts) expect(again.encode(text)).toEqual(encoder.encode(text))
    expect(() => Vocabulary.fromBytes(vocabulary.toBytes().slice(0, 40))).toThrow('wrong length')
    expect(() => Vocabulary.fromBytes(new Uint8Array(40))).toThrow('not a vocabulary')
  })

  it('keeps only what stands in several conversations, and hashes the rest into shared places', () => {
    const rare = fitVocabulary(
      texts.map(cleanText),
      FEATURES,
      { minimumGroups: 2, maximumSize: 1000, buckets: 8 },
      [1, 1, 2, 2, 3],
    )
    // Only "he", in "where" and in "hello", stands in two conversations.
    expect(rare.hashes.length).toBe(1)
    expect(rare.rows).toBe(1 + 1 + 8)
    expect(new Encoder(rare, FEATURES).encode('退款').rows.every((row) => row >= 2 && row < 10)).toBe(true)
  })

  it('gives the golden vectors: English, Chinese, emoji, mixed scripts, repeated and unknown words', () => {
    const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden-encode.json'), 'utf8')) as {
      texts: string[]
      vectors: { text: string; rows: number[]; weights: number[] }[]
    }
    const limits = { minimumGroups: 2, maximumSize: 60, buckets: 4 }
    const own = new Encoder(fitVocabulary(golden.texts.map(cleanText), FEATURES, limits), FEATURES)
    for (const { text, rows, weights } of golden.vectors) {
      const encoded = own.encode(text)
      expect([...encoded.rows], text).toEqual(rows)
      for (const [at, weight] of encoded.weights.entries()) expect(weight, text).toBeCloseTo(weights[at] as number, 6)
    }
    expect(golden.vectors.length).toBeGreaterThanOrEqual(7)
  })

  it('matches the golden features (a change here needs a new CLEAN_VERSION or feature version)', () => {
    const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden.json'), 'utf8')) as {
      text: string
      clean: string
      hashes: number[]
    }[]
    expect(golden.length).toBeGreaterThanOrEqual(8)
    for (const { text, clean, hashes } of golden) {
      expect(cleanText(text)).toBe(clean)
      expect(features(text)).toEqual(hashes)
    }
  })
})

describe('hash table', () => {
  it('behaves like a Map through growth', () => {
    const table = new HashTable(4)
    const map = new Map<number, number>()
    for (let at = 0; at < 5000; at++) {
      const hash = Math.imul(at, 0x9e3779b1) >>> 0
      table.getOrAdd(hash, at)
      if (!map.has(hash)) map.set(hash, at)
    }
    for (const [hash, value] of map) expect(table.get(hash)).toBe(value)
    expect(table.get(12345)).toBe(map.get(12345) ?? -1)
  })
})

describe('language', () => {
  it.each([
    ['Where is my order?', 'en'],
    ['thx', 'en'],
    ['app crashes', 'en'],
    ['我要退款，太慢了!', 'zh'],
    ['我的order到哪了', 'zh'],
    ['送餐很快(づ｡◕‿‿◕｡)づ，菜也好吃，值得推荐，就是量太少了', 'zh'],
    ['こんにちは、注文はどこですか', 'ja'],
    ['주문이 어디에 있나요', 'ko'],
    ['Wo ist meine Bestellung?', 'de'],
    ['¿Dónde está mi pedido?', 'es'],
    ['Où est ma commande ?', 'fr'],
    ['Не работает', 'ru'],
    ['Hola', 'es'],
    ['???', 'und'],
    ['👍', 'und'],
    ['', 'und'],
  ])('%j is %s', (text, language) => {
    const found = detectLanguage(cleanText(text))
    expect(found.language).toBe(language)
    expect(found.probability).toBeGreaterThanOrEqual(0)
    expect(found.probability).toBeLessThanOrEqual(1)
  })
})
