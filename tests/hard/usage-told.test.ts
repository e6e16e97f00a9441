/** Guarantee 1, metered usage: what Stripe counts is what was labelled beyond the plan, however often the reporting process is killed. */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle } from '@/lib/cli/launch/bundle.mjs'
import { limitSpend } from '@/lib/flows/limit-spend'
import { createStripeKit, type StripeKit } from '../db/billing/stripe-kit'
import { amount, held } from '../kit/guarantee'

const built = '.build/usage-told'
let kit: StripeKit
beforeAll(async () => {
  await bundle(resolve('.'), built, ['tests/processes/programs/bill-once.ts'])
  kit = await createStripeKit()
  await kit.subscribe(kit.shop)
  const [subscription] = kit.stripe.world.subscriptions.values()
  if (subscription) Object.assign(subscription, { status: 'active', trial_end: null })
  if (subscription) kit.stripe.world.update(subscription)
  await kit.work()
  await limitSpend(kit.shop.as.owner, { cap: 100_000_000, alert: null })
  await use(20_000)
}, 120_000)
afterAll(() => kit.close())

/** So many labelled messages more. */
const use = (messages: number) =>
  kit.owner.query(
    'INSERT INTO usage_record (account_id, message_id, created_at) SELECT $1, gen_random_uuid(), now() FROM generate_series(1, $2::int)',
    [kit.shop.accountId, messages],
  )
const told = () => [...kit.stripe.world.usage.values()].reduce((sum, { value }) => sum + value, 0)

function start() {
  const { app, system } = { app: kit.database.appUrl, system: kit.database.systemUrl }
  const child = spawn(process.execPath, [resolve(built, 'bill-once.mjs'), kit.shop.accountId], {
    env: {
      ...process.env,
      LINGXI_APP_URL: app,
      LINGXI_SYSTEM_URL: system,
      STRIPE_SECRET_KEY: 'sk_test_emulated',
      STRIPE_API_URL: kit.stripe.url,
    },
    stdio: 'ignore',
  })
  const ended = new Promise<void>((done) => child.once('exit', () => done()))
  return { child, ended }
}

/** Kills the reporting process when Stripe has counted and not answered: the worst moment there is. */
async function killAfterTelling(): Promise<void> {
  const heard = new Promise<void>((afterwards) =>
    kit.stripe.cut(/^POST .*\/meter_events/, { done: true, hangs: true, afterwards }),
  )
  const { child, ended } = start()
  await Promise.race([heard, ended])
  child.kill('SIGKILL')
  await ended
  kit.stripe.cut(null)
}

/** Kills it at any moment. */
async function killAnywhere(after: number): Promise<void> {
  const { child, ended } = start()
  await Promise.race([sleep(after), ended])
  child.kill('SIGKILL')
  await ended
}

test('told is what was counted, after any number of kills', async () => {
  const kills = amount(20, 2)
  let used = 0
  for (let kill = 0; kill < kills; kill++) {
    await use(37 + kill)
    used += 37 + kill
    if (kill % 2 === 0) await killAfterTelling()
    else await killAnywhere(300 + ((kill * 97) % 900))
  }
  await start().ended
  expect(told()).toBe(used)
  const { rows } = await kit.owner.query('SELECT sum(count)::int AS sum FROM usage_report WHERE sent_at IS NOT NULL')
  expect(rows[0].sum).toBe(used)

  // The control: were the identifiers other ones each time, Stripe would count what was told before a kill twice.
  await use(50)
  await killAfterTelling()
  const kept = [...kit.stripe.world.usage.values()]
  kit.stripe.world.usage.clear()
  for (const [at, value] of kept.entries()) kit.stripe.world.usage.set(`forgotten ${at}`, value)
  await start().ended
  expect(told()).toBe(used + 100)
  held(
    '1 usage told to Stripe',
    `${kills} kills, ${used} counted, ${used} told; with forgotten identifiers 50 too many`,
  )
})
