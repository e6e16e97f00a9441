/**
 * Where the billing's stories are played: one suite for two places, the emulator and Stripe's own test mode. Everything goes over Stripe's API,
 * on a test clock, and nothing waits for a webhook; what differs between the places is how one comes there and what is left behind.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type StripeClient from 'stripe'
import { overageKey, planKey } from '@/lib/features/billing/catalog'
import { keepCustomer, requestKeyOf } from '@/lib/features/billing/customers'
import type { PlanChoice } from '@/lib/features/billing/input'
import { type Stripe, stripeOf } from '@/lib/features/billing/stripe-client'
import { pricesOf } from '@/lib/features/billing/stripe-prices'
import { refreshBilling } from '@/lib/flows/change-plan'
import type { Billing } from '@/lib/flows/read-billing'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import type { Kit } from '../../settings/kit'

export interface Place {
  name: 'emulator' | 'stripe'
  /** Accounts on a fresh database, whose installation bills through this place; everything is sold there. */
  open(): Promise<Kit>
  /** Once after the last story: what the run made and the place would keep. */
  leave(): Promise<void>
}

export interface Stage {
  kit: Kit
  stripe: Stripe
  /** The shop's customer, who stands on the clock. */
  customer: string
  /** The shop's owner, at the clock's time. */
  owner(): Ctx
  /** Seconds. */
  now(): number
  card(name: 'pm_card_visa' | 'pm_card_chargeCustomerFail'): Promise<void>
  advance(seconds: number): Promise<void>
  /** A plan by the API, in the place of Checkout's page. @returns what is read of it */
  subscribe(choice?: Partial<PlanChoice>, trialDays?: number): Promise<Billing>
  /** Tries again until it holds: at Stripe some things are read a moment after they were written. */
  soon<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T>
  close(): Promise<void>
}

export const pro = { plan: 'pro', interval: 'month', currency: 'usd' } as const
export const day = 86_400
/** Stripe finalizes an invoice about an hour after it made it. */
export const settled = 2 * 3_600
/** The shop's people. */
export const people = 4

export async function openStage(place: Place): Promise<Stage> {
  const kit = await place.open()
  const stripe = stripeOf(kit.services) as Stripe
  let now = Math.floor(Date.now() / 1_000)
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: now, name: 'Lingxi' })
  const { id: customer } = await stripe.customers.create({ name: 'Lingxi test', test_clock: clock.id })
  const shop = kit.shop.as.owner
  await inAccount(shop, async (tx) => {
    await requestKeyOf(tx, shop)
    await keepCustomer(tx, shop, customer)
  })
  const owner = (): Ctx => ({ ...shop, now: () => new Date(now * 1_000) })
  async function soon<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
    for (let tries = 0; ; tries++) {
      const value = await read()
      if (holds(value) || tries === 60) return value
      await sleep(place.name === 'stripe' ? 2_000 : 10)
    }
  }
  return {
    kit,
    stripe,
    customer,
    owner,
    now: () => now,
    soon,
    card: async (name) => {
      const { id } = await stripe.paymentMethods.attach(name, { customer })
      await stripe.customers.update(customer, { invoice_settings: { default_payment_method: id } })
    },
    advance: async (seconds) => {
      now += seconds
      await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: now })
      const read = () => stripe.testHelpers.testClocks.retrieve(clock.id)
      const { status } = await soon(read, (one) => one.status === 'ready')
      if (status !== 'ready') throw new Error('the test clock did not arrive')
    },
    subscribe: async (choice = {}, trialDays = 0) => {
      const { plan, currency, interval } = { ...pro, ...choice }
      const keys = [planKey(plan, currency, interval), overageKey(plan, currency)]
      const [seat, overage] = await pricesOf(stripe, keys)
      const wish: StripeClient.SubscriptionCreateParams = {
        customer,
        items: [{ price: seat as string, quantity: people }, { price: overage as string }],
        billing_mode: { type: 'flexible' },
        metadata: { account: kit.shop.accountId },
        ...(trialDays ? { trial_period_days: trialDays } : {}),
      }
      await stripe.subscriptions.create(wish)
      return soon(
        () => refreshBilling(owner()),
        ({ subscription }) => ['active', 'trialing'].includes(subscription?.state ?? ''),
      )
    },
    close: async () => {
      // Customers and subscriptions go with their clock.
      await stripe.testHelpers.testClocks.del(clock.id)
      await kit.close()
    },
  }
}
