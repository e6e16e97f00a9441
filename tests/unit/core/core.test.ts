/** The words of the house: ids, keys, languages, settings, failures. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { publicUrl, readEnv } from '@/lib/core/env'
import { AppError, isAppError, statusOf } from '@/lib/core/errors'
import { isId, newId } from '@/lib/core/ids'
import { closestLocale } from '@/lib/core/locale'
import { packId, unpackId } from '@/lib/core/packed-ids'
import { makeSiteKey, readSiteKey } from '@/lib/core/site-key'

describe('ids', () => {
  test('sort in the order they were made', () => {
    const ids = Array.from({ length: 2_000 }, newId)
    expect([...ids].sort()).toEqual(ids)
    expect(ids.every(isId)).toBe(true)
  })
  test.each([
    '',
    'x',
    null,
    7,
    '018F0000-0000-7000-8000-000000000001',
    "' OR true --",
    '018f0000-0000-0000-8000-000000000001',
  ])('%s is none', (value) => {
    expect(isId(value)).toBe(false)
  })
  test('pack into 16 bytes and back, from inside a larger buffer too', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        (id) => void expect(unpackId(Buffer.concat([Buffer.alloc(3), packId(id)]).subarray(3))).toBe(id),
      ),
    )
  })
})

describe('site keys', () => {
  test('carry their account and differ', () => {
    const account = newId()
    const keys = Array.from({ length: 50 }, () => makeSiteKey(account))
    expect(new Set(keys).size).toBe(50)
    expect(keys.every((key) => readSiteKey(key) === account)).toBe(true)
  })
  test('anything else is none, without an exception', () => {
    fc.assert(
      fc.property(
        fc.string(),
        (text) => void expect(readSiteKey(text) === null || /^[\w-]{38}$/.test(text)).toBe(true),
      ),
    )
    expect(readSiteKey(`${makeSiteKey(newId())}=`)).toBeNull()
  })
})

describe('languages', () => {
  test.each([
    ['zh', 'zh-CN'],
    ['zh-TW,en;q=0.5', 'zh-CN'],
    ['de-DE,de;q=0.9,zh;q=0.8,en;q=0.7', 'zh-CN'],
    ['fr', 'en'],
    ['EN-gb', 'en'],
    ['', 'en'],
    [undefined, 'en'],
    [null, 'en'],
  ])('%s → %s', (asked, got) => {
    expect(closestLocale(asked)).toBe(got)
  })
})

describe('settings', () => {
  test('every value has a default that works', () => {
    expect(readEnv({})).toMatchObject({ LINGXI_HOST: '127.0.0.1', LINGXI_PORT: 3000, REDIS_URL: '', LINGXI_DEMO: '1' })
  })
  test('every bad value is named, and none is repeated in the message', () => {
    const bad = { LINGXI_PORT: 'many', LINGXI_PUBLIC_URL: 'nowhere', LINGXI_LOG_LEVEL: 'loud-secret' }
    expect(() => readEnv(bad)).toThrow(/LINGXI_PORT[\s\S]*LINGXI_PUBLIC_URL[\s\S]*LINGXI_LOG_LEVEL/)
    expect(() => readEnv(bad)).not.toThrow(/loud-secret/)
  })
  test('the public address has no trailing slash and names a host people can reach', () => {
    // What Compose passes for a setting that nobody gave.
    expect(readEnv({ LINGXI_PUBLIC_URL: '', LINGXI_PORT: '', LINGXI_DEMO: '' })).toEqual(readEnv({}))
    expect(publicUrl(readEnv({ LINGXI_PUBLIC_URL: 'https://help.example.org/' }))).toBe('https://help.example.org')
    expect(publicUrl(readEnv({ LINGXI_HOST: '0.0.0.0', LINGXI_PORT: '8080' }))).toBe('http://127.0.0.1:8080')
    expect(publicUrl(readEnv({ LINGXI_HOST: '::' }))).toBe('http://127.0.0.1:3000')
    expect(publicUrl(readEnv({ LINGXI_HOST: '::1' }))).toBe('http://[::1]:3000')
  })
})

describe('failures', () => {
  test('carry a status from the one table', () => {
    expect(new AppError('rate_limited').status).toBe(429)
    for (const status of Object.values(statusOf)) expect(status).toBeGreaterThanOrEqual(400)
  })
  test('are known across copies of the module', () => {
    const copy = Object.assign(new Error('not_found'), { appError: true, code: 'not_found' })
    expect(isAppError(copy)).toBe(true)
    expect(isAppError(new Error('x'))).toBe(false)
    expect(isAppError({ appError: true })).toBe(false)
  })
})
