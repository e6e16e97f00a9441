/** Masking: nearly everything that says who somebody is, and hardly anything else; English and Chinese. */
import { expect, test } from 'vitest'
import { isCard, isIban, isLuhn, isResidentId } from '@/lib/features/privacy/checks'
import { findPersonal, forLearning, maskText } from '@/lib/features/privacy/mask'
import { cleanText } from '@/models/text/clean'
import { corpus } from './corpus'

/** How many marked spans are wholly covered by what is found, and how much of what is found is marked. */
function score(lines: typeof corpus) {
  const missed: string[] = []
  const wrong: string[] = []
  let marked = 0
  let found = 0
  for (const { text, spans } of lines) {
    const got = findPersonal(text)
    marked += spans.length
    found += got.length
    for (const { from, to } of spans)
      if (!got.some((one) => one.from <= from && one.to >= to)) missed.push(`${text.slice(from, to)} in: ${text}`)
    for (const one of got)
      if (!spans.some(({ from, to }) => one.from < to && from < one.to))
        wrong.push(`${one.kind} ${text.slice(one.from, one.to)} in: ${text}`)
  }
  return { recall: 1 - missed.length / marked, precision: 1 - wrong.length / found, marked, missed, wrong }
}

const chinese = (text: string) => /\p{Script=Han}/u.test(text)

test.each([
  ['English', corpus.filter(({ text }) => !chinese(text)), 50],
  ['Chinese', corpus.filter(({ text }) => chinese(text)), 45],
])('%s: recall at least 99 %, precision at least 95 %', (_name, lines, least) => {
  const { recall, precision, marked, missed, wrong } = score(lines)
  expect(marked).toBeGreaterThanOrEqual(least)
  expect({ missed, wrong }).toEqual({ missed: [], wrong: [] })
  expect(recall).toBeGreaterThanOrEqual(0.99)
  expect(precision).toBeGreaterThanOrEqual(0.95)
})

test('the kind takes the place of the thing', () => {
  expect(maskText('Call 13800138000 or write to a@b.example, 我叫李小明')).toBe(
    'Call [phone] or write to [email], 我叫[name]',
  )
  expect(maskText('nothing here')).toBe('nothing here')
})

test('check digits tell: one wrong digit and it is no card, no identity, no account', () => {
  expect([isLuhn('79927398713'), isLuhn('79927398710'), isLuhn('')]).toEqual([true, false, false])
  expect([isCard('4111111111111111'), isCard('4111111111111112'), isCard('79927398713')]).toEqual([true, false, false])
  expect([isResidentId('11010519491231002X'), isResidentId('110105194912310021')]).toEqual([true, false])
  expect([isIban('GB82 WEST 1234 5698 7654 32'), isIban('GB82 WEST 1234 5698 7654 33')]).toEqual([true, false])
})

test('a long text without anything is gone through quickly enough to mask a whole dataset', () => {
  const text = '号路市区省a1 '.repeat(1_000)
  const started = performance.now()
  findPersonal(text)
  findPersonal('1'.repeat(8_000))
  findPersonal('A '.repeat(4_000))
  // No measure of speed: a pattern that backtracks would take minutes.
  expect(performance.now() - started).toBeLessThan(5_000)
})

test('what is learned holds nothing personal, and is read by a model as the message itself is', () => {
  for (const { text, spans } of corpus) {
    const learned = forLearning(text)
    for (const { from, to } of spans) expect(learned).not.toContain(text.slice(from, to))
    expect(forLearning(learned)).toBe(learned)
  }
  // Values that the models' preprocessing keeps no trace of anyway come out the same on both sides, to the sign.
  for (const text of [
    'write to mei@shop.example please',
    'call 13800138000 now',
    'my card 4111111111111111 was charged',
    '请发到 mei@shop.example，谢谢',
    '我的电话13800138000打不通',
  ])
    expect(cleanText(forLearning(text))).toBe(cleanText(text))
  // Names leave a gap, as words do that a model does not know.
  expect(cleanText(forLearning('My name is Anna Lindqvist and it is late'))).toBe('my name is and it is late')
})
