/** The shipped base: its corpus is as large as promised, its bundle as small, and it holds up on real text. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generate, type Sentence } from '@/models/base/generate'
import { alternatives, expand, parseSections } from '@/models/base/parse-corpus'
import { judge } from '@/models/evaluate/judge'
import { classify } from '@/models/serve/classify'
import { type OpenBundle, openBundle } from '@/models/serve/open'
import { Random } from '@/models/train/random'
import { readCsv } from '@/models/train/read-csv'
import { CORPUS, SHARED } from './small-model'

const FOLDER = join(process.cwd(), 'models/base/bundle')
let bundle: OpenBundle

beforeAll(async () => {
  bundle = await openBundle(FOLDER)
}, 60_000)
afterAll(() => bundle.close())

describe('the corpus', () => {
  const { intents, feelings } = generate(CORPUS, 1)
  const tally = (sentences: readonly Sentence[], key: (sentence: Sentence) => string) => {
    const counts = new Map<string, number>()
    for (const sentence of sentences) counts.set(key(sentence), (counts.get(key(sentence)) ?? 0) + 1)
    return counts
  }

  it('has at least 30 intents with 60 different sentences in each language', () => {
    const counts = tally(intents, ({ intent, language }) => `${intent} ${language}`)
    const names = new Set(intents.map(({ intent }) => intent))
    expect(names.size).toBeGreaterThanOrEqual(30)
    for (const name of names) {
      for (const language of ['en', 'zh'])
        expect(counts.get(`${name} ${language}`) ?? 0, `${name} ${language}`).toBeGreaterThanOrEqual(60)
    }
  })

  it('has at least 2,000 sentences per language with a feeling or an urgency', () => {
    for (const language of ['en', 'zh'] as const) {
      const own = feelings.filter((sentence) => sentence.language === language)
      expect(own.length).toBeGreaterThanOrEqual(2000)
      const classes = tally(own, ({ sentiment }) => sentiment)
      for (const sentiment of ['negative', 'neutral', 'positive']) expect(classes.get(sentiment)).toBeGreaterThan(400)
    }
  })

  it('is spoken the same way for a seed', () => {
    expect(generate(CORPUS, 1).intents.slice(0, 50)).toEqual(intents.slice(0, 50))
    expect(generate(CORPUS, 2).intents.slice(0, 50)).not.toEqual(intents.slice(0, 50))
  })

  it('reads marks, alternatives and slots', () => {
    const [line] = parseSections('== refund en\n-! {a|b {c|d}} <item>\n')
    expect(line).toMatchObject({ intent: 'refund', language: 'en', sentiment: 'negative', urgency: 'high' })
    expect(alternatives('a|{b|c}|d')).toEqual(['a', '{b|c}', 'd'])
    expect(['a lamp', 'b c lamp', 'b d lamp']).toContain(
      expand(line?.template ?? '', { item: ['lamp'] }, new Random(1)),
    )
    expect(() => expand('<nothing>', {}, new Random(1))).toThrow('no slot')
  })
})

describe('the bundle', () => {
  it('stays under 5 MB', () => {
    const size = ['manifest.json', 'model.onnx', 'vocabulary.bin', 'probes.json'].reduce(
      (sum, name) => sum + statSync(join(FOLDER, name)).size,
      0,
    )
    expect(size).toBeLessThanOrEqual(5e6)
  })

  it.each([
    ['我要退款，太慢了!', 'refund', 'negative', 'zh'],
    ['Where is my order?', 'order_status', 'neutral', 'en'],
    ['Thank you so much, great service!', 'thanks', 'positive', 'en'],
    ['忘记密码了怎么办', 'password', 'neutral', 'zh'],
    ['你们的客服态度太差了，我要投诉', 'complaint', 'negative', 'zh'],
    ['my paymnt got declined', 'payment_failed', 'neutral', 'en'],
    ['能开发票吗', 'invoice', 'neutral', 'zh'],
    ['转人工', 'talk_to_person', 'neutral', 'zh'],
    ['the app crashes all the time, useless', 'technical_problem', 'negative', 'en'],
    ['我的order到哪了', 'order_status', 'neutral', 'zh'],
  ])('%s → %s, %s, %s', async (text, intent, sentiment, language) => {
    const [labels] = await classify([bundle], [text])
    expect(labels).toMatchObject({ intent, sentiment, language })
  })

  it.each([
    'what is the weather today',
    '今天天气怎么样',
    'tell me a joke',
    '讲个笑话吧',
    'who won the match last night',
    '红烧肉怎么做',
    'yes',
    '好的',
    '42',
    'asdf jkl',
    '',
  ])('does not pretend to know what %j wants', async (text) => {
    const [labels] = await classify([bundle], [text])
    expect(labels?.intentInScope).toBe(false)
  })

  it('hears urgency', async () => {
    const labels = await classify(
      [bundle],
      ['URGENT!! my card was stolen, block it now', '急！！马上帮我处理', 'no rush, just wondering about the blue one'],
    )
    expect(labels.map(({ urgency }) => urgency)).toEqual(['high', 'high', 'low'])
  })
})

describe('the base on real text that it never trained on (development parts)', () => {
  const cases = [
    ['airline_sentiment/data.csv.gz', 'sentiment', undefined, 0.7],
    ['waimai/data.csv.gz', 'sentiment', 'two_way_sentiment', 0.82],
    ['bitext_cs/data.csv.gz', 'intent', 'bitext_cs', 0.9],
  ] as const
  for (const [file, head, map, floor] of cases) {
    const path = join(SHARED, file)
    it.skipIf(!existsSync(path))(
      `${file}: at least ${floor}`,
      async () => {
        const rows = readCsv(path).filter(({ split }) => split === 'dev')
        const labels =
          map &&
          (JSON.parse(readFileSync(join(process.cwd(), `models/base/maps/${map}.json`), 'utf8')) as Record<
            string,
            string
          >)
        const result = await judge(bundle, { test: rows, head, ...(labels ? { map: labels } : {}) })
        expect(result.accuracy).toBeGreaterThan(floor)
      },
      60_000,
    )
  }
})
