/** Customers that Stripe has and this database does not, as after a restore from a backup: known again by the account's id in what we wrote there. */
import { isId } from '@/lib/core/ids'
import { accountOf, adoptCustomer } from '@/lib/features/billing/customers'
import type { Stripe } from '@/lib/features/billing/stripe-client'
import { accountBehind, customersOfOurs } from '@/lib/features/billing/stripe-read'
import type { Ctx, Services } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'

/** The account that a customer is of; null: another product's, another installation's, one that is gone, or an account that has another. */
export async function adopt(
  stripe: Stripe,
  ctxOf: (accountId: string) => Ctx,
  customer: string,
): Promise<string | null> {
  const accountId = await accountBehind(stripe, customer)
  if (!isId(accountId)) return null
  const ctx = ctxOf(accountId)
  return (await inAccount(ctx, (tx) => adoptCustomer(tx, ctx, customer))) ? accountId : null
}

/** Looks through all subscriptions there. */
export async function adoptUnknown(
  services: Services,
  stripe: Stripe,
  ctxOf: (accountId: string) => Ctx,
): Promise<void> {
  for (const customer of await customersOfOurs(stripe)) {
    const known = await asSystem(services, 'whose customer', (tx) => accountOf(tx, customer))
    if (!known && (await adopt(stripe, ctxOf, customer)))
      services.log.warn({ customer }, 'a customer at Stripe was not known here, and is again')
  }
}
