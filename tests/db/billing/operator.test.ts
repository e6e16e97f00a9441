/** The operator sees who pays, what was earned and what Stripe sent, and nobody else does. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { newId } from '@/lib/core/ids'
import { noRevenue } from '@/lib/features/billing/revenue'
import { changeAddOn } from '@/lib/flows/change-plan'
import { checkSetUp, findAccounts, findEvents, readOperatedBilling, replayEvent } from '@/lib/flows/operate-billing'
import { readBilling } from '@/lib/flows/read-billing'
import type { Ctx } from '@/lib/platform/context'
import { codeOf } from '../settings/kit'
import { createStripeKit, type StripeKit } from './stripe-kit'

let kit: StripeKit
let operator: Ctx
beforeAll(async () => {
  kit = await createStripeKit()
  Object.assign(kit.services.env, { LINGXI_ADD_ONS: ['data', 'model'] })
  const { rows } = await kit.owner.query(
    `INSERT INTO "user" (id, email, name, operator) VALUES (gen_random_uuid(), 'op@example.com', 'Op', true) RETURNING id`,
  )
  operator = makeCtx(kit.services, { kind: 'user', userId: rows[0].id }, '', 'en')
  await kit.subscribe(kit.shop)
})
afterAll(() => kit.close())

/** The operator looks at that time. @param seconds Stripe's */
const at = (seconds: number): Ctx => ({ ...operator, now: () => new Date(seconds * 1_000) })

test('a trial earns nothing; a service and a first payment show in their ways', async () => {
  const { shop, stripe } = kit
  const before = await readOperatedBilling(operator)
  expect(before).toMatchObject({ provider: 'stripe', mrr: { usd: { subscriptions: 0 } }, paid: {} })
  expect(await checkSetUp(operator)).toMatchObject({ troubles: ['test', 'differs'], changes: ['portal: changed'] })
  expect(await codeOf(changeAddOn(shop.as.owner, { addOn: 'support', on: true }))).toBe('not_found')
  expect(await codeOf(changeAddOn(shop.as.admin, { addOn: 'data', on: true }))).toBe('forbidden')
  // Not sold in a trial; given by hand at Stripe it stands beside one.
  expect(await codeOf(changeAddOn(shop.as.owner, { addOn: 'data', on: true }))).toBe('service_trial')
  const [trial] = stripe.world.subscriptions.values()
  const [price] = [...stripe.world.prices.values()].filter(({ lookup_key }) => lookup_key === 'lingxi_add_data_usd')
  if (!trial || !price) throw new Error('nothing to sell')
  stripe.world.setItem(trial, { price: price.id, quantity: 1 })
  stripe.world.update(trial)
  await kit.work()
  const bought = await readBilling(shop.as.owner)
  expect(bought.addOns).toMatchObject([
    { name: 'model', on: false },
    { name: 'data', on: true },
  ])

  stripe.world.advance(stripe.world.now + 15 * 86_400)
  // An invoice of long ago, paid now.
  const [invoice] = stripe.world.of(stripe.world.invoices, await kit.customer(shop))
  if (invoice) invoice.created -= 60 * 86_400
  await kit.work()
  const paidAt = invoice?.status_transitions.paid_at ?? 0
  const after = await readOperatedBilling(at(paidAt))
  expect((await readOperatedBilling(at(invoice?.created ?? 0))).paid).toEqual({})
  expect(after.mrr).toMatchObject({ usd: { subscriptions: 4 * 1_900, data: 9_900, model: 0 } })
  expect(after.paid).toMatchObject({ usd: { subscriptions: 4 * 1_900, data: 9_900, support: 0 } })
  const { accounts } = await findAccounts(operator, { search: '' })
  expect(accounts.find(({ slug }) => slug === 'shop')).toMatchObject({ plan: 'pro', mrr: 4 * 1_900 + 9_900 })
  expect(accounts.find(({ slug }) => slug === 'rival')).toMatchObject({ plan: 'free', mrr: 0, provider: null })
  const without = await changeAddOn(shop.as.owner, { addOn: 'data', on: false })
  expect(without.addOns).toMatchObject([{ name: 'model' }, { name: 'data', on: false }])
})

test('models made to order show by who has the service, and how many were ordered for them this month', async () => {
  const { shop } = kit
  const made = async () => (await readOperatedBilling(operator)).made
  expect(await made()).toEqual({ accounts: 0, orders: 0 })
  await changeAddOn(shop.as.owner, { addOn: 'model', on: true })
  const { rows } = await kit.owner.query('SELECT id FROM membership WHERE account_id = $1 LIMIT 1', [shop.accountId])
  const ids = { dataset: newId(), run: newId(), consent: newId(), old: newId() }
  await kit.owner.query(
    `WITH d AS (INSERT INTO dataset (account_id, id, hash, counts, created_at) VALUES ($1, $2, 'h', '{}', now()))
     INSERT INTO training_consent (account_id, id, given_by, given_at) VALUES ($1, $3, $4, now())`,
    [shop.accountId, ids.dataset, ids.consent, rows[0].id],
  )
  for (const [run, since] of [
    [ids.run, '0 days'],
    [ids.old, '40 days'],
  ]) {
    await kit.owner.query(
      `INSERT INTO training_run (account_id, id, dataset_id, state, seed, created_at) VALUES ($1, $2, $3, 'succeeded', 1, now())`,
      [shop.accountId, run, ids.dataset],
    )
    await kit.owner.query(
      `INSERT INTO training_order (account_id, run_id, consent_id, created_at) VALUES ($1, $2, $3, now() - $4::interval)`,
      [shop.accountId, run, ids.consent, since],
    )
  }
  expect(await made()).toEqual({ accounts: 1, orders: 1 })
  await changeAddOn(shop.as.owner, { addOn: 'model', on: false })
})

