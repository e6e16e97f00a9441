/** An account's plan and its use: counted with the label, held to in the flows, changed by owners, and nobody else's business. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importExamples } from '@/lib/flows/change-examples'
import { createIntent, updateIntent } from '@/lib/flows/change-intents'
import { changePlan, endPlan } from '@/lib/flows/change-plan'
import { inviteMember } from '@/lib/flows/invite-member'
import { exportUsage, readBilling } from '@/lib/flows/read-billing'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { codeOf, createKit, type Kit } from '../settings/kit'

let kit: Kit
beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.close())

const pro = { plan: 'pro', interval: 'month', currency: 'usd' } as const
const inDays = (ctx: Ctx, days: number): Ctx => ({ ...ctx, now: () => new Date(Date.now() + days * 86_400_000) })

test('a labelled message is counted once, in its own transaction, and stays counted when it goes', async () => {
  const { shop, rival, owner } = kit
  const { from } = await shop.write('refund: one')
  await shop.write('refund: two', from)
  expect((await readBilling(shop.as.owner)).used.messages).toBe(2)
  expect((await readBilling(rival.as.owner)).used.messages).toBe(0)

  // Whoever stores a label counts it, once, and a label that is taken back with its transaction was never counted.
  const counted = async () => (await owner.query('SELECT 1 FROM usage_record')).rowCount
  await owner.query('BEGIN')
  await owner.query('CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM prediction')
  await owner.query('DELETE FROM prediction; DELETE FROM usage_record')
  for (const _again of [1, 2]) {
    await owner.query('DELETE FROM prediction; INSERT INTO prediction SELECT * FROM kept')
    expect(await counted()).toBe(2)
  }
  await owner.query('DELETE FROM usage_record; ROLLBACK')
  expect(await counted()).toBe(2)

  await owner.query('DELETE FROM message WHERE account_id = $1', [shop.accountId])
  expect((await readBilling(shop.as.owner)).used.messages).toBe(2)
  const day = new Date().toISOString().slice(0, 10)
  expect(await exportUsage(shop.as.admin)).toBe(`day,messages,billed\n${day},2,0\n`)
})

test('usage is added and never changed by the running app', async () => {
  for (const change of ['DELETE FROM usage_record', 'UPDATE usage_record SET created_at = now()'])
    await expect(
      inAccount(kit.shop.as.owner, (tx) => tx.$executeRawUnsafe(change)),
      change,
    ).rejects.toThrow()
})

test('the Free plan stops at its limits, and a paid one goes on', async () => {
  const { as } = kit.rival
  // Four members already: an account that is over a limit keeps what it has.
  const before = await readBilling(as.owner)
  expect(before).toMatchObject({ provider: 'demo', subscription: null, entitlements: { plan: 'free' } })
  expect(before.over.free).toContainEqual({ measure: 'seats', used: before.used.seats, limit: 3 })
  expect(await codeOf(inviteMember(as.owner, { email: 'new@example.com', role: 'agent' }))).toBe('plan_seats')

  const made: string[] = []
  for (let at = 0; at < 20; at++) made.push((await createIntent(as.admin, { name: `Kind ${at}`, description: '' })).key)
  expect(await codeOf(createIntent(as.admin, { name: 'One more', description: '' }))).toBe('plan_intents')
  // Putting one aside makes room for one, and then it cannot come back.
  await updateIntent(as.admin, { key: made[0] as string, archived: true })
  await createIntent(as.admin, { name: 'In its place', description: '' })
  // A file brings all of its intents or none.
  const file = (...labels: string[]) =>
    Buffer.from(`text,label\n${labels.map((one) => `about ${one},${one}`).join('\n')}\n`)
  expect(await codeOf(importExamples(as.admin, file('Kind 1', 'From a file')))).toBe('plan_intents')
  // Whoever may add none is told that, and no plan.
  expect(await codeOf(importExamples(as.agent, file('Kind 1', 'From a file')))).toBe('file_intents')
  expect((await readBilling(as.owner)).used.intents).toBe(20)
  expect(await importExamples(as.admin, file('Kind 1', 'Kind 2'))).toMatchObject({ rows: 2, intents: [] })
  expect(await codeOf(updateIntent(as.admin, { key: made[0] as string, archived: false }))).toBe('plan_intents')

  await changePlan(as.owner, pro)
  await updateIntent(as.admin, { key: made[0] as string, archived: false })
  await inviteMember(as.owner, { email: 'new@example.com', role: 'agent' })
})

test('twenty requests at once get no more than the plan includes', async () => {
  const { as } = kit.shop
  // On a slow machine some give up waiting for a connection: they ask again, as a person would.
  const ask = async (name: string): Promise<string> => {
    const code = await codeOf(createIntent(as.admin, { name, description: '' }))
    return code === 'database_away' ? ask(name) : code
  }
  const codes = await Promise.all(Array.from({ length: 25 }, (_, at) => ask(`At once ${at}`)))
  expect(codes.filter((code) => code === 'plan_intents')).toHaveLength(5)
  expect((await readBilling(as.owner)).used.intents).toBe(20)
})

test('a first plan begins with a trial, can be ended with its period and go on after all', async () => {
  const { as } = kit.shop
  const begun = await changePlan(as.owner, pro)
  expect(begun).toMatchObject({ entitlements: { plan: 'pro' }, subscription: { state: 'trialing' } })
  expect((await readBilling(inDays(as.owner, 15))).subscription).toMatchObject({ state: 'active' })

  expect((await endPlan(as.owner, { ends: true })).subscription).toMatchObject({ cancelAtPeriodEnd: true })
  const ended = await readBilling(inDays(as.owner, 15))
  expect(ended).toMatchObject({ entitlements: { plan: 'free' }, subscription: { state: 'canceled' } })
  expect(await codeOf(endPlan(inDays(as.owner, 15), { ends: false }))).toBe('not_found')
  expect((await endPlan(as.owner, { ends: false })).subscription).toMatchObject({ cancelAtPeriodEnd: false })

  // Another plan later holds at once; a trial is not given twice.
  await endPlan(as.owner, { ends: true })
  const again = await changePlan(inDays(as.owner, 20), { ...pro, plan: 'business', interval: 'year' })
  expect(again).toMatchObject({ entitlements: { plan: 'business' }, subscription: { state: 'active', trialEnd: null } })
})

test('owners change the plan, admins see it, others do neither', async () => {
  const { as } = kit.shop
  expect((await readBilling(as.admin)).entitlements.plan).toBeTruthy()
  expect(await codeOf(changePlan(as.admin, pro))).toBe('forbidden')
  expect(await codeOf(endPlan(as.admin, { ends: true }))).toBe('forbidden')
  for (const role of ['agent', 'viewer'] as const) {
    expect(await codeOf(readBilling(as[role]))).toBe('forbidden')
    expect(await codeOf(exportUsage(as[role]))).toBe('forbidden')
  }
})
