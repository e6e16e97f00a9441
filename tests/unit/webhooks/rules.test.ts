/** Signatures as the specification has them, addresses that an endpoint may have, and how long is waited. */
import { webcrypto } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readNetworks } from '@/lib/core/networks'
import { acceptAddress, givenUpAfter, pauseAfter, restAfter } from '@/lib/features/webhooks/rules'
import { newSecret, signedHeaders } from '@/lib/features/webhooks/sign'
import { addressesAt } from '../../kit/hostile/addresses'

describe('signatures', () => {
  test('the example that the specification publishes', () => {
    const headers = signedHeaders(
      [`whsec_${'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'}`],
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      new Date(1_614_265_330_999),
      '{"test": 2432232314}',
    )
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
  })

  test('each of two secrets signs, and another implementation agrees', async () => {
    const secrets = [newSecret(), newSecret()]
    const body = '{"text":"坏了 🙁"}'
    const headers = signedHeaders(secrets, 'id', new Date(5_000), body)
    const signatures = headers['webhook-signature'].split(' ')
    for (const [at, secret] of secrets.entries()) {
      const bytes = Buffer.from(secret.replace('whsec_', ''), 'base64')
      expect(bytes).toHaveLength(32)
      const algorithm = { name: 'HMAC', hash: 'SHA-256' }
      const key = await webcrypto.subtle.importKey('raw', bytes, algorithm, false, ['verify'])
      const signature = Buffer.from((signatures[at] as string).replace('v1,', ''), 'base64')
      const verify = (said: string) => webcrypto.subtle.verify('HMAC', key, signature, Buffer.from(said))
      expect(await verify(`id.5.${body}`)).toBe(true)
      expect(await verify(`id.6.${body}`)).toBe(false)
      expect(await verify(`id.5.${body} `)).toBe(false)
    }
  })
})

describe('addresses', () => {
  const code = (url: string, opened = '') => {
    try {
      return acceptAddress(url, readNetworks(opened))
    } catch (error) {
      return (error as { code: string }).code
    }
  }

  test('of the internet, encrypted, in one spelling', () => {
    expect(code('https://Hooks.Example.com/in?k=1#part')).toBe('https://hooks.example.com/in?k=1')
    expect(code('https://hooks.example.com:8443/')).toBe('https://hooks.example.com:8443/')
    expect(code('https://[2606:4700::1111]/x')).toBe('https://[2606:4700::1111]/x')
    for (const url of [
      'http://hooks.example.com/',
      'https://hooks/',
      'https://localhost/',
      'https://a@hooks.example.com/',
    ])
      expect([url, code(url)]).toEqual([url, 'webhook_address'])
    expect(code('https://hooks.example.com:25/')).toBe('webhook_address')
  })

  test('spellings of closed addresses are refused at once where looking is enough', () => {
    const taken = addressesAt(8443).filter((url) => code(url.replace(/^http:/, 'https:')) !== 'webhook_address')
    // Names: where they lead is asked when something is sent.
    expect(taken.map((url) => new URL(url).hostname)).toEqual([
      // Of `example.com#@127.0.0.1`: that is where it leads.
      'example.com',
      '127.0.0.1.nip.io',
      'localtest.me',
      'metadata.google.internal',
    ])
  })

  test('an operator who opened networks may have them in clear', () => {
    expect(code('http://10.20.1.1:3000/', '10.20.0.0/16')).toBe('http://10.20.1.1:3000/')
    expect(code('http://crm/', '10.20.0.0/16')).toBe('http://crm/')
    expect(code('http://10.21.1.1/', '10.20.0.0/16')).toBe('webhook_address')
  })
})

test('tries go on for most of a day, rests get longer, and an endpoint is given up after five days', () => {
  const pauses = Array.from({ length: 10 }, (_, at) => pauseAfter(at + 1, 0.5))
  expect(pauses.filter((pause) => pause !== null)).toHaveLength(8)
  expect(pauses.at(-1)).toBeNull()
  const hours = pauses.reduce((sum: number, pause) => sum + (pause ?? 0), 0) / 3_600_000
  expect(hours).toBeGreaterThan(20)
  expect(hours).toBeLessThan(28)
  expect([pauseAfter(1, 0), pauseAfter(1, 1)]).toEqual([4_000, 6_000])
  expect([4, 5, 6, 60].map(restAfter)).toEqual([0, 10_000, 20_000, 600_000])
  expect(givenUpAfter).toBe(432_000_000)
})
