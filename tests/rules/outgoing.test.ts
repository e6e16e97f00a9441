/** Requests we make: only listed files may open a connection, each to an address that the operator or we ourselves chose. */
import { describe, expect, test } from 'vitest'
import { held } from '../kit/guarantee'
import { isProductCode, load, projectFiles, type Source } from './kit/files'
import { importGraph } from './kit/imports'

/** Everything that opens connections, by the file that does it, and who says where to. */
const outgoing: Record<string, string> = {
  'lib/features/billing/stripe-client.ts': 'the operator: STRIPE_API_URL',
  'lib/features/billing/metering.ts': 'the operator: through stripe-client',
  'lib/features/billing/stripe-sync.ts': 'the operator: through stripe-client',
  'lib/flows/jobs.ts': 'the operator: DATABASE_URL, or our own database',
  'lib/features/identity/next-auth-call.ts': 'the operator: through the providers below',
  'lib/features/identity/provider.next-auth.ts': 'the operator: through the providers below',
  'lib/features/identity/provider.oauth.ts':
    'the operator: OIDC_ISSUER; Google and GitHub by name; all through safe-agent',
  'lib/features/identity/cookie.ts': 'nobody: opens the cookie',
  'lib/platform/db/database.ts': 'the operator: DATABASE_URL, or our own database',
  'lib/platform/events/bus.postgres.ts': 'the operator: DATABASE_URL, or our own database',
  'lib/platform/events/bus.redis.ts': 'the operator: REDIS_URL',
  'lib/platform/inference/classifier.oip.ts': 'the operator: INFERENCE_URL, or our own child',
  'lib/platform/safe-fetch.ts': 'anybody: each address is looked at while it is connected to',
  'lib/platform/safe-agent.ts': 'anybody: the same look, for a library that asks by itself',
  'lib/platform/mail/mailer.ts': 'the operator: SMTP_URL',
}

/** Of the programs that begin and watch the others, and of commands that an operator types. */
const ours = [/^lib\/cli\//, /^lib\/platform\/postgres\//, /^models\/encoder\/hub\.ts$/, /^models\/serve\/server\.ts$/]
/** Runs in browsers, where the policy (connect-src 'self') lets nothing else through. */
const browser = [/^app\//]

const packages = new Set([
  ...['node:http', 'node:https', 'node:http2', 'node:net', 'node:tls', 'node:dgram', 'node:dns', 'node:dns/promises'],
  ...['http', 'https', 'net', 'undici', 'axios', 'got', 'node-fetch', 'ws', 'pg', 'ioredis', 'nodemailer', 'stripe'],
  ...['next-auth', 'openid-client', 'graphile-worker'],
])
const calls = /(?<![.\w])(?:globalThis\.)?(?:fetch|WebSocket|EventSource|XMLHttpRequest)\s*\(|sendBeacon\s*\(/

/** One sentence for each file that opens connections and is not listed. */
function violations(sources: Source[], files: string[]): string[] {
  const edges = importGraph(sources, files).filter(({ kind, to }) => kind !== 'type' && to && packages.has(to))
  const found = new Map(edges.map(({ from, to }) => [from, String(to)]))
  for (const { path, text } of sources)
    if (calls.test(text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*/g, ''))) found.set(path, 'a call')
  return [...found].flatMap(([path, what]) => {
    const known = path in outgoing || [...ours, ...browser].some((place) => place.test(path))
    return known ? [] : [`${path} opens connections (${what}) and is not on the list`]
  })
}

const files = projectFiles()
const sources = load(files.filter(isProductCode))

describe('requests we make', () => {
  test('only listed files open connections', () => {
    expect(violations(sources, files)).toEqual([])
  })

  test('the list names no file that is gone or opens none', () => {
    const gone = Object.keys(outgoing).filter((path) => !files.includes(path))
    expect(gone).toEqual([])
    const listed = sources.filter(({ path }) => path in outgoing)
    for (const path of Object.keys(outgoing)) {
      const source = listed.find((one) => one.path === path) as Source
      const edges = importGraph([source], files).filter(({ kind, to }) => kind !== 'type' && to && packages.has(to))
      expect(edges.length > 0 || calls.test(source.text), path).toBe(true)
    }
    held(
      '5 who may ask',
      `${sources.length} files of the product: ${listed.length} listed ones open connections, 0 others`,
    )
  })

  test.each([
    ['a fetch in a flow', 'lib/flows/planted.ts', 'export const ask = (url: string) => fetch(url)'],
    [
      'by another name',
      'lib/features/contacts/planted.ts',
      'export const ask = (url: string) => globalThis.fetch(url)',
    ],
    ['a bare socket', 'lib/platform/planted.ts', `import { connect } from 'node:net'\nexport const to = connect`],
    ['loaded when it is reached', 'lib/flows/planted.ts', `export const ask = () => import('node:https')`],
  ])('the fence bites: %s', (_name, path, text) => {
    expect(violations([{ path, text }], files)).toHaveLength(1)
  })
})
