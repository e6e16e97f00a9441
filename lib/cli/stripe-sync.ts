/** `npm run stripe:sync`: products, prices, meter and portal at Stripe become what the plans say; a second run changes nothing. */
import { publicUrl, readEnv } from '@/lib/core/env'
import { stripeOf } from '@/lib/features/billing/stripe-client'
import { syncStripe } from '@/lib/features/billing/stripe-sync'
import { command, UsageError } from './training/options'

const USAGE = 'STRIPE_SECRET_KEY=sk_… npm run stripe:sync'

await command(
  USAGE,
  ['Error', 'StripeAuthenticationError', 'StripeConnectionError', 'StripePermissionError'],
  async () => {
    const env = readEnv()
    const stripe = stripeOf({ env })
    if (!stripe) throw new UsageError('STRIPE_SECRET_KEY is not set.')
    const lines = await syncStripe(stripe, publicUrl(env))
    process.stdout.write(lines.length ? `${lines.join('\n')}\n` : 'Nothing to change.\n')
  },
)