test('an event is replayed, and reads Stripe again', async () => {
  const { shop } = kit
  await kit.owner.query("UPDATE subscription SET state = 'canceled' WHERE account_id = $1", [shop.accountId])
  await kit.owner.query("UPDATE billing_customer SET read_at = read_at - interval '1 second'")
  const { events } = await findEvents(operator, {})
  const event = events.find(({ type, state }) => type === 'invoice.paid' && state === 'done')
  await replayEvent(operator, { id: event?.id ?? '' })
  expect(await codeOf(replayEvent(operator, { id: event?.id ?? '' }))).toBe('not_found')
  await kit.work()
  expect((await readBilling(shop.as.owner)).subscription?.state).toBe('active')
})

test('a dispute is pointed out and takes its money off; refusals and trials that end are pointed out too', async () => {
  const { shop, stripe } = kit
  const { world } = stripe
  const earned = async (seconds: number) => {
    const sums = (await readOperatedBilling(at(seconds))).paid.usd ?? noRevenue()
    return sums.subscriptions + sums.data
  }
  expect((await readOperatedBilling(operator)).attention).toEqual([])
  const [charge] = world.of(world.charges, await kit.customer(shop))
  if (!charge) throw new Error('nothing was paid')
  // Half a year later a part goes back, and then the bank takes the whole.
  const inPayment = await earned(charge.created)
  world.now += 180 * 86_400
  world.refund(charge, 3_500)
  const refundedAt = world.now
  world.now += 60 * 86_400
  const dispute = world.dispute(charge)
  await kit.work()
  const disputed = await readOperatedBilling(operator)
  expect(disputed.attention).toMatchObject([{ kind: 'dispute', account: 'shop', amount: charge.amount }])
  // Its event names a charge only; whose it is stands with it once that is known.
  const [told] = (await findEvents(operator, {})).events.filter(({ type }) => type === 'charge.dispute.created')
  expect(told?.account).toBe('shop')
  expect(await earned(charge.created)).toBe(inPayment)
  expect(await earned(refundedAt)).toBe(-3_500)
  expect(await earned(world.now)).toBe(-charge.amount)
  world.decide(dispute, 'won')
  await kit.work()
  expect(await earned(world.now)).toBe(0)
  expect((await readOperatedBilling(operator)).attention).toEqual([])

  await kit.subscribe(kit.rival)
  const owes = "UPDATE subscription SET state = 'past_due', past_due_since = now() WHERE account_id = $1"
  const ends = "UPDATE subscription SET trial_end = now() + interval '3 days' WHERE account_id = $1"
  await kit.work()
  await kit.owner.query(owes, [shop.accountId])
  await kit.owner.query(ends, [kit.rival.accountId])
  await kit.owner.query("UPDATE stripe_event SET state = 'failed' WHERE id = $1", [world.events[0]?.id])
  const { attention } = await readOperatedBilling(operator)
  expect(attention.map(({ kind }) => kind)).toEqual(['due', 'trial', 'event'])
  expect((await findEvents(operator, { state: 'failed' })).events).toHaveLength(1)
})

test('accounts and events come a page at a time, each once, and are found by a part of their name', async () => {
  await kit.owner.query(
    `INSERT INTO account (id, slug, name, key, created_at)
     SELECT uuidv7(), 'many-' || n, 'Many 100% Nº ' || n, decode('00', 'hex'), now() FROM generate_series(1, 120) AS n`,
  )
  const seen: string[] = []
  let before: string | undefined
  do {
    const page = await findAccounts(operator, { search: '', ...(before ? { before } : {}) })
    seen.push(...page.accounts.map(({ slug }) => slug))
    before = page.next ?? undefined
  } while (before)
  expect(seen).toHaveLength(122)
  expect(new Set(seen).size).toBe(122)
  expect(seen[0]?.startsWith('many-')).toBe(true)
  const found = async (search: string) => (await findAccounts(operator, { search })).accounts.map(({ slug }) => slug)
  expect(await found('nº 119')).toEqual(['many-119'])
  expect(await found('RIVAL')).toEqual(['rival'])
  // A sign of the database's is only a sign.
  expect(await found('100%')).toHaveLength(50)
  expect(await found('_')).toEqual([])

  await kit.owner.query(
    `INSERT INTO stripe_event (id, type, object_id, state, created_at, received_at, due_at)
     SELECT 'evt_many_' || n, 'x', 'x', 'ignored', now(), now(), now() FROM generate_series(1, 130) AS n`,
  )
  const ids: string[] = []
  let last: string | undefined
  do {
    const page = await findEvents(operator, { state: 'ignored', ...(last ? { before: last } : {}) })
    ids.push(...page.events.map(({ id }) => id))
    last = page.next ?? undefined
  } while (last)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => id.startsWith('evt_many_'))).toHaveLength(130)
})

test('nobody else', async () => {
  for (const ctx of [kit.shop.as.owner, makeCtx(kit.services, { kind: 'system', reason: 'test' }, '', 'en')]) {
    for (const read of [
      readOperatedBilling,
      checkSetUp,
      (one: Ctx) => findAccounts(one, { search: '' }),
      (one: Ctx) => findEvents(one, {}),
    ])
      expect(await codeOf(read(ctx))).toMatch(/^(forbidden|not_signed_in)$/)
    expect(await codeOf(replayEvent(ctx, { id: 'evt_1' }))).toMatch(/^(forbidden|not_signed_in)$/)
  }
  expect(kit.stripe.faults).toEqual([])
})
