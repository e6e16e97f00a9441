/** The demo account: made once by the real flows, labelled by the real model, finished after a kill, never doubled. */
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { type DemoAccount, seedDemo } from '@/lib/flows/seed-demo'
import { signIn } from '@/lib/flows/sign-in'
import type { Ctx } from '@/lib/platform/context'
import { Bundles } from '@/models/serve/bundles'
import { InferenceServer } from '@/models/serve/server'
import { Random } from '@/models/train/random'
import { type House, openHouse } from '../ingest/house'

let house: House
let server: InferenceServer
let demo: DemoAccount

const now = new Date()
/** A small shop; the full one is the same in every way but its number (see the unit test of the plan). */
const threads = 72
const outside = (): Ctx => {
  const chance = new Random(7)
  return {
    services: house.services,
    actor: { kind: 'system', reason: 'test' },
    accountId: '',
    locale: 'en',
    now: () => now,
    newId,
    random: () => chance.float(),
  }
}
const figures = async () => {
  const { rows } = await house.owner.query(
    `SELECT
    (SELECT count(*)::int FROM account) AS accounts, (SELECT count(*)::int FROM "user") AS people, (SELECT count(*)::int FROM mail) AS mails,
    (SELECT count(*)::int FROM conversation) AS conversations, (SELECT count(*)::int FROM message WHERE kind <> 'activity') AS messages,
    (SELECT count(*)::int FROM message WHERE label_state = 'pending') AS unlabelled, (SELECT count(*)::int FROM correction) AS corrections,
    (SELECT count(*)::int FROM team) AS teams, (SELECT count(*)::int FROM label) AS labels, (SELECT count(*)::int FROM routing_rule) AS rules,
    (SELECT count(*)::int FROM message WHERE created_at > $1) AS future`,
    [now],
  )
  return rows[0]
}

beforeAll(async () => {
  const bundles = await Bundles.open({
    base: resolve('models/base/bundle'),
    folder: resolve('models/none'),
    provider: 'cpu',
  })
  server = new InferenceServer(bundles)
  house = await openHouse({ INFERENCE_URL: `http://127.0.0.1:${await server.listen(0)}` })
  // Killed in the middle: the second run must finish what the first began.
  const stop = new Error('killed')
  const killed = seedDemo(
    outside(),
    (line) => {
      if (!/^[0-4] of/.test(line)) throw stop
    },
    threads,
  )
  await expect(killed).rejects.toBe(stop)
  expect((await figures()).conversations).toBeGreaterThan(0)
  demo = await seedDemo(outside(), () => {}, threads)
}, 180_000)
afterAll(async () => {
  await house?.close()
  await server?.close()
})

describe('the demo account', () => {
  test('has its work in it', async () => {
    const found = await figures()
    expect(found).toMatchObject({
      accounts: 1,
      people: 5,
      teams: 3,
      labels: 8,
      rules: 8,
      unlabelled: 0,
      future: 0,
      mails: 0,
    })
    expect(found.conversations).toBeGreaterThan(60)
    expect(found.messages).toBeGreaterThan(150)
    expect(found.corrections).toBeGreaterThan(5)
  })

  test('looks like a desk that is in use', async () => {
    const { rows } = await house.owner.query('SELECT status, count(*)::int AS n FROM conversation GROUP BY 1')
    const by = new Map(rows.map((row) => [row.status, row.n]))
    expect(by.get('resolved')).toBeGreaterThan(30)
    expect(by.get('open')).toBeGreaterThan(2)
    expect((by.get('pending') ?? 0) + (by.get('snoozed') ?? 0)).toBeGreaterThan(0)
    const waiting = await house.owner.query(
      `SELECT count(*)::int AS n, max(waiting_since) AS last FROM conversation WHERE waiting_since IS NOT NULL AND status = 'open'`,
    )
    expect(waiting.rows[0].n).toBeGreaterThan(4)
    expect(now.getTime() - waiting.rows[0].last.getTime()).toBeLessThan(3_600_000)
    const routed = await house.owner.query(
      `SELECT count(*)::int AS n FROM conversation WHERE team_id IS NOT NULL AND route IS NOT NULL`,
    )
    expect(routed.rows[0].n).toBeGreaterThan(25)
    const languages = await house.owner.query(
      `SELECT language, count(*)::int AS n FROM conversation GROUP BY 1 ORDER BY 2 DESC LIMIT 2`,
    )
    expect(languages.rows.map((row) => row.language).sort()).toEqual(['en', 'zh'])
    const span = await house.owner.query('SELECT min(created_at) AS first FROM conversation')
    expect(now.getTime() - span.rows[0].first.getTime()).toBeGreaterThan(40 * 86_400_000)
  })

  test('who got a broken cup shows it', async () => {
    const shown = await house.owner.query(
      `SELECT count(*)::int AS n, count(m.id)::int AS sent FROM attachment f LEFT JOIN message m ON m.id = f.message_id`,
    )
    expect(shown.rows[0].n).toBeGreaterThan(0)
    expect(shown.rows[0].sent).toBe(shown.rows[0].n)
  })

  test('ids sort as the messages do, and kept counts are right', async () => {
    const out = await house.owner.query(`SELECT count(*)::int AS n FROM (
      SELECT created_at, lag(created_at) OVER (ORDER BY id) AS before FROM message WHERE kind = 'incoming') x WHERE created_at < before`)
    expect(out.rows[0].n).toBe(0)
    const kept = await house.owner.query('SELECT key, n FROM conversation_count WHERE n <> 0 ORDER BY key')
    const counted = await house.owner.query(
      'SELECT k AS key, count(*)::int AS n FROM conversation, unnest(conversation_keys(status, assignee_id)) k GROUP BY 1 ORDER BY 1',
    )
    expect(kept.rows).toEqual(counted.rows)
  })

  test('opens with the password it was made with', async () => {
    expect(demo.password).toMatch(/^[\w-]{20}$/)
    expect(await signIn(outside(), { email: demo.email, password: demo.password }, '')).toBeTruthy()
  })

  test('a further run only gives a new password', async () => {
    const before = await figures()
    const again = await seedDemo(outside(), () => {}, threads)
    expect(await figures()).toEqual(before)
    expect(again).toMatchObject({ account: demo.account, email: demo.email, siteKey: demo.siteKey })
    expect(again.password).not.toBe(demo.password)
    await expect(signIn(outside(), { email: demo.email, password: demo.password }, '')).rejects.toMatchObject({
      code: 'sign_in_failed',
    })
    expect(await signIn(outside(), { email: again.email, password: again.password }, '')).toBeTruthy()
  })
})
