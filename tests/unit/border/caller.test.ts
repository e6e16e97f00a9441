/** Whom limits count as one caller: whoever has an address of IPv6 has 2^64 of them. */
import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { addressOf } from '@/lib/border/caller'
import { readEnv } from '@/lib/core/env'

function callerAt(remoteAddress: string, forwarded?: string): string {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  const request = { headers, socket: { remoteAddress } } as unknown as IncomingMessage
  return addressOf(request, { env: readEnv(forwarded === undefined ? {} : { LINGXI_TRUST_PROXY: '1' }) })
}

test('a network of 2^64 addresses is one caller, in every spelling, directly and behind our proxy', () => {
  const one = [
    '2001:db8:1:2::1',
    '2001:db8:1:2:ffff:ffff:ffff:ffff',
    '2001:0DB8:0001:0002:dead:beef:0:1',
    '2001:db8:1:2::7%eth0',
  ]
  const seen = one.flatMap((address) => [callerAt(address), callerAt('10.0.0.1', `2001:db8:9:9::9, ${address}`)])
  expect(new Set(seen).size).toBe(1)
  expect(seen[0]).not.toBe(callerAt('2001:db8:1:3::1'))
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::ffff:c000:201', '192.0.2.1'],
])('%s is one address of IPv4', (text, address) => {
  expect(callerAt(text)).toBe(address)
  expect(callerAt('10.0.0.1', text)).toBe(address)
})

test('addresses of IPv4 stay apart, also behind a translator', () => {
  const apart = ['192.0.2.1', '192.0.2.2', '64:ff9b::c000:201', '64:ff9b::c000:202', '::1', 'fe80::1']
  expect(new Set(apart.map((address) => callerAt(address))).size).toBe(apart.length)
})

test('what is no address is counted as it stands, and nothing of it throws', () => {
  for (const odd of ['unknown', '_hidden', '192.0.2.1:4711', '[2001:db8::1]:443', ':::', 'a'.repeat(9_000)])
    expect(callerAt('10.0.0.1', odd)).toBe(odd)
  expect(callerAt('')).toBe('')
})
