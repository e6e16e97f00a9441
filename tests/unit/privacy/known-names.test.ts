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

test('a title behind a surname, a role before an @ and a word in a name are anybody’s', () => {
  const titles = '经理 先生 小姐 老师 店长 客服 售后 主管 师傅 医生 老板 同学 太太 女士'.split(' ')
  const people = titles.flatMap((title) => ['李', '王', '方', '欧阳'].map((family) => family + title))
  const offices = ['客服主管', '在线客服', '技术支持', '售后服务', '官方旗舰店']
  const roles =
    'returns refunds payments care welcome marketing feedback cards booking reservations tech.help order-status cards2026'
      .split(' ')
      .map((role) => `${role}@shop.example`)
  const known = knownNames({ names: [...people, ...offices, 'Nova Desk', 'Tea House'], emails: roles })
  const finders = known ? [known] : []
  for (const text of [
    '经理在吗,我要找店长和客服,售后也行',
    '老师说先生和小姐可以一起来,在线客服不在,技术支持也不在',
    '售后服务太差,官方旗舰店没有客服主管',
    'Tech help please. Returns and Refunds: Payments fail, Cards 2026 too',
    'Welcome! Your Marketing and Booking, Feedback on Care, Reservations',
    'Desk is broken, House too. tech.help or order-status or cards2026',
  ])
    expect(maskText(text, finders)).toBe(text)
  for (const language of ['en', 'zh'] as const)
    for (const { text } of harmless(language, 4_000, 11))
      expect(findPersonal(text, finders), text).toEqual(findPersonal(text))
  // Who is meant is still somebody.
  expect(maskText('那天李售后接的,欧阳店长也在', finders)).toBe('那天[name]接的,[name]也在')
  expect(
    maskText(
      '小明答应的',
      [knownNames({ names: ['王小明经理'] })].flatMap((one) => one ?? []),
    ),
  ).toBe('[name]答应的')
  const staff = knownNames({
    names: ['Thornwick Pelham'],
    emails: ['thornwick@shop.example', 'anna.help@shop.example'],
  })
  expect(maskText('thornwick pelham, THORNWICK, anna', staff ? [staff] : [])).toBe('[name], [name], [name]')
})
