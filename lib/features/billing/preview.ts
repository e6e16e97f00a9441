/** What a change would cost, before it is made: what is charged at once, and what comes next. */
import type { AddOn, Currency, Interval } from './plans'
import { broughtBy } from './plans'

export interface Preview {
  currency: Currency
  /** Hundredths, charged at once. */
  now: number
  /** Hundredths that count towards later invoices, where more is given back than is asked for. */
  credit: number
  /** The next invoice after that, with what the change adds to it or takes off; null: none comes. */
  next: { amount: number; at: Date } | null
  /** Hundredths of `now`, or of `next` where nothing is charged at once, that are tax. Null: none is computed. */
  tax: number | null
  /** Price reductions and tax are told on the page where it is paid. */
  page: boolean
}

/** What is looked at: a plan, a service beside it, or another number of people. */
export type Wish =
  | { of: 'plan'; plan: 'pro' | 'business'; interval: Interval; currency: Currency }
  | { of: 'service'; addOn: AddOn; on: boolean }
  | { of: 'people'; people: number }

/** What gives all it has at once costs the whole month that runs; else a month's last day would buy it. */
export const isWhole = (addOn: AddOn): boolean => broughtBy[addOn] !== undefined
