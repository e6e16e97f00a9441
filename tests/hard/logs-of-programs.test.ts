/** Guarantee 8, logs of a whole installation: what callers send to its programs, and what its database refuses, is in no file of data/logs. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { foundIn, makeCanaries } from '../kit/canaries'
import { amount, held, whole } from '../kit/guarantee'
import { temporaryFolder } from '../kit/installation'
import { type Supervised, startSupervised } from '../kit/supervised'
import { weakenThem } from '../kit/weakened'

const folder = temporaryFolder()
const words = makeCanaries(amount(40, 10), 20_261_201)
let one: Supervised
beforeAll(async () => {
  one = await startSupervised(folder.path)
}, 180_000)
afterAll(async () => {
  await one.stop()
  folder.remove()
})

/** What the programs wrote, by file. */
function logs(path = folder.path): Record<string, string> {
  const names = readdirSync(join(path, 'logs'))
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(path, 'logs', name), 'latin1')]))
}

/** Requests that make a library complain, each with somebody's words in it. */
function requests(word: string): [path: string, init: RequestInit][] {
  const plain = encodeURIComponent(word)
  const form = new FormData()
  form.set('$ACTION_ID_7f', word)
  form.set(`$ACTION_REF_${plain}`, word)
  const action = `${plain.replaceAll('%', '')}${'0'.repeat(42)}`.slice(0, 42)
  return [
    ['/sign-in', { method: 'POST', headers: { 'next-action': action }, body: '[]' }],
    ['/sign-in', { method: 'POST', headers: { 'next-action': plain.slice(0, 20) }, body: word }],
    ['/sign-in', { method: 'POST', body: form }],
    ['/sign-in', { headers: { rsc: '1', 'next-router-state-tree': plain } }],
    [`/_next/image?url=${plain}&w=${plain}&q=1`, {}],
    [`/${plain}/inbox?q=${plain}`, {}],
    [`/%E0%A4%A/${plain}`, {}],
    [
      '/api/auth/callback/password',
      { method: 'POST', headers: { cookie: `next-auth.callback-url=${plain}` }, body: word },
    ],
    [`/api/auth/signin?callbackUrl=${plain}&error=${plain}`, { redirect: 'manual' }],
    [
      '/api/widget/sessions',
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: `{"siteKey": "${word}` },
    ],
    [
      '/api/v1/links',
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: `${word} x` }) },
    ],
  ]
}

/** What a database refuses, with the values in its own words. */
async function refusedByDatabase({ house: { owner } }: Supervised, word: string): Promise<void> {
  const quoted = `'${word}'`
  const id = newId()
  const add = 'INSERT INTO "user" (id, email, name) VALUES ($1, $2, $3)'
  await owner.query(add, [id, `${word}@guest.example`, word])
  for (const work of [
    () => owner.query('SELECT $1::uuid', [word]),
    () => owner.query(`SELECT ${quoted}::int`),
    () => owner.query(add, [newId(), `${word}@guest.example`, word]),
    () => owner.query(`DO $$ BEGIN RAISE WARNING ${quoted.replaceAll("'", '"').replace(/^"|"$/g, "'")}; END $$`),
    () => owner.query(`DO $$ BEGIN RAISE EXCEPTION USING MESSAGE = ${quoted}, DETAIL = ${quoted}; END $$`),
  ])
    await work().catch(() => {})
}

/** Each word goes through all of it. @returns how many requests that were, and how pages answered posts */
async function provoke(them: Supervised, all: readonly string[]): Promise<{ asked: number; acted: number[] }> {
  let asked = 0
  const acted = new Set<number>()
  for (const word of all) {
    for (const [path, init] of requests(word)) {
      const answer = await fetch(them.url + path, init)
      await answer.arrayBuffer()
      if (path === '/sign-in' && init.method) acted.add(answer.status)
      asked++
    }
    await refusedByDatabase(them, word)
  }
  return { asked, acted: [...acted] }
}

test('nothing of what callers wrote is in a log of a program', { timeout: 300_000 }, async () => {
  const { asked, acted } = await provoke(one, words)
  const written = logs()
  expect(Object.keys(written)).toEqual(expect.arrayContaining(['postgres.log', 'web.log', 'worker.log']))
  // They are the files that these programs write to: what helps to find a fault is there.
  expect(written['web.log']).toContain('listening')
  expect(written['postgres.log']).toContain('database system is ready')
  const found = Object.entries(written).flatMap(([name, text]) =>
    foundIn(text, words).map((word) => `${name}: ${word}`),
  )
  expect(found).toEqual([])
  // A page takes no posts: the product has no actions of Next, which would repeat what they are given.
  expect(acted).toEqual([405])
  const bytes = Object.values(written).reduce((sum, text) => sum + text.length, 0)
  held(
    '8 logs of programs',
    `${words.length} texts in ${asked} odd requests and ${words.length * 5} refusals of the database: 0 found in ${Object.keys(written).length} files, ${bytes} bytes`,
  )
})

test.runIf(whole)(
  'control: with the database’s usual settings and the programs’ words as they are each is found',
  {
    timeout: 300_000,
  },
  async () => {
    const settings = 'lib/platform/postgres/server-settings.ts'
    const from = await weakenThem(
      ['supervisor', 'server'],
      'logs',
      { file: settings, from: "log_min_error_statement: 'panic'", to: "log_min_error_statement: 'error'" },
      { file: settings, from: "log_min_messages: 'log'", to: "log_min_messages: 'warning'" },
      { file: settings, from: "log_error_verbosity: 'terse'", to: "log_error_verbosity: 'default'" },
      {
        file: 'lib/cli/supervisor/output.ts',
        from: "loudness === 'all' || isStructured(text) ? text",
        to: 'text ? text',
      },
      {
        file: 'lib/border/page-headers.ts',
        from: "!reads && !dev && !request.url?.startsWith('/api/auth/')",
        to: 'false',
      },
      { file: 'lib/border/page-headers.ts', from: "    'next-action',\n", to: '' },
    )
    const other = temporaryFolder()
    const them = await startSupervised(other.path, from)
    onTestFinished(async () => {
      await them.stop()
      other.remove()
    })
    const few = words.slice(0, 10)
    await provoke(them, few)
    const written = logs(other.path)
    const repeats = (name: string) => foundIn(written[name] ?? '', few).length
    expect([repeats('postgres.log'), repeats('web.log')]).toEqual([few.length, few.length])
    held(
      '8 logs of programs: control',
      `with usual settings and plain words the database’s log repeats ${repeats('postgres.log')} of ${few.length}, the web server’s ${repeats('web.log')}`,
    )
  },
)
