/** How much a page of the table reads among 100,000 tickets, as the app's own role with its policies: rows touched, not time. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import type { TicketPage } from '@/lib/features/tickets/input'
import { findTickets } from '@/lib/features/tickets/read'
import { sorts } from '@/lib/features/tickets/rules'
import { inAccount } from '@/lib/platform/db/in-account'
import { createKit, type Kit } from '../settings/kit'

const many = 100_000
const limit = 60
let kit: Kit
const team = newId()
const label = newId()

/** Most are resolved and ordinary, as in an account that has worked for a while; one in a hundred is open. */
const fill = `
  SET session_replication_role = replica;
  WITH rows AS (SELECT n, gen_random_uuid() AS c FROM generate_series(1, ${many}) n),
  people AS (INSERT INTO contact (account_id, id, key) SELECT $1, c, '' FROM rows)
  INSERT INTO conversation (account_id, id, display_id, inbox_id, contact_id, status, priority, assignee_id, team_id, last_sequence,
    waiting_since, last_activity_at, created_at, intent, sentiment, resolved_at)
  SELECT $1, gen_random_uuid(), n, $2, c, s, CASE WHEN n % 97 = 0 THEN 'urgent' WHEN n % 31 = 0 THEN 'high' ELSE 'normal' END,
    CASE WHEN n % 5 = 0 THEN $3::uuid END, CASE WHEN n % 1000 = 0 THEN $4::uuid END, 1,
    CASE WHEN s = 'open' THEN t END, t, t, CASE WHEN n % 500 = 0 THEN 'invoice' ELSE 'refund' END,
    CASE WHEN n % 3 = 0 THEN 'negative' ELSE 'neutral' END, CASE WHEN s = 'resolved' THEN t END
  FROM rows, LATERAL (SELECT CASE WHEN n % 100 = 0 THEN 'open' WHEN n % 100 = 1 THEN 'pending' ELSE 'resolved' END AS s,
    '2026-01-01'::timestamptz + (n * 7919 % ${many}) * interval '1 minute' AS t) made`

beforeAll(async () => {
  kit = await createKit()
  const { accountId, inboxId, members } = kit.shop
  const [begin = '', insert = ''] = fill.split(';')
  await kit.owner.query(begin)
  await kit.owner.query(`INSERT INTO team (account_id, id, name) VALUES ($1, $2, 'Small')`, [accountId, team])
  await kit.owner.query(`INSERT INTO label (account_id, id, name) VALUES ($1, $2, 'Small')`, [accountId, label])
  await kit.owner.query(insert, [accountId, inboxId, members.agent, team])
  await kit.owner.query(
    `INSERT INTO conversation_label (account_id, conversation_id, label_id) SELECT account_id, id, $2 FROM conversation
     WHERE account_id = $1 AND display_id % 2000 = 0`,
    [accountId, label],
  )
  await kit.owner.query('SET session_replication_role = DEFAULT')
  await kit.owner.query('ANALYZE')
}, 180_000)
afterAll(() => kit.close())

interface Touched {
  found: number
  scans: number
  rows: number
  next: string | null
}

/** What one page reads of conversations. */
async function touched(page: Partial<TicketPage>): Promise<Touched> {
  const ctx = kit.shop.as.agent
  return inAccount(ctx, async (tx) => {
    const counter = async () => {
      const [row] = await tx.$queryRaw<{ scans: number; rows: number }[]>`
        SELECT seq_scan::int AS scans, (seq_tup_read + idx_tup_fetch)::int AS rows FROM pg_stat_xact_user_tables WHERE relname = 'conversation'`
      return row ?? { scans: 0, rows: 0 }
    }
    const before = await counter()
    const { ids, next } = await findTickets(tx, ctx, { sort: 'activity', limit, ...page })
    const after = await counter()
    return { found: ids.length, next, scans: after.scans - before.scans, rows: after.rows - before.rows }
  })
}

const all = { status: ['open', 'pending', 'snoozed', 'resolved'] } satisfies Partial<TicketPage>

describe('a page among 100,000 tickets reads a few rows', () => {
  for (const sort of sorts)
    for (const direction of ['asc', 'desc'] as const)
      test(`${sort} ${direction}: first page and a later one`, async () => {
        const first = await touched({ ...all, sort, direction })
        expect(first).toMatchObject({ found: limit, scans: 0 })
        expect(first.rows).toBeLessThan(1_500)
        const second = await touched({ ...all, sort, direction, cursor: first.next ?? '' })
        expect(second).toMatchObject({ found: limit, scans: 0 })
        expect(second.rows).toBeLessThan(1_500)
      })

  test.each(sorts.map((sort) => [sort]))('what is still work, by %s', async (sort) => {
    const read = await touched({ sort })
    expect(read).toMatchObject({ found: limit, scans: 0 })
    // One in fifty is still work: by number the others are passed by.
    expect(read.rows).toBeLessThan(8_000)
  })

  test.each<[string, Partial<TicketPage>, number]>([
    ['an owner', { owner: ['me'] }, 2_500],
    ['nobody', { owner: ['none'] }, 2_500],
    ['a small team', { ...all, team: [team] }, 1_500],
    ['a rare intent', { ...all, intent: ['invoice'] }, 1_500],
    ['a common mood', { ...all, sentiment: ['negative'] }, 2_500],
    ['the urgent ones', { ...all, priority: ['urgent'] }, 8_000],
    ['a rare label', { ...all, label: [label] }, 500],
    ['a number', { ...all, q: '77777' }, 20],
  ])('%s', async (_name, query, most) => {
    const read = await touched(query)
    expect(read.scans).toBe(0)
    expect(read.found).toBeGreaterThan(0)
    expect(read.rows).toBeLessThan(most)
  })
})
