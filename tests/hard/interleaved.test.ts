/** Requests of fifty accounts, interleaved on five connections: each sees its own rows and nobody else's. */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Services } from '@/lib/platform/context'
import { openDatabase } from '@/lib/platform/db/database'
import { callInAccount, inAccount } from '@/lib/platform/db/in-account'
import { type House, openHouse, type Shop, type Visitor, write } from '../db/ingest/house'
import { amount, held } from '../kit/guarantee'
import { each } from './access/house'

const accounts = 50
let house: House
let shops: Shop[]
let visitors: Visitor[]
/** The product's own doors, on five connections each: single statements get half of an installation's. */
let services: Services
let singly: Services

beforeAll(async () => {
  house = await openHouse()
  shops = []
  visitors = []
  // A few at a time: whoever waits long for a connection gives up.
  await each(Array(accounts).fill(0), async () => void shops.push(await house.shop()), 4)
  for (const shop of shops) visitors.push(await house.visitor(shop))
  await each(visitors, async (visitor) => void (await write(visitor, `of ${visitor.shop.accountId}`)), 4)
  const { appUrl, systemUrl } = house.database
  services = { ...house.services, database: openDatabase({ appUrl, systemUrl, connections: 5 }) }
  singly = { ...house.services, database: openDatabase({ appUrl, systemUrl, connections: 10 }) }
})
afterAll(async () => {
  await services?.database.close()
  await singly?.database.close()
  await house?.close()
})

/** Repeatable chance (a linear congruential generator): whose turn it is, and what it asks. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

interface Counts {
  asked: number
  rows: number
  foreign: number
  failed: number
}

/** What a full run may take, milliseconds: as many as the machine does in that time; `--long` does the whole million. */
const patience = amount(45_000, 45_000, 1_800_000)

/**
 * Many turns at once, each of an account drawn by chance; `turn` gives the accounts of the rows it saw.
 * Fewer than `least` before the patience ends are a failure: they would show little.
 */
async function interleave(
  times: number,
  least: number,
  turn: (shop: number, at: number) => Promise<string[]>,
): Promise<Counts> {
  const counts: Counts = { asked: 0, rows: 0, foreign: 0, failed: 0 }
  const draw = chance(20_260)
  const turns = Array.from({ length: times }, () => Math.floor(draw() * accounts))
  const end = Date.now() + patience
  await each(
    turns,
    async (shop) => {
      if (Date.now() > end) return
      const here = counts.asked++
      try {
        for (const owner of await turn(shop, here)) {
          counts.rows++
          if (owner !== shops[shop]?.accountId) counts.foreign++
        }
      } catch (error) {
        if (!String(error).includes('on purpose')) throw error
        counts.failed++
      }
    },
    12,
  )
  expect(counts.asked).toBeGreaterThanOrEqual(least)
  return counts
}

const ctxOf = (shop: number) => ({ ...(shops[shop] as Shop).ctx, services })

/** A flow as they are: reads without naming the account, sometimes writes, sometimes fails half-way. */
const flow = (shop: number, at: number): Promise<string[]> =>
  inAccount(ctxOf(shop), async (tx) => {
    const rows =
      at % 3 === 0
        ? await tx.message.findMany({ select: { accountId: true } })
        : await tx.$queryRaw<{ accountId: string }[]>`SELECT account_id AS "accountId" FROM conversation`
    if (at % 11 === 0) await tx.$executeRaw`UPDATE conversation SET priority = 'high'`
    if (at % 13 === 0) throw new Error('on purpose')
    return rows.map(({ accountId }) => accountId)
  })

/** The hot path: one statement that sets the account itself. The text names the account it was written in. */
const statement = async (shop: number): Promise<string[]> => {
  const { contactId, shop: of } = visitors[shop] as Visitor
  const call = { name: 'visitor_messages', text: 'SELECT * FROM visitor_messages($1, $2, $3, $4, $5)' }
  const rows = await callInAccount<{ id: string }>(singly, call, [of.accountId, contactId, of.inboxId, 0, 10])
  return rows.map(({ id }) => (id === first.get(of.accountId) ? of.accountId : 'another'))
}
const first = new Map<string, string>()

