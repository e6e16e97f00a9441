/** The operator sees who pays, what was earned and what Stripe sent, and nobody else does. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { changeAddOn } from '@/lib/flows/change-plan'
import { readOperatedBilling, replayEvent } from '@/lib/flows/operate-billing'
import { readBilling } from '@/lib/flows/read-billing'
import type { Ctx } from '@/lib/platform/context'
import { codeOf } from '../settings/kit'
import { createStripeKit, type StripeKit } from './stripe-kit'

let kit: StripeKit
let operator: Ctx
beforeAll(async () => {
  kit = await createStripeKit()
  Object.assign(kit.services.env, { LINGXI_ADD_ONS: ['data'] })
  const { rows } = await kit.owner.query(
    `INSERT INTO "user" (id, email, name, operator) VALUES (gen_random_uuid(), 'op@example.com', 'Op', true) RETURNING id`,
  )
  operator = makeCtx(kit.services, { kind: 'user', userId: rows[0].id }, '', 'en')
  await kit.subscribe(kit.shop)
})
afterAll(() => kit.close())

test('a trial earns nothing; a service and a first payment show in their ways', async () => {
  const { shop, stripe } = kit
  const before = await readOperatedBilling(operator)
  expect(before).toMatchObject({ provider: 'stripe', mrr: { usd: { subscriptions: 0 } }, paid: {} })
  expect(await codeOf(changeAddOn(shop.as.owner, { addOn: 'support', on: true }))).toBe('not_found')
  expect(await codeOf(changeAddOn(shop.as.admin, { addOn: 'data', on: true }))).toBe('forbidden')
  const bought = await changeAddOn(shop.as.owner, { addOn: 'data', on: true })
  expect(bought.addOns).toEqual([{ name: 'data', on: true }])

  stripe.world.advance(stripe.world.now + 15 * 86_400)
  await kit.work()
  // Invoices carry the emulator's time; they are this month's here.
  await kit.owner.query('UPDATE invoice SET created_at = now()')
  const after = await readOperatedBilling(operator)
  expect(after.mrr).toMatchObject({ usd: { subscriptions: 4 * 1_900, data: 9_900, model: 0 } })
  expect(after.paid).toMatchObject({ usd: { subscriptions: 4 * 1_900, data: 9_900, support: 0 } })
  expect(after.accounts.find(({ slug }) => slug === 'shop')).toMatchObject({ plan: 'pro', mrr: 4 * 1_900 + 9_900 })
  expect(after.accounts.find(({ slug }) => slug === 'rival')).toMatchObject({ plan: 'free', mrr: 0, provider: null })
  expect((await changeAddOn(shop.as.owner, { addOn: 'data', on: false })).addOns).toEqual([{ name: 'data', on: false }])
})

test('an event is replayed, and reads Stripe again', async () => {
  const { shop } = kit
  await kit.owner.query("UPDATE subscription SET state = 'canceled' WHERE account_id = $1", [shop.accountId])
  await kit.owner.query("UPDATE billing_customer SET read_at = read_at - interval '1 second'")
  const { events } = await readOperatedBilling(operator)
  const event = events.find(({ type, state }) => type === 'invoice.paid' && state === 'done')
  await replayEvent(operator, { id: event?.id ?? '' })
  expect(await codeOf(replayEvent(operator, { id: event?.id ?? '' }))).toBe('not_found')
  await kit.work()
  expect((await readBilling(shop.as.owner)).subscription?.state).toBe('active')
})

test('nobody else', async () => {
  for (const ctx of [kit.shop.as.owner, makeCtx(kit.services, { kind: 'system', reason: 'test' }, '', 'en')]) {
    expect(await codeOf(readOperatedBilling(ctx))).toMatch(/^(forbidden|not_signed_in)$/)
    expect(await codeOf(replayEvent(ctx, { id: 'evt_1' }))).toMatch(/^(forbidden|not_signed_in)$/)
  }
  expect(kit.stripe.faults).toEqual([])
})
