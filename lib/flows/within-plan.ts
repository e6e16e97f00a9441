/** Holds an account to its plan: asked before one more of what the plan counts. */
import { AppError } from '@/lib/core/errors'
import { lockBilling } from '@/lib/features/billing/lock'
import { type Feature, type PlanName, planNames, plans } from '@/lib/features/billing/plans'
import {
  addOnsOf,
  countMessages,
  countPlaces,
  countSeats,
  countTrainings,
  readSubscription,
} from '@/lib/features/billing/read'
import { allows, type Measure, monthOf, toEntitlements } from '@/lib/features/billing/rules'
import { listIntents } from '@/lib/features/intents/read'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

/** How much of a measure the account has or has used this month. */
export async function usedOf(tx: Tx, ctx: Ctx, measure: Measure): Promise<number> {
  const month = monthOf(ctx.now())
  if (measure === 'seats') return countPlaces(tx, ctx)
  if (measure === 'trainings') return countTrainings(tx, ctx, month.start)
  if (measure === 'messages') return countMessages(tx, ctx, month)
  return (await listIntents(tx, ctx)).filter(({ group, archived }) => group === 'own' && !archived).length
}

const refusals = { seats: 'plan_seats', trainings: 'plan_trainings', intents: 'plan_intents' } as const

type Counted = keyof typeof refusals

async function refuseBeyond(
  tx: Tx,
  ctx: Ctx,
  measure: Counted,
  used: number,
  code: 'account_full' | (typeof refusals)[Counted] = refusals[measure],
): Promise<void> {
  const entitlements = toEntitlements(await readSubscription(tx, ctx), ctx.now())
  // Not the plan is in the way, but its payment.
  if (entitlements.readOnly) throw new AppError('account_unpaid')
  if (!allows(entitlements, measure, used))
    throw new AppError(code, { limit: entitlements.limits[measure], plan: entitlements.plan })
}

/** @throws plan_seats, plan_trainings, plan_intents, account_unpaid */
export async function withinPlan(tx: Tx, ctx: Ctx, measure: Counted): Promise<void> {
  await lockBilling(tx, ctx)
  await refuseBeyond(tx, ctx, measure, await usedOf(tx, ctx, measure))
}

/** An invitation was counted when it was sent; who joins asks once more, since the plan may have become smaller. @throws account_full, account_unpaid */
export async function mayJoin(tx: Tx, ctx: Ctx): Promise<void> {
  await lockBilling(tx, ctx)
  await refuseBeyond(tx, ctx, 'seats', await countSeats(tx, ctx), 'account_full')
}

/** Does what may add several at once; when they are more than the plan includes, the transaction ends. @throws as above */
export async function severalWithinPlan<T>(tx: Tx, ctx: Ctx, measure: Counted, add: () => Promise<T>): Promise<T> {
  await lockBilling(tx, ctx)
  const before = await usedOf(tx, ctx, measure)
  const result = await add()
  const used = await usedOf(tx, ctx, measure)
  if (used > before) await refuseBeyond(tx, ctx, measure, used - 1)
  return result
}

/** The smallest plan that has a feature. */
const planWith = (feature: Feature): PlanName =>
  planNames.find((name) => plans[name].features.includes(feature)) ?? 'business'

/** @throws plan_files, plan_data, plan_audit */
export async function requireFeature(tx: Tx, ctx: Ctx, feature: Exclude<Feature, 'model'>): Promise<void> {
  const entitlements = toEntitlements(await readSubscription(tx, ctx), ctx.now(), await addOnsOf(tx, ctx))
  if (!allows(entitlements, feature)) throw new AppError(`plan_${feature}`, { plan: planWith(feature) })
}
