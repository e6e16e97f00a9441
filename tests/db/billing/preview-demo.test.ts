/** Demo billing says before a change what its invoices then ask for: at once, and next. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Preview, Wish } from '@/lib/features/billing/preview'
import { monthOf } from '@/lib/features/billing/rules'
import { billUsage } from '@/lib/flows/bill-usage'
import { changeAddOn, changePlan, endPlan } from '@/lib/flows/change-plan'
import { previewChange } from '@/lib/flows/preview-change'
import { readBilling } from '@/lib/flows/read-billing'
import { forgetStanding } from '@/lib/flows/standing'
import type { Ctx } from '@/lib/platform/context'
import { codeOf, createKit, type Kit } from '../settings/kit'

const pro = { plan: 'pro', interval: 'month', currency: 'usd' } as const
const people = 4
const day = 86_400_000

let kit: Kit
let now: Date
beforeAll(async () => {
  kit = await createKit()
  kit.services.env.LINGXI_ADD_ONS.push('data', 'support')
})
afterAll(() => kit.close())
beforeEach(async () => {
  await kit.owner.query('DELETE FROM subscription; DELETE FROM invoice; DELETE FROM usage_month')
  now = monthOf(new Date()).start
  forgetStanding(kit.shop.accountId)
})

const at = (ctx: Ctx): Ctx => ({ ...ctx, now: () => now })
const owner = () => at(kit.shop.as.owner)
const round = () =>
  billUsage(kit.services, (accountId) => ({ ...owner(), accountId, actor: { kind: 'system', reason: 'test' } }))
const after = async (days: number) => {
  now = new Date(now.getTime() + days * day)
  await round()
}
const preview = (wish: Wish): Promise<Preview> => previewChange(owner(), wish)
const newest = async () => (await readBilling(owner())).invoices[0]

/** What was said is what is then charged: at once, and with the next invoice. */
async function holds(wish: Wish, make: () => Promise<unknown>): Promise<Preview> {
  const said = await preview(wish)
  const before = (await readBilling(owner())).invoices.length
  await make()
  const { invoices } = await readBilling(owner())
  expect(invoices.slice(0, invoices.length - before).reduce((sum, { total }) => sum + total, 0)).toBe(said.now)
  expect(said.next).not.toBeNull()
  now = said.next?.at ?? now
  await round()
  expect(await newest()).toMatchObject({ total: said.next?.amount, createdAt: said.next?.at })
  return said
}
const chosen = async (choice: { plan: 'pro' | 'business'; interval: 'month' | 'year' }) =>
  holds({ of: 'plan', ...pro, ...choice }, () => changePlan(owner(), { ...pro, ...choice }))

test('a first plan: nothing at once, and the price at the end of the trial', async () => {
  const said = await chosen({ plan: 'pro', interval: 'month' })
  expect(said).toMatchObject({ now: 0, credit: 0, currency: 'usd', next: { amount: people * 1_900 } })
  // And the page goes on saying it.
  const { charges, subscription } = await readBilling(owner())
  expect(charges).toEqual([{ interval: 'month', amount: people * 1_900, at: subscription?.periodEnd }])
  await endPlan(owner(), { ends: true })
  expect((await readBilling(owner())).charges).toEqual([])
})

test('in the trial, within a period, and from month to year', async () => {
  await changePlan(owner(), pro)
  await after(3)
  // From the trial's end on, at another price.
  expect((await chosen({ plan: 'business', interval: 'month' })).next?.amount).toBe(people * 4_900)
  await after(10)
  const smaller = await chosen({ plan: 'pro', interval: 'month' })
  expect(smaller.now).toBe(0)
  expect(smaller.next?.amount).toBeLessThan(people * 1_900)
  await after(10)
  const year = await chosen({ plan: 'pro', interval: 'year' })
  expect(year.now).toBeGreaterThan(people * 17_000)
  expect(year.next?.amount).toBe(people * 19_000)
  await after(10)
  const back = await preview({ of: 'plan', ...pro })
  expect(back).toMatchObject({ now: 0, next: { amount: 0 } })
  expect(back.credit).toBeGreaterThan(people * 16_000)
})

test('a service that gives all at once costs the whole month that runs, on its last day, too; support the rest of it', async () => {
  await changePlan(owner(), pro)
  await after(14)
  const { periodEnd } = (await readBilling(owner())).subscription ?? {}
  now = new Date((periodEnd?.getTime() ?? 0) - day / 2)
  const data = await preview({ of: 'service', addOn: 'data', on: true })
  expect(data.next).toEqual({ at: periodEnd, amount: people * 1_900 + 2 * 9_900 })
  const support = await preview({ of: 'service', addOn: 'support', on: true })
  expect(support.next?.amount).toBeLessThan(people * 1_900 + 19_900 + 700)
  await holds({ of: 'service', addOn: 'data', on: true }, () => changeAddOn(owner(), { addOn: 'data', on: true }))
  const off = await holds({ of: 'service', addOn: 'data', on: false }, () =>
    changeAddOn(owner(), { addOn: 'data', on: false }),
  )
  expect(off.next?.amount).toBe(people * 1_900)
})

test('people who come, and a plan that ends', async () => {
  await changePlan(owner(), pro)
  await after(14)
  const { periodEnd } = (await readBilling(owner())).subscription ?? {}
  const more = await preview({ of: 'people', people: people + 1 })
  expect(more.next?.at).toEqual(periodEnd)
  expect(more.next?.amount).toBe(2 * (people + 1) * 1_900 - people * 1_900)
  await endPlan(owner(), { ends: true })
  expect(await preview({ of: 'people', people: people + 1 })).toMatchObject({ next: { at: periodEnd, amount: 1_900 } })
  expect(await preview({ of: 'people', people })).toMatchObject({ now: 0, next: null })
})

test('a service in a trial that ends the plan ends with it and costs nothing; kept, it is charged from its end on', async () => {
  const support = (on: boolean) => changeAddOn(owner(), { addOn: 'support', on })
  const wish = { of: 'service', addOn: 'support', on: true } as const
  await changePlan(owner(), pro)
  await endPlan(owner(), { ends: true })
  expect(await preview(wish)).toMatchObject({ now: 0, next: null })
  await support(true)
  await endPlan(owner(), { ends: false })
  expect((await readBilling(owner())).charges).toMatchObject([{ amount: people * 1_900 + 19_900 }])
  await endPlan(owner(), { ends: true })
  await after(15)
  const { invoices, addOns } = await readBilling(owner())
  expect(invoices.map(({ total }) => total)).toEqual([0])
  expect(addOns.find(({ name }) => name === 'support')?.on).toBe(false)
})

test('who may not change it is not told, and nothing can be looked at that cannot be had', async () => {
  expect(await codeOf(previewChange(at(kit.shop.as.admin), { of: 'plan', ...pro }))).toBe('forbidden')
  expect(await codeOf(preview({ of: 'people', people: 5 }))).toBe('not_found')
  await changePlan(owner(), pro)
  expect(await codeOf(preview({ of: 'service', addOn: 'data', on: true }))).toBe('service_trial')
  expect(await codeOf(preview({ of: 'plan', ...pro, currency: 'cny' }))).toBe('plan_currency')
})
