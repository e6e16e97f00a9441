/** What keeps an installation from being paid is found by looking, before a customer finds it; and looking changes nothing. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readEnv } from '@/lib/core/env'
import { isAppError } from '@/lib/core/errors'
import { readSetUp } from '@/lib/features/billing/set-up'
import { asBillingError, stripeOf } from '@/lib/features/billing/stripe-client'
import { syncStripe } from '@/lib/features/billing/stripe-sync'
import { type StripeServer, startStripe } from '../../kit/stripe/server'

const site = 'https://lingxi.example'
let server: StripeServer
beforeAll(async () => {
  server = await startStripe('sk_live_x', 'whsec_x')
}, 120_000)
afterAll(() => server.close())

/** An installation with that key and secret. */
const installed = (key: string, secret: string) => {
  const env = readEnv({ STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: secret, STRIPE_API_URL: server.url })
  const stripe = stripeOf({ env })
  if (!stripe) throw new Error('no client')
  return { stripe, look: () => readSetUp(stripe, { env }, site) }
}
const whole = () => installed('sk_live_x', 'whsec_x')

test('before the first sync it says what that would make, and makes none of it', async () => {
  const { troubles, changes } = await whole().look()
  expect(troubles).toEqual(['differs'])
  expect(changes[0]).toBe('meter lingxi_labelled_messages: made')
  expect(server.asked.filter((line) => !line.startsWith('GET'))).toEqual([])
  // The control: the sync makes just that, and nothing is left to say.
  expect(await syncStripe(whole().stripe, site)).toEqual(changes)
  expect(await whole().look()).toEqual({ troubles: [], changes: [] })
})

test('a secret that is missing, a key of the test mode and a key that Stripe refuses are each named', async () => {
  expect((await installed('sk_live_x', '').look()).troubles).toEqual(['webhook'])
  expect((await installed('rk_live_other', 'whsec_x').look()).troubles).toEqual(['key'])
  expect((await installed('sk_test_other', '').look()).troubles).toEqual(['webhook', 'test', 'key'])
})

test('a price that somebody changed there is named', async () => {
  const price = [...server.world.prices.values()].find(({ lookup_key }) => lookup_key === 'lingxi_pro_usd_month')
  if (price) price.unit_amount_decimal = '5900'
  expect(await whole().look()).toEqual({
    troubles: ['differs'],
    changes: ['price lingxi_pro_usd_month: changed from 5900, 1900 hundredths'],
  })
})

test('a meter of our name that counts otherwise is named, and no sync takes it for ours', async () => {
  const [meter] = server.world.meters.values()
  Object.assign(meter as object, { default_aggregation: { formula: 'count' } })
  expect((await whole().look()).troubles).toEqual(['meter'])
  await expect(syncStripe(whole().stripe, site)).rejects.toThrow('does not sum up values by customer')
})

test('to a customer a key that is refused is no moment’s trouble', async () => {
  const error = await installed('sk_live_other', '').stripe.customers.retrieve('cus_1').catch(asBillingError)
  expect(isAppError(error) && error.code).toBe('billing_not_ready')
})
