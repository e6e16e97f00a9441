/** Guarantee 2, payments: a Stripe that never answers keeps a person at most ten seconds, and nothing else is kept. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stripeOf } from '@/lib/features/billing/stripe-client'
import { changePlan, endPlan, openPortal, refreshBilling } from '@/lib/flows/change-plan'
import { readBilling } from '@/lib/flows/read-billing'
import { createStripeKit, pro, type StripeKit } from '../db/billing/stripe-kit'
import { codeOf } from '../db/settings/kit'
import { amount, held } from '../kit/guarantee'

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
  await kit.subscribe(kit.shop)
}, 120_000)
afterAll(() => kit.close())

/** Seconds until an answer, and its code. */
async function waits(act: Promise<unknown>): Promise<{ code: string; seconds: number }> {
  const began = performance.now()
  const code = await codeOf(act)
  return { code, seconds: (performance.now() - began) / 1_000 }
}

test('what a person asks is answered within ten seconds; the desk asks nobody', async () => {
  const { shop, stripe } = kit
  const { owner } = shop.as
  const acts: [string, () => Promise<unknown>, string][] = [
    ['end', () => endPlan(owner, { ends: true }), 'billing_away'],
    ['change', () => changePlan(owner, { ...pro, plan: 'business' }), 'billing_away'],
    ['portal', () => openPortal(owner), 'billing_away'],
    // On Stripe's page they may have changed something.
    ['refresh', () => refreshBilling(owner), 'billing_unknown'],
  ]
  stripe.cut(/./, { hangs: true })
  let longest = 0
  for (const [name, act, said] of acts.slice(0, amount(acts.length, 1))) {
    const { code, seconds } = await waits(act())
    expect(code, name).toBe(said)
    expect(seconds, name).toBeLessThan(10)
    longest = Math.max(longest, seconds)
  }
  // Reads and the chat do not know Stripe.
  const read = await waits(readBilling(owner))
  const written = await waits(shop.write('refund: still there?'))
  expect([read.code, written.code]).toEqual(['worked', 'worked'])

  // The control: a job's own client, which nobody waits for, goes on far longer.
  const client = stripeOf(kit.services)
  const job = client?.customers.retrieve('cus_1').catch(() => 'gave up')
  const still = await Promise.race([
    job,
    new Promise((done) => setTimeout(() => done('still asking'), amount(10_500, 1_000))),
  ])
  expect(still).toBe('still asking')
  held('2 Stripe silent', `a person waits ${longest.toFixed(1)} s at most; reading and the chat as ever`)
}, 120_000)
