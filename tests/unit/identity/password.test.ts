/** Which passwords are good enough, and that hashes are argon2id. */
import { describe, expect, test } from 'vitest'
import { commonPasswords } from '@/lib/features/identity/common-passwords'
import { checkPassword, hashPassword, verifyPassword } from '@/lib/features/identity/password'

describe('refused', () => {
  const weak = [
    '',
    'short',
    '123456789',
    'aaaaaaaaaaaa',
    'abababababab',
    '12345678901',
    'abcdefghijkl',
    'zyxwvutsrqpo',
    'Password123',
    'QWERTYUIOP',
    'ｐａｓｓｗｏｒｄ１２３',
    'x'.repeat(201),
    'woaini1314',
  ]
  test.each(weak)('%s', (password) => expect(() => checkPassword(password)).toThrow('password_weak'))
  test('one’s own address', () => {
    expect(() => checkPassword('ada.byron@example.com', 'ada.byron@example.com')).toThrow('password_weak')
    expect(() => checkPassword('Ada.Byron.1815', 'ada.byron.1815@example.com')).toThrow('password_weak')
  })
})

test.each(['violet harbour kettle', '灵犀一点通客服系统', 'Tr0ub4dor&3x', 'k7#mQ2!vLp'])('%s is good', (password) => {
  // Nine signs of Chinese carry more than ten letters do, but the rule is one for all.
  if (Array.from(password).length < 10) expect(() => checkPassword(password)).toThrow('password_weak')
  else expect(() => checkPassword(password)).not.toThrow()
})

test('the list holds only what the length rule lets through', () => {
  expect(commonPasswords.size).toBeGreaterThan(120)
  expect([...commonPasswords].filter((one) => Array.from(one).length < 10)).toEqual([])
})

test('argon2id with fresh salt; composed and decomposed letters are the same password', async () => {
  const [one, two] = [await hashPassword('Zürich harbour'), await hashPassword('Zürich harbour')]
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(one).not.toBe(two)
  expect(await verifyPassword(one, 'Zu\u0308rich harbour')).toBe(true)
  expect(await verifyPassword(one, 'zürich harbour')).toBe(false)
  expect(await verifyPassword(null, 'anything at all')).toBe(false)
  expect(await verifyPassword('not a hash', 'anything at all')).toBe(false)
})
