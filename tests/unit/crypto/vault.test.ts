/** Sealed values: nothing opens with a changed bit, another key or another place; hashes tell nothing across accounts. */
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openBytes, sealBytes } from '@/lib/platform/crypto/box'
import { Vault } from '@/lib/platform/crypto/vault'

const key = randomBytes(32)
const kek = randomBytes(32).toString('base64')
const [one, two] = ['018f0000-0000-7000-8000-000000000001', '018f0000-0000-7000-8000-000000000002']

describe('a sealed value', () => {
  test('opens to what was sealed, whatever it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.string({ unit: 'binary' }), (bytes, about) => {
        expect(openBytes(key, sealBytes(key, bytes, about), about)).toEqual(Buffer.from(bytes))
      }),
    )
    expect(openBytes(key, sealBytes(key, '我要退款 👋', 'x'), 'x').toString()).toBe('我要退款 👋')
  })

  test('is refused with any single bit changed', () => {
    const sealed = sealBytes(key, 'Where is my order?', 'message 1')
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(() => openBytes(key, changed, 'message 1')).toThrow()
    }
  })

  test('is refused cut short, empty, under another key or in another place', () => {
    const sealed = sealBytes(key, 'secret', 'message 1')
    for (let length = 0; length < sealed.length; length++)
      expect(() => openBytes(key, sealed.subarray(0, length), 'message 1')).toThrow()
    expect(() => openBytes(randomBytes(32), sealed, 'message 1')).toThrow()
    expect(() => openBytes(key, sealed, 'message 2')).toThrow()
    expect(() => openBytes(key, sealed, '')).toThrow()
  })

  test('never has the same nonce twice, across the pool of random bytes too', () => {
    const seen = new Set(Array.from({ length: 3_000 }, () => sealBytes(key, 'x', 'y').subarray(1, 13).toString('hex')))
    expect(seen.size).toBe(3_000)
  })

  test('opens from a view into a larger buffer, as drivers hand it over', () => {
    const sealed = sealBytes(key, 'inside', 'x')
    const large = Buffer.concat([randomBytes(7), sealed, randomBytes(9)])
    expect(openBytes(key, large.subarray(7, 7 + sealed.length), 'x').toString()).toBe('inside')
    expect(openBytes(key, new Uint8Array(sealed), 'x').toString()).toBe('inside')
  })
})

describe('the chain of keys', () => {
  test('a wrapped account key opens under its own installation and account only', () => {
    const vault = new Vault(kek)
    const wrapped = vault.newAccountKey(one)
    expect(() => vault.account(one, wrapped)).not.toThrow()
    expect(() => vault.account(two, wrapped)).toThrow()
    expect(() => new Vault(randomBytes(32).toString('base64')).account(one, wrapped)).toThrow()
    expect(() => new Vault('short')).toThrow(/32 bytes/)
  })

  test("a contact's values open with that contact's key only", () => {
    const account = new Vault(kek).account(one, new Vault(kek).newAccountKey(one))
    const [a, b] = [account.newContactKey('a'), account.newContactKey('b')]
    const sealed = account.contact('a', a).seal('hello', 'message 1')
    expect(account.contact('a', a).open(sealed, 'message 1')).toBe('hello')
    expect(() => account.contact('b', b).open(sealed, 'message 1')).toThrow()
    // A key copied to another contact's row is no key there.
    expect(() => account.contact('c', a)).toThrow()
    expect(() => account.open(sealed, 'message 1')).toThrow()
  })

  test('what was forgotten has to be unwrapped again', () => {
    const vault = new Vault(kek)
    const account = vault.account(one, vault.newAccountKey(one))
    account.contact('a', account.newContactKey('a'))
    vault.forget()
    expect(() => account.contact('a', Buffer.alloc(61, 1))).toThrow()
  })
})

describe('keyed hashes', () => {
  const vault = new Vault(kek)
  const accounts = [one, two].map((id) => vault.account(id, vault.newAccountKey(id)))

  test('are equal within an account and differ between accounts', () => {
    const [a, b] = accounts as [(typeof accounts)[0], (typeof accounts)[0]]
    expect(a.token('refund')).toBe(a.token('refund'))
    expect(a.token('refund')).not.toBe(b.token('refund'))
    expect(a.token('refund')).not.toBe(a.token('refunds'))
    expect(a.fingerprint('x').equals(a.fingerprint('x'))).toBe(true)
    expect(a.fingerprint('x').equals(b.fingerprint('x'))).toBe(false)
    expect(a.fingerprint('x')).toHaveLength(16)
  })

  test('fit a signed 64-bit column', () => {
    const [a] = accounts as [(typeof accounts)[0]]
    fc.assert(
      fc.property(fc.string(), (word) => {
        const token = a.token(word)
        expect(token >= -(2n ** 63n) && token < 2n ** 63n).toBe(true)
      }),
    )
  })
})
