/** What keeps an installation from being paid is found by looking, before a customer finds it; and looking changes nothing. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readEnv } from '@/lib/core/env'
import { isAppError } from '@/lib/core/errors'
import { readSetUp } from '@/lib/features/billing/set-up'
import { asBillingError, stripeOf } from '@/lib/features/billing/stripe-client'
import { readHook, syncHook } from '@/lib/features/billing/stripe-hook'
import { syncStripe } from '@/lib/features/billing/stripe-sync'
import { type StripeServer, startStripe } from '../../kit/stripe/server'

const site = 'https://lingxi.example'
let server: StripeServer
beforeAll(async () => {
  server = await startStripe('sk_live_x', 'whsec_x')
}, 120_000)
afterAll(() => server.close())

/** An installation with that key and secret. */
const installed = (key: string, secret: string, more = {}, address = site) => {
  const env = readEnv({ STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: secret, STRIPE_API_URL: server.url, ...more })
  const stripe = stripeOf({ env })
  if (!stripe) throw new Error('no client')
  return { stripe, look: () => readSetUp(stripe, { env }, address) }
}
const whole = () => installed('sk_live_x', 'whsec_x')

test('before the first sync it says what that would make, and makes none of it', async () => {
  const { troubles, changes } = await whole().look()
  expect(troubles).toEqual(['differs', 'hookMissing'])
  expect(changes[0]).toBe('meter lingxi_labelled_messages: made')
  expect(server.asked.filter((line) => !line.startsWith('GET'))).toEqual([])
  // The control: the sync makes just that, and nothing is left to say.
  expect(await syncStripe(whole().stripe, site)).toEqual(changes)
  expect(await whole().look()).toEqual({ troubles: ['hookMissing'], changes: [], lacks: [] })
})

test('the webhook is made once, with everything that is followed, and its secret is told this once', async () => {
  const { stripe, look } = whole()
  const made = await syncHook(stripe, site)
  expect(made.lines).toEqual([`webhook ${site}/api/stripe: made`])
  expect(made.secret).toMatch(/^whsec_/)
  expect(await look()).toEqual({ troubles: [], changes: [], lacks: [] })
  expect(await syncHook(stripe, `${site}/`)).toEqual({ lines: [], secret: null })
  expect(server.world.hooks.size).toBe(1)
})

test('a webhook that is off, does not tell all, or speaks another version is named, and the sync mends what it can', async () => {
  const { stripe, look } = whole()
  const [hook] = [...server.world.hooks.values()]
  if (!hook) throw new Error('no webhook')
  const told = hook.enabled_events
  hook.enabled_events = ['charge.failed', ...told.filter((type) => !type.startsWith('customer.subscription.'))]
  const { troubles, lacks } = await look()
  expect(troubles).toEqual(['hookEvents'])
  expect(lacks).toHaveLength(6)
  hook.status = 'disabled'
  expect((await look()).troubles).toEqual(['hookOff'])
  const [line] = (await syncHook(stripe, site)).lines
  expect(line).toMatch(/switched on; tells customer\.subscription\.created, /)
  // What somebody else wants to hear stays.
  expect(hook.enabled_events).toContain('charge.failed')
  expect((await look()).troubles).toEqual([])
  hook.enabled_events = ['*']
  expect((await look()).troubles).toEqual([])
  hook.api_version = '2024-06-20'
  expect((await look()).troubles).toEqual(['hookVersion'])
  hook.api_version = null
  expect((await look()).troubles).toEqual([])
  // Another installation's is none of ours.
  expect((await readHook(stripe, 'https://other.example')).trouble).toBe('hookMissing')
  // Nothing comes from the internet to this machine's own names: the portal's address is all that differs.
  expect((await installed('sk_live_x', 'whsec_x', {}, 'http://127.0.0.1:3000').look()).troubles).toEqual(['differs'])
})

test('tax that was asked for and is not set up at Stripe is named', async () => {
  const taxing = () => installed('sk_live_x', 'whsec_x', { LINGXI_STRIPE_TAX: 'automatic' }).look()
  expect((await taxing()).troubles).toEqual([])
  server.world.taxed = false
  expect((await taxing()).troubles).toEqual(['tax'])
  expect((await whole().look()).troubles).toEqual([])
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
    lacks: [],
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
