/** A training that a rule asks for and the plan has none left for is no secret of the log: owners learn of it, once a month. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { newId } from '@/lib/core/ids'
import { plans } from '@/lib/features/billing/plans'
import { monthOf } from '@/lib/features/billing/rules'
import { correctLabel } from '@/lib/flows/correct-label'
import { trainByRule } from '@/lib/flows/train-by-rule'
import { createKit, type Kit } from '../settings/kit'

let kit: Kit
beforeAll(async () => {
  kit = await createKit()
}, 120_000)
afterAll(() => kit.close())

test('owners read when it starts and what would start it now', async () => {
  const { shop, owner, services } = kit
  const { start } = monthOf(new Date())
  const dataset = newId()
  await owner.query(`INSERT INTO dataset (account_id, id, hash, counts, created_at) VALUES ($1, $2, 'h', '{}', $3)`, [
    shop.accountId,
    dataset,
    start,
  ])
  for (let run = 0; run < plans.free.trainings; run++)
    await owner.query(
      `INSERT INTO training_run (account_id, id, dataset_id, state, seed, created_at) VALUES ($1, $2, $3, 'succeeded', 1, $4)`,
      [shop.accountId, newId(), dataset, start],
    )
  await owner.query('INSERT INTO training_rule (account_id, after_corrections, weekly) VALUES ($1, 1, false)', [
    shop.accountId,
  ])
  const turn = () =>
    trainByRule(services, (accountId) => makeCtx(services, { kind: 'system', reason: 'test' }, accountId, 'en'))
  const mails = async () =>
    (await owner.query(`SELECT "to" FROM mail WHERE subject LIKE 'shop: a training by your rule waits for%'`)).rows
  // Nothing is due, so nothing waits.
  expect([await turn(), await mails()]).toEqual([0, []])
  await shop.write('refund: where is my money?')
  const { rows } = await owner.query(`SELECT id FROM message WHERE account_id = $1 AND kind = 'incoming'`, [
    shop.accountId,
  ])
  await correctLabel(shop.as.agent, { messageId: rows[0].id, field: 'intent', value: 'invoice' })
  for (let look = 0; look < 2; look++) expect(await turn()).toBe(0)
  expect(await mails()).toEqual([{ to: 'owner@shop.example' }])
})
