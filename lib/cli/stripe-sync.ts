/** `npm run stripe:sync`: products, prices, meter and portal at Stripe become what the plans say, and with an address the webhook, too; a second run changes nothing. */
import { publicUrl, readEnv } from '@/lib/core/env'
import { mayNot, stripeOf } from '@/lib/features/billing/stripe-client'
import { type HookTrouble, hookUrl, isReachable, readHook, syncHook } from '@/lib/features/billing/stripe-hook'
import { syncStripe } from '@/lib/features/billing/stripe-sync'
import { command, readOptions, UsageError } from './training/options'

const USAGE = 'STRIPE_SECRET_KEY=sk_… npm run stripe:sync [-- --webhook https://your-lingxi.example]'

const say = (line: string) => process.stdout.write(`${line}\n`)

const hookSaid: Record<HookTrouble, string> = {
  hookMissing: 'is not there: run this again with -- --webhook and your address, or add it in Stripe’s dashboard',
  hookOff: 'is switched off: run this again with -- --webhook and your address',
  hookEvents: 'does not tell everything: run this again with -- --webhook and your address',
  hookVersion:
    'speaks another version of Stripe’s API; only names and ids are read of what it tells, so nothing is lost',
}

/** What the set-up page says of the webhook, where nobody asked to change it. */
async function sayHook(stripe: NonNullable<ReturnType<typeof stripeOf>>, site: string): Promise<void> {
  const hook = await readHook(stripe, site).catch((error) => {
    if (mayNot(error)) return null
    throw error
  })
  if (!hook) say(`webhook ${hookUrl(site)}: this key may not look whether it is there`)
  else if (hook.trouble) say(`webhook ${hookUrl(site)} ${hookSaid[hook.trouble]}`)
}

await command(
  USAGE,
  ['Error', 'StripeAuthenticationError', 'StripeConnectionError', 'StripePermissionError', 'StripeInvalidRequestError'],
  async () => {
    const address = readOptions(process.argv.slice(2), ['webhook'], []).values.get('webhook')
    if (address !== undefined && !(URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)))
      throw new UsageError(`--webhook must be an address such as https://your-lingxi.example, not ${address}`)
    const env = readEnv()
    const stripe = stripeOf({ env })
    if (!stripe) throw new UsageError('STRIPE_SECRET_KEY is not set.')
    const site = address ?? publicUrl(env)
    const lines = await syncStripe(stripe, site)
    const hook = address === undefined ? null : await syncHook(stripe, site)
    for (const line of [...lines, ...(hook?.lines ?? [])]) say(line)
    if (!lines.length && !hook?.lines.length) say('Nothing to change.')
    if (hook?.secret) {
      say('Stripe tells its signing secret this once. Set it where Lingxi runs, then restart it:')
      say(`STRIPE_WEBHOOK_SECRET=${hook.secret}`)
    }
    if (!hook && isReachable(site)) await sayHook(stripe, site)
  },
)
