/** What bills an account: Stripe, or demo billing. Both say and mean the same; only with one of them money moves. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import type { PlanChoice } from './input'
import type { AddOn } from './plans'
import type { Preview, Wish } from './preview'

/** What else belongs into the transaction that stores a change. What Stripe holds is noted by who reads it from there. */
export type Note = (tx: Tx) => Promise<void>
/** @param goesOn the plan was to end, and the change has taken that back */
export type ChoiceNote = (tx: Tx, goesOn: boolean) => Promise<void>

export interface Provider {
  name: 'demo' | 'stripe'
  /**
   * Takes a plan, or changes to another; one that was to end goes on with the change. Returns the address where the person confirms and pays, or null when it holds already.
   * @throws plan_currency, billing_away, billing_not_ready
   */
  choose(ctx: Ctx, choice: PlanChoice, note: ChoiceNote): Promise<string | null>
  /** Ends the plan with its period, or lets it go on after all. @throws not_found (there is none to end), billing_away */
  end(ctx: Ctx, ends: boolean, note: Note): Promise<void>
  /** Buys something beside a running plan, or ends it. @throws not_found (no plan runs), service_trial, billing_away, billing_not_ready */
  addOn(ctx: Ctx, name: AddOn, on: boolean, note: Note): Promise<void>
  /** What a change would cost; none is made. @throws not_found (nothing runs that could change), plan_currency, service_trial, billing_away, billing_not_ready */
  preview(ctx: Ctx, wish: Wish): Promise<Preview>
  /** Address of the page where payment methods, invoices and the plan are managed. @throws not_found, billing_away */
  portal(ctx: Ctx): Promise<string>
}
