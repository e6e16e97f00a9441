/** What a text is found by, in English, Chinese and both at once. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { searchWords } from '@/lib/platform/crypto/words'

describe('search words', () => {
  test.each([
    ['Where is my ORDER #4711?', ['where', 'is', 'my', 'order', '4711']],
    ['我要退款', ['我要', '要退', '退款']],
    ['茶', ['茶']],
    ['退款 refund 退款', ['退款', 'refund']],
    ['我的order没到', ['我的', 'order', '没到']],
    ['ＡＢＣ　１２', ['abc', '12']],
    ['Café cafe\u0301', ['café']],
    ['お茶をください', ['お茶', '茶を', 'をく', 'くだ', 'ださ', 'さい']],
    ['don’t', ['don', 't']],
    ['  \n…!？', []],
    ['', []],
  ])('%s', (text, words) => {
    expect(searchWords(text)).toEqual(words)
  })

  test('what is searched for is found when it stands in the text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z一-龥 ]{1,60}$/), fc.nat(), fc.nat(), (text, a, b) => {
        const runs = text.match(/[a-z]+|[一-龥]+/g) ?? []
        const run = runs[a % Math.max(1, runs.length)]
        if (!run) return
        // A whole word, or any two Chinese signs that follow each other.
        const asked =
          /[a-z]/.test(run) || run.length < 2 ? run : run.slice(b % (run.length - 1), (b % (run.length - 1)) + 2)
        const words = new Set(searchWords(text))
        expect(searchWords(asked).every((word) => words.has(word))).toBe(true)
      }),
    )
  })

  test('are bounded', () => {
    expect(searchWords(Array.from({ length: 5_000 }, (_, i) => `w${i}`).join(' '))).toHaveLength(400)
    expect(searchWords('茶'.repeat(9_000) + '水'.repeat(9_000)).length).toBeLessThanOrEqual(400)
    expect(searchWords('x'.repeat(5_000))[0]).toHaveLength(40)
  })
})
