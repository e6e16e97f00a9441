/** A plan is tried once: by an account, whatever of it was read here, and by a person, however many accounts they own. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changePlan, refreshBilling } from '@/lib/flows/change-plan'
import { createAccount } from '@/lib/flows/create-account'
import { previewChange } from '@/lib/flows/preview-change'
import { readBilling } from '@/lib/flows/read-billing'
import type { Ctx } from '@/lib/platform/context'
import { createStripeKit, pro, type StripeKit } from './stripe-kit'

let kit: StripeKit
beforeAll(async () => {
  kit = await createStripeKit()
}, 120_000)
afterAll(() => kit.close())

const take = async (ctx: Ctx) => {
  const { url } = await changePlan(ctx, pro)
  return kit.stripe.world.complete(String(url).split('/').at(-1) ?? '')
}

test('who tried a plan tries none again, though nothing of the first was read here', async () => {
  const { stripe, shop } = kit
  stripe.deliverTo('')
  const first = await take(shop.as.owner)
  expect(first.status).toBe('trialing')
  stripe.world.cancel(first.id)
  const preview = await previewChange(shop.as.owner, { of: 'plan', ...pro })
  expect(preview.now).toBeGreaterThan(0)
  const second = await take(shop.as.owner)
  expect([second.status, second.trial_end]).toEqual(['active', null])
  stripe.deliverTo(kit.hook)
  await refreshBilling(shop.as.owner)
})

test('a second account of the same owner has no trial, and one of somebody else has', async () => {
  const { shop, rival } = kit
  const { owner } = shop.as
  if (owner.actor.kind !== 'member') throw new Error('no member')
  const { userId } = owner.actor
  const made = await createAccount({ ...owner, actor: { kind: 'user', userId } }, { name: 'Second' })
  const actor = { kind: 'member', userId, membershipId: made.membershipId, role: 'owner' } as const
  const second = { ...owner, accountId: made.accountId, actor }
  // The page says so before.
  expect([(await readBilling(second)).trial, (await readBilling(owner)).trial]).toEqual([false, false])
  expect((await readBilling(rival.as.owner)).trial).toBe(true)
  expect((await take(second)).status).toBe('active')
  expect((await take(rival.as.owner)).status).toBe('trialing')
})
