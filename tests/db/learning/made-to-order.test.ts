/** Models made to order: only with a standing consent, recorded with who and when, and answering nobody before they are accepted. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { newId } from '@/lib/core/ids'
import { importExamples } from '@/lib/flows/change-examples'
import { changeAddOn, changePlan } from '@/lib/flows/change-plan'
import { decideOnOrder, orderTraining, readConsenting, setConsent } from '@/lib/flows/order-training'
import { promoteVersion } from '@/lib/flows/promote-version'
import { readLearning } from '@/lib/flows/read-learning'
import { tryVersion } from '@/lib/flows/try-version'
import type { Ctx } from '@/lib/platform/context'
import { codeOf } from '../settings/kit'
import { createLearningKit, type LearningKit, linesOf } from './kit'

let kit: LearningKit
let operator: Ctx
let stranger: Ctx
beforeAll(async () => {
  kit = await createLearningKit()
  const person = async (isOperator: boolean) => {
    const userId = newId()
    await kit.owner.query('INSERT INTO "user" (id, email, name, operator) VALUES ($1, $2, $3, $4)', [
      userId,
      `${userId}@example.test`,
      'Olga',
      isOperator,
    ])
    return makeCtx(kit.services, { kind: 'user', userId }, '', 'en')
  }
  operator = await person(true)
  stranger = await person(false)
  await importExamples(kit.shop.as.owner, Buffer.from(linesOf(['card_arrival', 'lost_phone'], 20)))
})
afterAll(() => kit.close())

const records = async () =>
  (
    await kit.owner.query('SELECT * FROM training_consent WHERE account_id = $1 ORDER BY given_at', [
      kit.shop.accountId,
    ])
  ).rows
const order = () => orderTraining(operator, { accountId: kit.shop.accountId })

test('no run without consent; only an owner gives it, and it is written down with who and when', async () => {
  const { as, members } = kit.shop
  expect(await codeOf(order())).toBe('consent_missing')
  expect(await codeOf(setConsent(as.admin, { given: true }))).toBe('forbidden')
  expect(await readConsenting(operator)).toEqual({ accounts: [] })
  await setConsent(as.owner, { given: true })
  await setConsent(as.owner, { given: true })
  expect(await records()).toMatchObject([{ given_by: members.owner, withdrawn_at: null }])
  expect((await readLearning(as.admin)).consent).toMatchObject({ givenBy: members.owner, givenAt: expect.any(Date) })
  expect((await readConsenting(operator)).accounts).toMatchObject([{ id: kit.shop.accountId, order: null }])
  // The runs of others are nobody's but theirs, and nobody but an operator asks.
  expect(await codeOf(orderTraining(operator, { accountId: kit.rival.accountId }))).toBe('not_enough_examples')
  expect(await codeOf(orderTraining(stranger, { accountId: kit.shop.accountId }))).toBe('forbidden')
  expect(await codeOf(readConsenting(stranger))).toBe('forbidden')
  expect((await readLearning(as.owner)).runs).toEqual([])
})

test('what was made answers nobody until the account accepts it, and not after it declined', async () => {
  const { as } = kit.shop
  const { id } = await order()
  expect((await readConsenting(operator)).accounts[0]?.order).toMatchObject({ state: 'queued', decision: null })
  expect(await kit.work()).toBe(true)
  const { versions, orders, runs } = await readLearning(as.owner)
  expect(runs).toMatchObject([{ id, state: 'succeeded', authorId: null }])
  expect(orders).toMatchObject([{ runId: id, decision: null }])
  const version = versions[0]?.id as string
  expect(await codeOf(promoteVersion(as.owner, { id: version }))).toBe('not_accepted')
  expect(await codeOf(tryVersion(as.owner, { id: version, share: 0 }))).toBe('not_accepted')
  expect(await codeOf(decideOnOrder(as.agent, { id: version, decision: 'accepted' }))).toBe('forbidden')
  await decideOnOrder(as.admin, { id: version, decision: 'declined' })
  expect(await codeOf(promoteVersion(as.owner, { id: version }))).toBe('not_accepted')
  expect((await readConsenting(operator)).accounts[0]?.order).toMatchObject({
    state: 'succeeded',
    decision: 'declined',
  })
  await decideOnOrder(as.admin, { id: version, decision: null })
  await decideOnOrder(as.admin, { id: version, decision: 'accepted' })
  await promoteVersion(as.owner, { id: version, unjudged: true })
  expect(await codeOf(decideOnOrder(as.admin, { id: version, decision: 'declined' }))).toBe('conflict')
  expect(await codeOf(decideOnOrder(kit.rival.as.owner, { id: version, decision: 'accepted' }))).toBe('not_found')
})

test('withdrawn, what waits is cancelled, the record stays, and nothing new is started', async () => {
  const { as, members } = kit.shop
  const { id } = await order()
  await setConsent(as.owner, { given: false })
  expect((await readLearning(as.owner)).runs.find((run) => run.id === id)?.state).toBe('cancelled')
  expect(await codeOf(order())).toBe('consent_missing')
  expect(await records()).toMatchObject([{ withdrawn_by: members.owner, withdrawn_at: expect.any(Date) }])
  await setConsent(as.owner, { given: true })
  expect(await records()).toHaveLength(2)
  // A withdrawal and an order at once: whichever is first, no run goes on without consent.
  await Promise.allSettled([order(), setConsent(as.owner, { given: false })])
  const { runs, consent } = await readLearning(as.owner)
  expect(consent).toBeNull()
  expect(runs.filter(({ state }) => state === 'queued')).toEqual([])
})

test('where the service is sold an order needs it, and the pages say so; where it is not, the consent is enough', async () => {
  const { as, accountId } = kit.shop
  await setConsent(as.owner, { given: true })
  const service = async () => (await readConsenting(operator)).accounts.find(({ id }) => id === accountId)?.service
  const own = async () => (await readLearning(as.owner)).service
  expect([await service(), await own()]).toEqual(['unsold', { standing: 'unsold', price: 29_900, currency: 'usd' }])
  kit.services.env.LINGXI_ADD_ONS.push('model')
  expect([await service(), (await own()).standing]).toEqual(['none', 'none'])
  const runs = (await readLearning(as.owner)).runs.length
  expect(await codeOf(order())).toBe('service_missing')
  expect((await readLearning(as.owner)).runs).toHaveLength(runs)

  // A plan that runs keeps its currency: this one was taken in yuan.
  await kit.owner.query("UPDATE subscription SET currency = 'cny' WHERE account_id = $1", [accountId])
  await changePlan(as.owner, { plan: 'pro', interval: 'month', currency: 'cny' })
  // A trial that was ended after the order would have paid for none of it.
  expect(await codeOf(changeAddOn(as.owner, { addOn: 'model', on: true }))).toBe('service_trial')
  const bought = "UPDATE subscription SET add_ons = '{model}', cancel_at_period_end = $2 WHERE account_id = $1"
  for (const [ends, standing] of [
    [false, 'trial'],
    [true, 'trialEnds'],
  ] as const) {
    await kit.owner.query(bought, [accountId, ends])
    expect([await service(), (await own()).standing]).toEqual([standing, standing])
  }
  await kit.owner.query(
    "UPDATE subscription SET state = 'active', trial_end = NULL, add_ons = '{}', cancel_at_period_end = false WHERE account_id = $1",
    [accountId],
  )
  await changeAddOn(as.owner, { addOn: 'model', on: true })
  expect([await service(), await own()]).toEqual(['paid', { standing: 'paid', price: 199_000, currency: 'cny' }])
  expect(await codeOf(order())).toBe('worked')
  // A payment that is overdue holds it back, and says so.
  await kit.owner.query(
    "UPDATE subscription SET state = 'past_due', past_due_since = now() - interval '8 days' WHERE account_id = $1",
    [accountId],
  )
  expect(await codeOf(order())).toBe('account_unpaid')
  kit.services.env.LINGXI_ADD_ONS.pop()
})
