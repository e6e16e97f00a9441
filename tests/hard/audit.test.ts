/** Guarantee 8, the audit log: many writers make one chain, and whatever is done to a row behind the policies is named. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { record } from '@/lib/features/audit/write'
import { changePlan } from '@/lib/flows/change-plan'
import { checkAudit } from '@/lib/flows/read-audit'
import { inAccount } from '@/lib/platform/db/in-account'
import { createKit, type Kit } from '../db/settings/kit'
import { amount, held } from '../kit/guarantee'

let kit: Kit
beforeAll(async () => {
  kit = await createKit()
  await changePlan(kit.shop.as.owner, { plan: 'business', interval: 'month', currency: 'usd' })
})
afterAll(() => kit.close())

const writers = 6
/** Ways to touch a row, and back; `$1` is the account, `$2` the sequence. */
const touches = [
  [`facts = facts || '{"n": -1}'`, `facts = jsonb_set(facts, '{n}', to_jsonb(-(facts->>'was')::int))`],
  [`act = 'label.deleted'`, `act = 'label.created'`],
  [`at = at + interval '1 millisecond'`, `at = at - interval '1 millisecond'`],
  [`thing_id = 'another'`, `thing_id = facts->>'was'`],
  [`hash = sha256(hash), previous = previous`, ''],
] as const

test('writers at once make one chain; a row that is changed is named', async () => {
  const { as, accountId } = kit.shop
  const each = amount(500, 40)
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let n = 0; n < each; n++) {
        const was = String(writer * each + n)
        await inAccount(as.owner, (tx) =>
          record(tx, as.owner, { act: 'label.created', thingId: was, facts: { was, n: -Number(was) } }),
        )
      }
    }),
  )
  const all = 1 + writers * each
  expect(await checkAudit(as.owner)).toMatchObject({ upTo: all, broken: null })

  const set = (what: string, sequence: number) =>
    kit.owner.query(`UPDATE audit_entry SET ${what} WHERE account_id = $1 AND sequence = $2`, [accountId, sequence])
  const rounds = amount(200, 10)
  for (let round = 0; round < rounds; round++) {
    const sequence = 2 + Math.floor(Math.random() * (all - 2))
    const [there, back] = touches[round % touches.length] as (typeof touches)[number]
    const { rows } = await kit.owner.query('SELECT hash FROM audit_entry WHERE account_id = $1 AND sequence = $2', [
      accountId,
      sequence,
    ])
    await set(there.replace('{"n": -1}', '{"n": 1}'), sequence)
    expect([there, (await checkAudit(as.owner)).broken]).toEqual([there, sequence])
    if (back) await set(back, sequence)
    else
      await kit.owner.query('UPDATE audit_entry SET hash = $3 WHERE account_id = $1 AND sequence = $2', [
        accountId,
        sequence,
        rows[0].hash,
      ])
  }
  // The control: without a touch the same check is content.
  expect(await checkAudit(as.owner)).toMatchObject({ upTo: all, broken: null })
  held(
    '8 audit chain',
    `${all} entries of ${writers} writers at once: one chain; ${rounds} rows changed behind it, ${rounds} named`,
  )
})

test('the app may not change, remove or empty it', async () => {
  const { rows } = await kit.owner.query(
    `SELECT p.may, has_table_privilege('lingxi_app', 'audit_entry', p.may) AS app, has_table_privilege('lingxi_system', 'audit_entry', p.may) AS system
     FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'INSERT']) AS p(may)`,
  )
  expect(rows.filter((row) => row.app || row.system).map((row) => row.may)).toEqual(['INSERT'])
  const tried = await inAccount(kit.shop.as.owner, (tx) => tx.$executeRaw`DELETE FROM audit_entry`).then(
    () => 'worked',
    () => 'refused',
  )
  expect(tried).toBe('refused')
})
