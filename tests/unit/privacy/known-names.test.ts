/** Names that the account knows are masked wherever they stand, where nothing leads to them; what is no name stays. */
import { expect, test } from 'vitest'
import { knownNames } from '@/lib/features/privacy/find-known-names'
import type { Finder } from '@/lib/features/privacy/finder'
import { findPersonal, forLearning, maskText } from '@/lib/features/privacy/mask'
import { harmless } from '@/tests/kit/personal/corpus'

const finders = (name: string, email?: string): Finder[] =>
  [knownNames({ names: [name], ...(email ? { emails: [email] } : {}) })].flatMap((one) => one ?? [])

/** Who wrote it, and what of it says who: nothing leads to any of these. */
const written: [name: string, email: string | undefined, text: string, said: string[]][] = [
  ['Thornwick Pelham', undefined, 'you spelled it wrong, Thornwick has no e at the end', ['Thornwick']],
  ['Anna Lindqvist', undefined, 'lindqvist anna, booking of tuesday', ['lindqvist anna']],
  ['Anna Lindqvist', undefined, 'the parcel says Lindqvist but nobody rang', ['Lindqvist']],
  ["Siobhan O'Rourke", undefined, 'O’Rourke again. still waiting', ['O’Rourke']],
  ['Beaumont Achterberg', undefined, 'room for two, ACHTERBERG, friday', ['ACHTERBERG']],
  ['Marta Kowalczyk', undefined, 'marta kowalczyk order 55', ['marta kowalczyk']],
  ['', 'm.kowalczyk@mail.example', 'invoice for Kowalczyk please', ['Kowalczyk']],
  ['', 'j.okonkwo77@mail.example', 'my login okonkwo77 or j.okonkwo77 does not work', ['j.okonkwo77']],
  ['Jean-Luc Fontaineau', undefined, 'Jean-Luc wrote you twice already', ['Jean-Luc']],
  ['Ngozi Adeyemi', undefined, 'two tickets, Adeyemi N.', ['Adeyemi']],
  ['Mei Lin 林梅', undefined, '林梅你好,在吗', ['林梅']],
  ['王小明', undefined, '小明的快递还没到', ['小明']],
  ['欧阳娜娜', undefined, '欧阳娜娜 两件衣服都要退', ['欧阳娜娜']],
  ['李建国', undefined, '李建国,周三下午两点那单', ['李建国']],
  ['陈伟', undefined, '那个包裹写的陈伟,麻烦查一下', ['陈伟']],
  ['阿依古丽', undefined, '阿依古丽的订单什么时候发', ['阿依古丽']],
]

test.each(written)('%s %s: %s', (name, email, text, said) => {
  const masked = maskText(text, finders(name, email))
  for (const word of said) expect(masked).not.toContain(word)
  const learned = forLearning(text, finders(name, email))
  expect(forLearning(learned, finders(name, email))).toBe(learned)
})

test('the control: without them hardly any is found', () => {
  const stay = written.filter(([, , text, said]) => said.some((word) => maskText(text).includes(word)))
  expect(stay.length).toBeGreaterThan(10)
})

test('what stands in the field of a name and is none, or is another word as well, stays', () => {
  for (const [name, text] of [
    ['Guest User', 'a user guest account please'],
    ['Customer Support', 'Support does not answer'],
    ['May Hope', 'I hope it comes in May'],
    ['Will Grace', 'Will it come with Grace?'],
    ['Bo', 'Bo is not here'],
    ['Blue Ocean', 'the blue shirt'],
    ['Order', 'Order 55 is late'],
    ['快乐', '祝你们快乐'],
    ['高兴', '很高兴认识你们'],
    ['王', '王牌产品'],
  ] as const)
    expect(maskText(text, finders(name)), name).toBe(text)
  // Two of them together are a name all the same.
  expect(maskText('Will Grace, table four', finders('Will Grace'))).toBe('[name], table four')
  expect(maskText('write to anna.lindqvist@shop.example', finders('Anna Lindqvist'))).toBe('write to [email]')
  expect(knownNames({ names: ['', 'Guest'], emails: ['info@shop.example', 'sales@shop.example'] })).toBeNull()
})

test('in texts that name nobody a hundred known names find as good as nothing', () => {
  const known = finders('Anna Lindqvist')
  const many = knownNames({
    names: written.map(([name]) => name),
    emails: written.flatMap(([, email]) => email ?? []),
  })
  for (const language of ['en', 'zh'] as const) {
    const texts = harmless(language, 4_000, 7).map(({ text }) => text)
    const wrong = texts.filter(
      (text) => findPersonal(text, [...known, ...(many ? [many] : [])]).length > findPersonal(text).length,
    )
    expect(wrong).toEqual([])
  }
})
