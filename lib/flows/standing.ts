/** Whether an account may work on: asked at the border for each change, so it is kept for a moment. */
import { AppError } from '@/lib/core/errors'
import { readSubscription } from '@/lib/features/billing/read'
import { type Entitlements, toEntitlements } from '@/lib/features/billing/rules'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { Moment } from '@/lib/platform/moment'

const standings = new Moment<Entitlements>((ctx) =>
  inAccount(ctx, async (tx) => toEntitlements(await readSubscription(tx, ctx), ctx.now())),
)

/** What the account may do now, at most a second old. */
export const standingOf = (ctx: Ctx): Promise<Entitlements> => standings.of(ctx)
/** After a change, so that it holds for the next request. */
export const forgetStanding = (accountId: string): void => standings.forget(accountId)

/** @throws account_unpaid */
export async function requirePaid(ctx: Ctx): Promise<void> {
  if ((await standingOf(ctx)).readOnly) throw new AppError('account_unpaid')
}
