/** Guarantee 8, account export: a large account comes in and goes out equal, in little memory, while others are served. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { newId } from '@/lib/core/ids'
import { makeSiteKey } from '@/lib/core/site-key'
import { portableTables } from '@/lib/features/accounts/portable'
import { exportAccount } from '@/lib/flows/export-account'
import { importAccount } from '@/lib/flows/import-account'
import { actingAs, emptyKit, fileOf, type Line, linesIn } from '../db/privacy/rich-account'
import { createKit, type Kit } from '../db/settings/kit'
import { amount, held } from '../kit/guarantee'

let kit: Kit
let there: Kit
let template: Line[]
beforeAll(async () => {
  kit = await createKit()
  there = await emptyKit()
  await kit.shop.write('refund: 我要退款')
  template = linesIn(await fileOf(kit.shop.as.owner))
})
afterAll(async () => {
  await kit?.close()
  await there?.close()
})

const threads = amount(2_000, 500, 30_000)
/** Of each thread. */
const messages = 10
const words = ['refund', '退款', 'where is', '订单', 'my parcel', '👩‍👩‍👧', 'thank you', '谢谢']
const of = (what: string) => template.find((line) => line.what === what)?.row ?? {}

/** Lines of an account as large as one likes, made while they are read. */
function* linesOfMany(accountId: string): Generator<[string, object]> {
  const { account, ...head } = (template[0] as Line).row as { account: object }
  yield ['export', { ...head, account: { ...account, id: accountId, lastDisplayId: threads } }]
  for (const what of ['person', 'membership'])
    for (const line of template) if (line.what === what) yield [what, line.row]
  const inbox = newId()
  yield ['inbox', { ...of('inbox'), id: inbox, site_key: makeSiteKey(accountId) }]
  const contacts = Array.from({ length: threads }, () => newId())
  for (const [n, id] of contacts.entries())
    yield ['contact', { ...of('contact'), id, name: `访客 ${n}`, email: `g${n}@guest.example` }]
  const conversations = Array.from({ length: threads }, () => newId())
  for (const [n, id] of conversations.entries())
    yield [
      'conversation',
      {
        ...of('conversation'),
        id,
        inbox_id: inbox,
        contact_id: contacts[n],
        display_id: n + 1,
        message_count: messages,
      },
    ]
  const first: string[] = []
  for (let n = 0; n < threads * messages; n++) {
    const id = newId()
    const thread = n % threads
    if (n < threads) first.push(id)
    const text = `${words[n % words.length]} ${words[(n >> 3) % words.length]} ${n}: ${'我的订单还没有到 '.repeat(1 + (n % 4))}`
    const names = { id, conversation_id: conversations[thread], contact_id: contacts[thread], client_id: newId() }
    yield ['message', { ...of('message'), ...names, sequence: 1 + Math.floor(n / threads), text }]
  }
  for (const id of first) yield ['prediction', { ...of('prediction'), message_id: id }]
}

/** @param body takes every line but the first and the last, which differ between installations */
async function* written(accountId: string, body: (line: string) => void): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  const counts: Record<string, number> = {}
  let part: string[] = []
  for (const [what, row] of linesOfMany(accountId)) {
    // Fields in the order that the database has them in.
    const line = `${JSON.stringify({ what, row })}\n`
    hash.update(line)
    if (what !== 'export') counts[what] = (counts[what] ?? 0) + 1
    if (what !== 'export') body(line)
    part.push(line)
    if (part.length < 500) continue
    yield Buffer.from(part.join(''))
    part = []
  }
  part.push(`${JSON.stringify({ what: 'end', row: { counts, sha256: hash.digest('hex') } })}\n`)
  yield Buffer.from(part.join(''))
}

test('a large account moves in little memory and comes out equal', { timeout: 3_600_000 }, async () => {
  const accountId = newId()
  const [before, after] = [createHash('sha256'), createHash('sha256')]
  let most = 0
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 50)
  globalThis.gc?.()
  const start = process.memoryUsage().rss
  const [began, ctx] = [performance.now(), makeCtx(there.services, { kind: 'system', reason: 'test' }, '', 'en')]
  const done = await importAccount(ctx, { source: written(accountId, (line) => before.update(line)) })
  const importing = (performance.now() - began) / 1_000
  expect(done).toMatchObject({ accountId, sameId: true, counts: { message: threads * messages, prediction: threads } })
  const owner = await actingAs(there, accountId)
  const again = performance.now()
  let rows = 0
  for await (const text of await exportAccount(owner))
    for (const line of text.split('\n').filter(Boolean)) {
      const { what } = JSON.parse(line) as Line
      if (what === 'export' || what === 'end') continue
      rows++
      after.update(`${line}\n`)
    }
  const exporting = (performance.now() - again) / 1_000
  clearInterval(watch)
  expect(after.digest('hex')).toBe(before.digest('hex'))
  const used = (most - start) / 1_048_576
  // Ten times the rows take no more: what is held is a part of them, and the ids that the test itself makes.
  expect(used).toBeLessThan(900)
  expect(portableTables.length).toBeGreaterThan(20)
  held(
    '8 account export, a large one',
    `${rows.toLocaleString('en')} rows in ${importing.toFixed(0)} s, out in ${exporting.toFixed(0)} s, ${used.toFixed(0)} MB more memory, equal by SHA-256`,
  )
})
