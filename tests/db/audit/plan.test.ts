/** What a plan has of the audit log and of dataset exports: the log is written on each, and read with the plan that has it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { beginSession } from '@/lib/flows/begin-session'
import { changeAddOn, changePlan, endPlan } from '@/lib/flows/change-plan'
import { createLabel } from '@/lib/flows/create-label'
import { exportExamples } from '@/lib/flows/export-examples'
import { checkAudit, exportAudit, readAudit } from '@/lib/flows/read-audit'
import { readBilling } from '@/lib/flows/read-billing'
import type { Ctx } from '@/lib/platform/context'
import { codeOf, createKit, type Kit } from '../settings/kit'

let kit: Kit
beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.close())

const pro = { plan: 'pro', interval: 'month', currency: 'usd' } as const
const inDays = (ctx: Ctx, days: number): Ctx => ({ ...ctx, now: () => new Date(Date.now() + days * 86_400_000) })

test('entries are written on every plan and read with the one that has the log, old ones too', async () => {
  const { as } = kit.shop
  await createLabel(as.owner, { name: 'on Free', colour: 'grey' })
  for (const refused of [() => readAudit(as.owner, {}), () => checkAudit(as.owner), () => exportAudit(as.owner)])
    expect(await codeOf(refused())).toBe('plan_audit')
  await changePlan(as.owner, pro)
  expect(await codeOf(readAudit(as.owner, {}))).toBe('plan_audit')
  await changePlan(as.owner, { ...pro, plan: 'business' })
  expect((await readAudit(as.owner, {})).entries.map(({ act }) => act)).toEqual([
    'billing.plan_changed',
    'billing.plan_changed',
    'label.created',
  ])
})

test('a dataset leaves from Pro on', async () => {
  const { as } = kit.rival
  expect(await codeOf(exportExamples(as.owner, { kind: 'csv' }))).toBe('plan_data')
  expect((await readBilling(as.owner)).entitlements.limits).toMatchObject({ data: 0, audit: 0 })
  await changePlan(as.owner, pro)
  expect(await codeOf(exportExamples(as.owner, { kind: 'csv' }))).toBe('worked')
  expect((await readBilling(as.owner)).entitlements.limits).toMatchObject({ data: null, audit: 0 })
  await endPlan(as.owner, { ends: true })
  expect(await codeOf(exportExamples(inDays(as.owner, 40), { kind: 'csv' }))).toBe('plan_data')
})

test('the data service brings it along, and what was bought and ended is in the log', async () => {
  const { as, accountId } = kit.shop
  kit.services.env.LINGXI_ADD_ONS.push('data')
  await changeAddOn(as.owner, { addOn: 'data', on: true })
  // A plan that lapsed while the service is paid.
  await kit.owner.query(`UPDATE subscription SET plan = 'free' WHERE account_id = $1`, [accountId])
  expect(await codeOf(exportExamples(as.owner, { kind: 'jsonl' }))).toBe('worked')
  await changeAddOn(as.owner, { addOn: 'data', on: false })
  expect(await codeOf(exportExamples(as.owner, { kind: 'jsonl' }))).toBe('plan_data')
  await kit.owner.query(`UPDATE subscription SET plan = 'business' WHERE account_id = $1`, [accountId])
  const acts = (await readAudit(as.owner, {})).entries.map(({ act }) => act)
  expect(acts.slice(0, 3)).toEqual(['billing.service_ended', 'export.examples', 'billing.service_added'])
})

test('a sign-in is in the log of each account of its person', async () => {
  const { as, accountId } = kit.shop
  const userId = as.agent.actor.kind === 'member' ? as.agent.actor.userId : ''
  await kit.owner.query(
    `INSERT INTO membership (account_id, id, user_id, role) VALUES ($1, gen_random_uuid(), $2, 'viewer')`,
    [kit.rival.accountId, userId],
  )
  const outside: Ctx = { ...as.agent, actor: { kind: 'system', reason: 'test' }, accountId: '' }
  await Promise.all(
    Array.from({ length: 4 }, () =>
      beginSession(outside, userId, { userAgent: 'test', replaces: null, secondFactor: false }),
    ),
  )
  const { rows } = await kit.owner.query(
    `SELECT count(*)::int AS n, count(*) FILTER (WHERE actor_id::text = thing_id)::int AS own FROM audit_entry
     WHERE act = 'member.signed_in' AND account_id = ANY ($1)`,
    [[accountId, kit.rival.accountId]],
  )
  expect(rows[0]).toEqual({ n: 8, own: 8 })
  expect((await readAudit(as.owner, { act: 'member.signed_in' })).entries[0]?.by?.name).toBe('shop agent')
  expect((await checkAudit(as.owner)).broken).toBeNull()
})
