/** What a plan has of the audit log and of dataset exports: the log is written on each, and read with the plan that has it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { beginSession } from '@/lib/flows/begin-session'
import { changeAddOn, changePlan, endPlan } from '@/lib/flows/change-plan'
import { createLabel } from '@/lib/flows/create-label'
import { exportExamples, exportKinds } from '@/lib/flows/export-examples'
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

test('files of lines leave from Pro on, datasets with Business', async () => {
  const { as } = kit.rival
  const codes = async (ctx: Ctx) => {
    const found: string[] = []
    for (const kind of exportKinds) found.push(await codeOf(exportExamples(ctx, { kind })))
    return found
  }
  expect(exportKinds).toEqual(['jsonl', 'csv', 'parquet', 'md'])
  expect(await codes(as.owner)).toEqual(['plan_files', 'plan_files', 'plan_data', 'plan_data'])
  expect((await readBilling(as.owner)).entitlements.limits).toMatchObject({ files: 0, data: 0, audit: 0 })
  await changePlan(as.owner, pro)
  expect(await codes(as.owner)).toEqual(['worked', 'worked', 'plan_data', 'plan_data'])
  expect((await readBilling(as.owner)).entitlements.limits).toMatchObject({ files: null, data: 0, audit: 0 })
  await changePlan(as.owner, { ...pro, plan: 'business' })
  expect(await codes(as.owner)).toEqual(Array(4).fill('worked'))
  // Said before one goes back.
  expect((await readBilling(as.owner)).lost).toEqual({
    free: ['files', 'data', 'audit'],
    pro: ['data', 'audit'],
    business: [],
  })
  await endPlan(as.owner, { ends: true })
  expect(await codes(inDays(as.owner, 40))).toEqual(['plan_files', 'plan_files', 'plan_data', 'plan_data'])
})

test('the data service brings datasets to Pro; Business has them, so it is not sold beside it and ends with the change', async () => {
  const { as, accountId } = kit.shop
  kit.services.env.LINGXI_ADD_ONS.push('data')
  expect((await readBilling(as.owner)).entitlements.plan).toBe('business')
  expect(await codeOf(changeAddOn(as.owner, { addOn: 'data', on: true }))).toBe('conflict')
  await changePlan(as.owner, pro)
  expect(await codeOf(exportExamples(as.owner, { kind: 'parquet' }))).toBe('plan_data')
  expect(await codeOf(changeAddOn(as.owner, { addOn: 'data', on: true }))).toBe('service_trial')
  await kit.owner.query(`UPDATE subscription SET state = 'active' WHERE account_id = $1`, [accountId])
  const bought = await changeAddOn(as.owner, { addOn: 'data', on: true })
  expect(bought.addOns).toEqual([{ name: 'data', on: true, included: false, own: false }])
  // It goes on with the plan that it stands beside, and not without one.
  expect(bought.lost).toEqual({ free: ['files', 'data'], pro: [], business: [] })
  expect(await codeOf(exportExamples(as.owner, { kind: 'parquet' }))).toBe('worked')
  await changeAddOn(as.owner, { addOn: 'data', on: false })
  expect(await codeOf(exportExamples(as.owner, { kind: 'parquet' }))).toBe('plan_data')
  await changeAddOn(as.owner, { addOn: 'data', on: true })
  await kit.owner.query(`UPDATE subscription SET state = 'incomplete' WHERE account_id = $1`, [accountId])
  expect(await codeOf(exportExamples(as.owner, { kind: 'parquet' }))).toBe('plan_data')
  await kit.owner.query(`UPDATE subscription SET state = 'active' WHERE account_id = $1`, [accountId])
  const larger = await changePlan(as.owner, { ...pro, plan: 'business' })
  expect(larger.addOns).toEqual([{ name: 'data', on: false, included: true, own: false }])
  const acts = (await readAudit(as.owner, {})).entries.map(({ act }) => act)
  expect(acts.slice(0, 5)).toEqual([
    'billing.plan_changed',
    'billing.service_added',
    'billing.service_ended',
    'export.examples',
    'billing.service_added',
  ])
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
