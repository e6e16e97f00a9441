/** A sync ends as the table says, whatever was done in Stripe's dashboard or left behind by a sync that was stopped. */
import StripeClient from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pricesOf } from '@/lib/features/billing/stripe-prices'
import { syncStripe } from '@/lib/features/billing/stripe-sync'
import { type StripeServer, startStripe } from '../../kit/stripe/server'

const site = 'https://lingxi.example'
let server: StripeServer
let stripe: StripeClient
beforeAll(async () => {
  server = await startStripe('sk_test_x', 'whsec_x')
  const { hostname, port } = new URL(server.url)
  stripe = new StripeClient('sk_test_x', {
    host: hostname,
    port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  })
  await syncStripe(stripe, site)
}, 120_000)
afterAll(() => server.close())

const held = (key: string) => {
  const found = [...server.world.prices.values()].find(({ lookup_key }) => lookup_key === `lingxi_${key}`)
  if (!found) throw new Error(`no price ${key}`)
  return found
}

test('a sync that is stopped between a price and the end of the one before it is finished by the next', async () => {
  const old = held('pro_usd_month')
  old.unit_amount_decimal = '1500'
  server.cut(/^POST .*\/prices\/price_/)
  await expect(syncStripe(stripe, site)).rejects.toThrow()
  server.cut(null)
  expect(old).toMatchObject({ active: true, lookup_key: null })
  expect(await syncStripe(stripe, site)).toEqual([`price ${old.id} of lingxi_pro: sold no more`])
  expect(old.active).toBe(false)
  expect(await pricesOf(stripe, ['lingxi_pro_usd_month'])).toEqual([held('pro_usd_month').id])
  expect(await syncStripe(stripe, site)).toEqual([])
})

test('a price that is billed each two months is not the monthly one', async () => {
  const old = held('business_cny_month')
  old.recurring.interval_count = 2
  const lines = await syncStripe(stripe, site)
  expect(lines[0]).toContain('price lingxi_business_cny_month: changed')
  expect(held('business_cny_month').recurring.interval_count).toBe(1)
  expect(old.active).toBe(false)
  expect(await syncStripe(stripe, site)).toEqual([])
})

test('a portal that was changed in the dashboard is put back; what else Stripe tells of it does not matter', async () => {
  const [portal] = server.world.portals.values()
  const features = (portal as unknown as { features: Record<string, Record<string, unknown>> }).features
  Object.assign(features.customer_update as object, { allowed_updates: ['tax_id', 'address', 'email', 'name'] })
  Object.assign(features.subscription_cancel as object, { proration_behavior: 'none' })
  expect(await syncStripe(stripe, site)).toEqual([])
  Object.assign(features.subscription_cancel as object, { mode: 'immediately' })
  expect(await syncStripe(stripe, site)).toEqual(['portal: changed'])
  expect(await syncStripe(stripe, site)).toEqual([])
  expect(server.faults).toEqual([])
})
