/** What owners are told by mail is so, and is told whether Stripe's events come or not. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Kept, openMail } from '@/lib/features/mail/sealed'
import { billUsage } from '@/lib/flows/bill-usage'
import { changePlan, endPlan } from '@/lib/flows/change-plan'
import { choosePrivacy } from '@/lib/flows/choose-privacy'
import { reconcileStripe } from '@/lib/flows/follow-stripe'
import { readBilling } from '@/lib/flows/read-billing'
import { createStripeKit, pro, type StripeKit } from './stripe-kit'

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
}, 120_000)
afterAll(() => kit.close())
/** All events are lost. */
beforeEach(() => kit.stripe.deliverTo(''))

const mails = async (subject: string) => {
  const { rows } = await kit.owner.query<Kept & { subject: string }>('SELECT * FROM mail WHERE subject LIKE $1', [
    subject,
  ])
  return rows.map((row) => ({ subject: row.subject, text: openMail(kit.services.vault, row).text }))
}
const ctxAt = (seconds: number) => (accountId: string) => ({
  ...kit.acting(accountId),
  now: () => new Date(seconds * 1_000),
})
const night = () => reconcileStripe(kit.services, ctxAt(kit.stripe.world.now))
const wait = (days: number) => kit.stripe.world.advance(kit.stripe.world.now + days * 86_400)

test('a trial that ends is told with the amount that is taken then, unless the plan was ended', async () => {
  const { world } = kit.stripe
  for (const [shop, interval] of [
    [kit.shop, 'year'],
    [kit.rival, 'month'],
  ] as const) {
    const { url } = await changePlan(shop.as.owner, { ...pro, interval })
    world.complete(String(url).split('/').at(-1) ?? '')
  }
  await night()
  await endPlan(kit.rival.as.owner, { ends: true })
  // Four people by the year: all of it at once, and nothing of the months.
  expect((await readBilling(kit.shop.as.owner)).charges).toMatchObject([{ interval: 'year', amount: 76_000 }])
  expect((await readBilling(kit.rival.as.owner)).charges).toEqual([])
  expect(await mails('The trial of%')).toEqual([])
  wait(11.5)
  for (const _again of [1, 2]) await night()
  const told = await mails('The trial of%')
  expect(told.map(({ subject }) => subject)).toEqual([expect.stringMatching(/^The trial of shop/)])
  expect(told[0]?.text).toContain('$760')
  expect(told[0]?.text).toContain('by the year')
  // Whoever goes on after all hears of it.
  await endPlan(kit.rival.as.owner, { ends: false })
  await night()
  expect(await mails('The trial of rival%')).toHaveLength(1)
})

test('an end that was set at Stripe is told to owners once, and one that was asked for here is not: that was said before', async () => {
  const { world } = kit.stripe
  // Longer ago than what a reading takes for asked here.
  const settle = () => kit.owner.query("UPDATE billing_customer SET asked_at = now() - interval '1 hour'")
  const ends = () => mails('The plan of shop% ends on%')
  await endPlan(kit.shop.as.owner, { ends: true })
  await night()
  await endPlan(kit.shop.as.owner, { ends: false })
  await settle()
  await night()
  expect(await ends()).toEqual([])
  const [held] = world.of(world.subscriptions, await kit.customer(kit.shop))
  Object.assign(held as object, { cancel_at_period_end: true })
  for (const _again of [1, 2]) await night()
  expect(await ends()).toHaveLength(1)
  expect((await ends())[0]?.text).toContain('was ended at Stripe')
  const { waits, subscription } = await readBilling(kit.shop.as.owner)
  expect([waits.length, subscription?.cancelAtPeriodEnd]).toEqual([1, true])
  await endPlan(kit.shop.as.owner, { ends: false })
})

test('a payment that failed unheard is told, and so is the moment from which on the desk is read-only; each once', async () => {
  const { world } = kit.stripe
  world.declined.add(await kit.customer(kit.rival))
  wait(5)
  for (const _again of [1, 2]) await night()
  const due = await mails('A payment for rival%')
  expect(due).toHaveLength(1)
  expect(due[0]?.text).toContain('Nothing is deleted because of it.')
  // What was promised to visitors goes on, and is said where something was.
  await choosePrivacy(kit.rival.as.owner, { keepMonths: 3 })
  expect(await mails('rival% can be read and not changed%')).toEqual([])
  // Nobody reads Stripe; the worker's round is enough.
  const later = world.now + 8 * 86_400
  for (const _again of [1, 2]) await billUsage(kit.services, ctxAt(later))
  const closed = await mails('rival% can be read and not changed%')
  expect(closed).toHaveLength(1)
  expect(closed[0]?.text).toContain('nothing is deleted because of it; what you chose under Privacy goes on.')
  expect(await mails('A payment for %')).toHaveLength(1)
  expect(kit.stripe.faults).toEqual([])
})

test('an end that the portal set before the year’s is told once it stands where it will, with that day', async () => {
  const { world } = kit.stripe
  const ends = () => mails('The plan of shop% ends on%')
  const before = (await ends()).length
  const [held] = world.of(world.subscriptions, await kit.customer(kit.shop))
  const days = held?.items.data.map(({ current_period_end }) => current_period_end) ?? []
  Object.assign(held as object, { cancel_at_period_end: true, cancel_at: Math.min(...days) })
  kit.stripe.fails(/^POST .*\/subscriptions\//)
  await night()
  const end = async () => Number((await readBilling(kit.shop.as.owner)).subscription?.periodEnd) / 1_000
  expect([await end(), (await ends()).length]).toEqual([Math.min(...days), before])
  kit.stripe.fails(null)
  for (const _again of [1, 2]) await night()
  expect([await end(), (await ends()).length]).toEqual([Math.max(...days), before + 1])
  const year = String(new Date(Math.max(...days) * 1_000).getUTCFullYear())
  expect((await ends()).filter(({ subject }) => subject.includes(year))).not.toEqual([])
  await endPlan(kit.shop.as.owner, { ends: false })
})
