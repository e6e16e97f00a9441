/** Reports an account's usage to Stripe once, as the worker does, with the database and Stripe of its environment. */
import { makeCtx } from '@/lib/border/caller'
import { readEnv } from '@/lib/core/env'
import { stripeOf } from '@/lib/features/billing/stripe-client'
import { billAccount } from '@/lib/flows/bill-usage'
import type { Services } from '@/lib/platform/context'
import { openDatabase } from '@/lib/platform/db/database'
import { createLog } from '@/lib/platform/log'

const env = readEnv(process.env)
const { LINGXI_APP_URL: appUrl, LINGXI_SYSTEM_URL: systemUrl } = env
// Reporting asks for nothing else.
const services = { env, log: createLog('bill', 'silent'), database: openDatabase({ appUrl, systemUrl }) } as Services
const stripe = stripeOf(services)
if (!stripe) throw new Error('STRIPE_SECRET_KEY is missing')
await billAccount(stripe, makeCtx(services, { kind: 'system', reason: 'test' }, process.argv[2] ?? '', 'en'))
await services.database.close()
