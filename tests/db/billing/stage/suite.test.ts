/**
 * Billing's stories over Stripe's API. Against the emulator in every run, and the same ones against Stripe's own test mode by
 * `STRIPE_SECRET_KEY=sk_test_… npm run test:stripe`.
 */
import { afterAll, expect, test } from 'vitest'
import { moneyStories } from './money'
import { place, requireTestKey } from './places'
import { planStories } from './plans'
import { openStage } from './stage'

/** Test clocks at Stripe take their time; no story waits for ever. */
const most = place.name === 'stripe' ? 600_000 : 120_000

afterAll(() => place.leave(), most)

for (const [name, story] of Object.entries({ ...planStories, ...moneyStories }))
  test(
    name,
    async () => {
      const stage = await openStage(place)
      try {
        await story(stage)
      } finally {
        await stage.close()
      }
    },
    most,
  )

test('a key that moves money is refused, and whatever is no key of the test mode', () => {
  for (const key of ['sk_live_x', 'rk_live_x', 'pk_test_x', '', 'sk_test_']) expect(() => requireTestKey(key)).toThrow()
  expect(requireTestKey('sk_test_x')).toBe('sk_test_x')
})
