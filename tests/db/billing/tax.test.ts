/** Tax, where the operator asks Stripe for it: on Checkout, on changes, and in what is said before them. And what is said where Stripe is silent. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changePlan, refreshBilling } from '@/lib/flows/change-plan'
import { previewChange } from '@/lib/flows/preview-change'
import { taxPercent } from '../../kit/stripe/make'
import { codeOf } from '../settings/kit'
import { createStripeKit, pro, type StripeKit } from './stripe-kit'

const people = 4
const withTax = (amount: number) => amount + Math.round((amount * taxPercent) / 100)

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
})
afterAll(() => kit.close())

const owner = () => {
  // The installation's clock is the world's.
  const now = () => new Date(kit.stripe.world.now * 1_000)
  return { ...kit.shop.as.owner, now }
}
const running = async () => {
  const [newest] = kit.stripe.world.of(kit.stripe.world.subscriptions, await kit.customer(kit.shop))
  if (!newest) throw new Error('no subscription')
  return newest
}
const taxing = (on: boolean) => Object.assign(kit.services.env, { LINGXI_STRIPE_TAX: on ? 'automatic' : 'off' })

test('nobody is asked for tax where the operator did not set it', async () => {
  expect(await previewChange(owner(), { of: 'plan', ...pro })).toMatchObject({ tax: null, page: true })
  await kit.subscribe(kit.shop)
  expect((await running()).automatic_tax.enabled).toBe(false)
  const larger = await previewChange(owner(), { of: 'plan', ...pro, plan: 'business' })
  expect(larger).toMatchObject({ now: 0, tax: null, next: { amount: people * 4_900 } })
})

test('a customer without an address is asked for one, and their plan stays as it was', async () => {
  taxing(true)
  expect(await codeOf(changePlan(owner(), { ...pro, plan: 'business' }))).toBe('billing_address')
  expect((await refreshBilling(owner())).subscription?.plan).toBe('pro')
  // The dialog does without.
  expect(await codeOf(previewChange(owner(), { of: 'plan', ...pro, plan: 'business' }))).toBe('billing_address')
})

test('with an address a change computes tax, and what was said before is what is charged', async () => {
  const { world } = kit.stripe
  const customer = world.customers.get(await kit.customer(kit.shop))
  Object.assign(customer ?? {}, { address: { country: 'DE' } })
  const said = await previewChange(owner(), { of: 'plan', ...pro, plan: 'business' })
  expect(said.next?.amount).toBe(withTax(people * 4_900))
  expect(said.tax).toBe(withTax(people * 4_900) - people * 4_900)
  await changePlan(owner(), { ...pro, plan: 'business' })
  expect((await running()).automatic_tax.enabled).toBe(true)
  world.advance(Math.floor((said.next?.at.getTime() ?? 0) / 1_000))
  await kit.work()
  expect((await refreshBilling(owner())).invoices[0]?.total).toBe(said.next?.amount)
  // A year instead, at once.
  const year = await previewChange(owner(), { of: 'plan', ...pro, plan: 'business', interval: 'year' })
  expect(year.next?.amount).toBe(people * 49_000)
  await changePlan(owner(), { ...pro, plan: 'business', interval: 'year' })
  expect((await refreshBilling(owner())).invoices[0]?.total).toBe(year.now)
})

test('Checkout asks for the address, and what it sells computes tax', async () => {
  const { url } = await changePlan(kit.rival.as.owner, pro)
  const sold = kit.stripe.world.complete(String(url).split('/').at(-1) ?? '')
  expect(sold.automatic_tax.enabled).toBe(true)
  // Its page says it, and no dialog of ours can.
  taxing(false)
})

test('where Stripe is silent or away a change cannot be told the price of, within seconds', async () => {
  const { stripe } = kit
  const ask = () => codeOf(previewChange(owner(), { of: 'people', people: 9 }))
  stripe.away(true)
  expect(await ask()).toBe('billing_away')
  stripe.away(false)
  stripe.cut(/create_preview/, { hangs: true })
  const began = performance.now()
  expect(await ask()).toBe('billing_away')
  expect(performance.now() - began).toBeLessThan(7_000)
  stripe.cut(null)
  expect(await ask()).toBe('worked')
})
