/** The plans: what each costs and what it includes. Prices, pages, limits and Stripe all read this one table. */

export const planNames = ['free', 'pro', 'business'] as const
export type PlanName = (typeof planNames)[number]
export const intervals = ['month', 'year'] as const
export type Interval = (typeof intervals)[number]
export const currencies = ['usd', 'cny'] as const
export type Currency = (typeof currencies)[number]

/**
 * What a plan has or has not: what a model learned from as files of lines; datasets (Parquet, with a card); reading, checking and
 * exporting the audit log (which is written on every plan); models made to order. Tickets as CSV and the whole account as one file come
 * with each plan.
 */
export const features = ['files', 'data', 'audit', 'model'] as const
export type Feature = (typeof features)[number]

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
  /** A thousand labelled messages beyond the included ones, in hundredths; null: none can be had. */
  overage: Record<Currency, number> | null
  features: readonly Feature[]
}

const free = { month: 0, year: 0 }

export const plans: Record<PlanName, Plan> = {
  free: {
    name: 'free',
    price: { usd: free, cny: free },
    seats: 3,
    messages: 1_000,
    trainings: 5,
    intents: 20,
    overage: null,
    features: [],
  },
  pro: {
    name: 'pro',
    price: { usd: { month: 1_900, year: 19_000 }, cny: { month: 9_900, year: 99_000 } },
    seats: null,
    messages: 20_000,
    trainings: 60,
    intents: 200,
    overage: { usd: 200, cny: 1_400 },
    features: ['files'],
  },
  business: {
    name: 'business',
    price: { usd: { month: 4_900, year: 49_000 }, cny: { month: 26_900, year: 269_000 } },
    seats: null,
    messages: 200_000,
    trainings: 600,
    intents: 1_000,
    overage: { usd: 100, cny: 700 },
    features: ['files', 'data', 'audit'],
  },
}

/** A paid plan may be tried so long before the first payment. */
export const trialDays = 14

/** What an operator sells beside the plans, each by the month: models made to order, datasets, support and operations. */
export const addOnNames = ['model', 'data', 'support'] as const
export type AddOn = (typeof addOnNames)[number]
/** In hundredths a month. Which of them an installation offers is its operator's choice (LINGXI_ADD_ONS). */
export const addOns: Record<AddOn, Record<Currency, number>> = {
  model: { usd: 29_900, cny: 199_000 },
  data: { usd: 9_900, cny: 69_000 },
  support: { usd: 19_900, cny: 139_000 },
}

/** What a service brings along, whatever the plan. */
export const broughtBy: Partial<Record<AddOn, readonly Feature[]>> = {
  data: ['files', 'data'],
  model: ['model'],
}

/** A plan that has all that a service brings: the service is not sold beside it. */
export function includesAddOn(plan: PlanName, addOn: AddOn): boolean {
  return broughtBy[addOn]?.every((feature) => plans[plan].features.includes(feature)) ?? false
}
