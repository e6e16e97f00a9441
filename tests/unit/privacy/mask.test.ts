/** Masking: nearly everything that says who somebody is, and hardly anything else; English and Chinese. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isCard, isIban, isLuhn, isResidentId } from '@/lib/features/privacy/checks'
import { findPersonal, forLearning, maskText } from '@/lib/features/privacy/mask'
import { cleanText } from '@/models/text/clean'
import { corpus } from './corpus'
import { laterCorpus } from './later-corpus'

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

test('sentences written after the patterns: at first sight 39 of 50, 60 of 72 and 44 of 63 were masked, now all but two', () => {
  expect(laterCorpus.map((lines) => score(lines).marked)).toEqual([50, 72, 63])
  const { missed, wrong } = score(laterCorpus.flat())
  // Nothing says that these are names.
  expect(missed).toEqual(['Marie in: Please change the name from Maria to Marie.', '周文 in: 订单是周文下的'])
  expect(wrong).toEqual([])
})

test('the kind takes the place of the thing', () => {
  expect(maskText('Call 13800138000 or write to a@b.example, 我叫李小明')).toBe(
    'Call [phone] or write to [email], 我叫[name]',
  )
  expect(maskText('nothing here')).toBe('nothing here')
})

test.each([
  ['https://a.example/p?id=7;sid=99aa88bb77cc', 'https://a.example/p?id=7;sid=[secret]'],
  ['https://a.example/in?next=/reset?sig=4f7a9c2b1d99', 'https://a.example/in?next=/reset?sig=[secret]'],
  ['https://a.example/in;jsessionid=0A1B2C3D4E5F?lang=en', 'https://a.example/in;jsessionid=[secret]?lang=en'],
  [
    'https://a.example/in?next=%2Freset%3Ftoken%3Dopensesame%26lang%3Den',
    'https://a.example/in?next=%2Freset%3Ftoken%3D[secret]%26lang%3Den',
  ],
  [
    'https://a.example/in?u=%2Fb%3Fid%3D7%26sid%3d99aa88bb77cc&lang=en',
    'https://a.example/in?u=%2Fb%3Fid%3D7%26sid%3d[secret]&lang=en',
  ],
  [
    'https://a.example/in?u=%2Fb%253Fkey%253D4f7a9c2b1d99%2526a%253D1',
    'https://a.example/in?u=%2Fb%253Fkey%253D[secret]%2526a%253D1',
  ],
  // What begins no parameter belongs to the secret.
  ['https://a.example/in?token=open;sesame?&a=1', 'https://a.example/in?token=[secret]&a=1'],
  ['https://a.example/in?page=2;sort=price?id=7', 'https://a.example/in?page=2;sort=price?id=7'],
])('of an address every parameter is looked at, also of one inside another: %s', (text, masked) => {
  expect(maskText(text)).toBe(masked)
  expect(forLearning(forLearning(text))).toBe(forLearning(text))
})

test('check digits tell: one wrong digit and it is no card, no identity, no account', () => {
  expect([isLuhn('79927398713'), isLuhn('79927398710'), isLuhn('')]).toEqual([true, false, false])
  expect([isCard('4111111111111111'), isCard('4111111111111112'), isCard('79927398713')]).toEqual([true, false, false])
  expect([isResidentId('11010519491231002X'), isResidentId('110105194912310021')]).toEqual([true, false])
  expect([isIban('GB82 WEST 1234 5698 7654 32'), isIban('GB82 WEST 1234 5698 7654 33')]).toEqual([true, false])
})

test('places are those of the text itself, however its signs are written', () => {
  const what = (text: string) => findPersonal(text).map(({ kind, from, to }) => [kind, text.slice(from, to)])
  expect(what('ﬁrst: call １３８００１３８０００ now')).toEqual([['phone', '１３８００１３８０００']])
  expect(what('℡ 𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎!')).toEqual([['phone', '𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎']])
  expect(what('㎏ ½ ﷺ — mail ａ＠ｂ．ｅｘａｍｐｌｅ.')).toEqual([['email', 'ａ＠ｂ．ｅｘａｍｐｌｅ']])
  expect(what('身份证：１１０１０５１９４９１２３１００２ｘ。')).toEqual([
    ['resident_id', '１１０１０５１９４９１２３１００２ｘ'],
  ])
  expect(what('my card 4111\u200b1111\u200b1111\u200b1111, ok')).toEqual([
    ['card', '4111\u200b1111\u200b1111\u200b1111'],
  ])
  // A lone half of a pair, as a cut text has it.
  expect(what('\ud83d call 13800138000 \ude00')).toEqual([['phone', '13800138000']])
})

test('of any text, what is found lies in order inside it, and what is not found stays sign by sign', () => {
  const parts =
    '收货人：艾力·买买提|收货人：|我叫|王小明|·|，| |\n|name: |Anna|A. |138|0013|8000|+86|(|)|4111 1111 1111 1111|@|a.b|.example|号|路|12|ﬁ|½|１|\u200b|\ud83d|IBAN DE|89 3704|::|token='
  const texts = fc.array(fc.constantFrom(...parts.split('|')), { maxLength: 14 }).map((some) => some.join(''))
  fc.assert(
    fc.property(fc.oneof(texts, fc.string({ unit: 'binary' })), (text) => {
      const found = findPersonal(text)
      const places = found.flatMap(({ from, to }) => [from, to])
      expect(
        places.every((place, at) => place > (places[at - 1] ?? -1) - (at % 2 ? 0 : 1) && place <= text.length),
      ).toBe(true)
      const left = found.map(({ kind, from }, at) => `${text.slice(found[at - 1]?.to ?? 0, from)}[${kind}]`).join('')
      expect(maskText(text)).toBe(left + text.slice(found.at(-1)?.to ?? 0))
    }),
    { numRuns: 250 },
  )
})

test('the longest message, written to be slow, is gone through in a moment', () => {
  const hostile = [
    ...[
      '1',
      '1 ',
      'A ',
      'a',
      'a@',
      '_',
      '-',
      '::',
      '1.',
      '1-',
      '王',
      '王经理',
      '我是王',
      '省市区镇路',
      '号路市区省a1 ',
    ],
    ...[
      '１',
      '\u200b',
      '4111 1111 1111 111 ',
      'DE89 ',
      'token_',
      '?a=',
      ';a?b=c',
      '%3Fa%3D',
      '%25',
      ';a',
      '//x/reset/',
      '1 baker ',
      '1 rue de la ',
      'straße ',
    ],
    ...[
      'my name is ',
      'password ',
      `-----BEGIN ${'PRIVATE'} KEY-----`,
      '1路',
      ' \n',
      'eyJ',
      'sk-',
      '+1',
      '(0',
      'x.x.',
      'a at b dot ',
    ],
  ].map((part) => part.repeat(Math.ceil(8_000 / part.length)).slice(0, 8_000))
  findPersonal('warm: call 13800138000')
  for (const text of hostile) {
    const started = performance.now()
    findPersonal(text)
    const once = performance.now() - started
    // No measure of speed: 5 to 80 ms were seen, and thousands where a pattern read the same signs again from each place.
    expect(once, text.slice(0, 20)).toBeLessThan(1_500)
  }
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
