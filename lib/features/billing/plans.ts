/** The plans: what each costs and what it includes. Prices, pages, limits and Stripe all read this one table. */

export const planNames = ['free', 'pro', 'business'] as const
export type PlanName = (typeof planNames)[number]
export const intervals = ['month', 'year'] as const
export type Interval = (typeof intervals)[number]
export const currencies = ['usd', 'cny'] as const
export type Currency = (typeof currencies)[number]

export interface Plan {
  name: PlanName
  /** Per seat and interval, in the currency's hundredths (cents, fen). */
  price: Record<Currency, Record<Interval, number>>
  /** Members and open invitations together; null: as many as one pays for. */
  seats: number | null
  /** Messages a month that a model labels. */
  messages: number
  /** Training runs a calendar month (UTC). */
  trainings: number
  /** The account's own intents in use. */
  intents: number
}

const free = { month: 0, year: 0 }

export const plans: Record<PlanName, Plan> = {
  free: { name: 'free', price: { usd: free, cny: free }, seats: 3, messages: 1_000, trainings: 5, intents: 20 },
  pro: {
    name: 'pro',
    price: { usd: { month: 1_900, year: 19_000 }, cny: { month: 9_900, year: 99_000 } },
    seats: null,
    messages: 20_000,
    trainings: 60,
    intents: 200,
  },
  business: {
    name: 'business',
    price: { usd: { month: 4_900, year: 49_000 }, cny: { month: 26_900, year: 269_000 } },
    seats: null,
    messages: 200_000,
    trainings: 600,
    intents: 1_000,
  },
}

/** A paid plan may be tried so long before the first payment. */
export const trialDays = 14
