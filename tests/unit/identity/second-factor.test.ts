/** Codes of the app against the standard's own figures, the picture, and what people type. */
import { encode } from 'uqr'
import { describe, expect, test, vi } from 'vitest'
import { readEnv } from '@/lib/core/env'
import { newCode, plainCode } from '@/lib/features/identity/recovery-codes'
import { addressOf, codeAt, isAppCode, newAppSecret, pictureOf, stepOf } from '@/lib/features/identity/totp'
import { forgiveCodes, forgiveGuesses, spendCode } from '@/lib/flows/pass-second-factor'
import type { Ctx } from '@/lib/platform/context'
import { Vault } from '@/lib/platform/crypto/vault'

/** RFC 6238, appendix B: the ASCII secret 12345678901234567890 in base32; of its eight digits the last six. */
const standard = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const vectors = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
] as const
const at = (seconds: number) => new Date(seconds * 1_000)

describe('codes of the app', () => {
  test.each(vectors)('RFC 6238 at %d s', (seconds, code) => {
    expect(codeAt(standard, at(seconds))).toBe(code.slice(2))
    expect(stepOf(standard, code.slice(2), at(seconds))).toBe(Math.floor(seconds / 30))
  })

  test('the step before and after are as good, those beyond are not', () => {
    const code = codeAt(standard, at(3_000))
    const steps = [-60, -30, 0, 30, 60].map((late) => stepOf(standard, code, at(3_000 + late)))
    expect(steps).toEqual([null, 100, 100, 100, null])
  })

  test('what is no code has no step', () => {
    for (const text of ['', '12345', '1234567', 'abcdef', '١٢٣٤٥٦']) expect(stepOf(standard, text, at(59))).toBeNull()
  })

  test('a secret has 160 bits and is never the same', () => {
    const made = Array.from({ length: 50 }, newAppSecret)
    expect(new Set(made).size).toBe(50)
    for (const one of made) expect(one).toMatch(/^[A-Z2-7]{32}$/)
  })

  test('the address names issuer, person and secret in the form that apps read', () => {
    const url = new URL(addressOf(standard, 'ada+x@example.com'))
    expect([url.protocol, url.host, decodeURIComponent(url.pathname)]).toEqual([
      'otpauth:',
      'totp',
      '/Lingxi:ada+x@example.com',
    ])
    expect(Object.fromEntries(url.searchParams)).toEqual({
      issuer: 'Lingxi',
      secret: standard,
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    })
  })

  test('the picture draws each dark module and no other', () => {
    const text = addressOf(standard, 'ada@example.com')
    const { size, path } = pictureOf(text)
    const drawn = Array.from({ length: size }, () => Array<boolean>(size).fill(false))
    for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g))
      for (let i = 0; i < Number(run); i++) (drawn[Number(y)] as boolean[])[Number(x) + i] = true
    expect(drawn).toEqual(encode(text, { ecc: 'M', border: 4 }).data)
    expect(path).toMatch(/^(M\d+ \d+h\d+v1H\d+z)+$/)
  })
})

describe('recovery codes', () => {
  test('have 58 bits in signs that nobody takes for another', () => {
    const made = Array.from({ length: 500 }, newCode)
    expect(new Set(made).size).toBe(500)
    for (const code of made) expect(code).toMatch(/^[2-9A-HJKMNP-TW-Z]{4}(-[2-9A-HJKMNP-TW-Z]{4}){2}$/)
  })

  test.each([
    [' 123 456 ', '123456', true],
    ['１２３４５６', '123456', true],
    ['123456', '123456', true],
    ['k7qm-2xpa–9trb', 'K7QM2XPA9TRB', false],
    ['K7QM 2XPA 9TRB\n', 'K7QM2XPA9TRB', false],
    ['1234567', '1234567', false],
  ])('%j is read as %s', (typed, plain, app) => {
    expect(plainCode(typed)).toBe(plain)
    expect(isAppCode(plainCode(typed))).toBe(app)
  })

  test('nobody can try codes against a hash without the installation’s key', () => {
    const [one, other] = [
      new Vault(Buffer.alloc(32, 1).toString('base64')),
      new Vault(Buffer.alloc(32, 2).toString('base64')),
    ]
    const hash = one.people.fingerprint('recovery code')
    expect(hash).toHaveLength(32)
    expect(one.people.fingerprint('recovery code')).toEqual(hash)
    expect(other.people.fingerprint('recovery code')).not.toEqual(hash)
    const sealed = one.people.seal(standard, 'of Ada')
    expect(one.people.open(sealed, 'of Ada')).toBe(standard)
    expect(() => one.people.open(sealed, 'of Eve')).toThrow()
    expect(() => other.people.open(sealed, 'of Ada')).toThrow()
  })
})

describe('tries at codes', () => {
  const ctx = { services: { env: readEnv({}) } } as unknown as Ctx
  /** How many of twenty are looked at. */
  async function twenty(who: string): Promise<number> {
    let looked = 0
    for (let at = 0; at < 20; at++)
      looked += await spendCode(ctx, who).then(
        () => 1,
        () => 0,
      )
    return looked
  }

  test('a right one forgives the quarter and leaves a guesser no more of the day', async () => {
    const who = 'somebody who signs in while others guess'
    let guessed = 0
    for (let at = 0; at < 8; at++) {
      guessed += await twenty(who)
      // The person's own, right one.
      await spendCode(ctx, who).catch(() => {})
      await forgiveCodes(ctx, who)
    }
    expect(guessed).toBeGreaterThanOrEqual(50)
    expect(guessed).toBeLessThan(60)
  })

  test('right ones alone never use up a day', async () => {
    const who = 'somebody who signs in all the time'
    for (let at = 0; at < 200; at++) {
      await spendCode(ctx, who)
      await forgiveCodes(ctx, who)
    }
  })

  test('a new password forgives all of them, once a day', async () => {
    const who = 'somebody who was kept out'
    const looked: number[] = []
    for (let at = 0; at < 3; at++) {
      looked.push(await twenty(who))
      await forgiveGuesses(ctx, who)
    }
    expect(looked).toEqual([10, 10, 0])
  })

  test('ten in a quarter of an hour, fifty in a day, whoever counts them', async () => {
    vi.useFakeTimers()
    try {
      const quarter = async (): Promise<number> => {
        const looked = await twenty('somebody whose codes are guessed')
        vi.advanceTimersByTime(15 * 60_000 + 1)
        return looked
      }
      const looked: number[] = []
      for (let at = 0; at < 8; at++) looked.push(await quarter())
      expect(looked).toEqual([10, 10, 10, 10, 10, 0, 0, 0])
      vi.advanceTimersByTime(86_400_000)
      expect(await quarter()).toBe(10)
    } finally {
      vi.useRealTimers()
    }
  })
})