/**
 * The door itself without the client above it: the statements of `inAccount`, by the driver and on as many connections as it has,
 * in one message. Some fail half-way and are rolled back, as the client does it.
 */
const bare = (pool: pg.Pool) => {
  const statements = (shop: number, last: string) =>
    `BEGIN; SELECT set_config('app.account_id', '${shops[shop]?.accountId}', true);
     SELECT account_id FROM conversation; ${last}`
  return async (shop: number, at: number): Promise<string[]> => {
    if (at % 13 === 0) {
      const client = await pool.connect()
      const failed = await client.query(statements(shop, 'SELECT 1 / 0')).catch((error: unknown) => error)
      await client.query('ROLLBACK')
      client.release()
      throw new Error('on purpose', { cause: failed })
    }
    const answers = (await pool.query(statements(shop, 'COMMIT'))) as unknown as pg.QueryResult[]
    return (answers[2] as pg.QueryResult).rows.map((row) => row.account_id)
  }
}

test('0 foreign rows among interleaved requests', async () => {
  const { rows } = await house.owner.query('SELECT account_id, id FROM message')
  for (const row of rows) first.set(row.account_id, row.id)
  const pool = new pg.Pool({ connectionString: house.database.appUrl, max: 5 })
  // A million in all, and all of it with `--long`; a full run does what the time allows, and a tenth of what it usually does at least.
  const [one, two, three] = await Promise.all([
    interleave(amount(1_000_000, 400, 30_000), amount(3_000, 400, 30_000), flow),
    interleave(amount(1_000_000, 1_000, 170_000), amount(5_000, 1_000, 170_000), statement),
    interleave(amount(1_000_000, 2_000, 800_000), amount(12_000, 2_000, 800_000), bare(pool)),
  ])
  await pool.end()
  expect([one.foreign, two.foreign, three.foreign]).toEqual([0, 0, 0])
  // Every account has one message and one conversation: whoever saw none would prove nothing.
  expect(one.rows).toBe(one.asked - one.failed)
  expect(two.rows).toBe(two.asked)
  expect(three.rows).toBe(three.asked - three.failed)
  const mixed = await house.owner.query('SELECT count(*)::int AS n FROM conversation WHERE account_id <> ALL($1)', [
    shops.map(({ accountId }) => accountId),
  ])
  expect(mixed.rows[0].n).toBe(0)
  held(
    '3 interleaved requests',
    `${one.asked + two.asked + three.asked} requests of ${accounts} accounts: ${one.asked} transactions of the client on 5 connections, ${three.asked} of the door alone on 5 (${one.failed + three.failed} failing half-way), ${two.asked} statements on 5; ${one.rows + two.rows + three.rows} rows, 0 foreign`,
  )
})

describe('it bites', () => {
  test('a connection without an account sees nothing', async () => {
    const client = new pg.Client({ connectionString: house.database.appUrl })
    await client.connect()
    for (const table of ['message', 'conversation', 'contact', 'account'])
      expect((await client.query(`SELECT count(*)::int AS n FROM ${table}`)).rows[0].n, table).toBe(0)
    await client.end()
  })

  test('a door that sets the account for the session and not for the transaction is seen', async () => {
    const pool = new pg.Pool({ connectionString: house.database.appUrl, max: 5 })
    // Sets it on whichever connection is free, and asks on whichever is free then.
    const broken = async (shop: number): Promise<string[]> => {
      await pool.query(`SELECT set_config('app.account_id', $1, false)`, [shops[shop]?.accountId])
      const { rows } = await pool.query('SELECT account_id FROM conversation')
      return rows.map((row) => row.account_id)
    }
    const { foreign } = await interleave(500, 500, broken)
    await pool.end()
    expect(foreign).toBeGreaterThan(0)
  })
})
