/** What Stripe must know of the plans: products and prices by lookup key, computed from the plans' one table. */
import {
  type AddOn,
  addOnNames,
  addOns,
  type Currency,
  currencies,
  type Interval,
  intervals,
  type PlanName,
  plans,
} from './plans'

/** What a price is for, as its metadata at Stripe say: old prices of a subscription keep telling it when prices change. */
export type PriceKind = 'plan' | 'overage' | AddOn
export const paidPlans = ['pro', 'business'] as const satisfies readonly PlanName[]

export interface CatalogPrice {
  key: string
  product: string
  kind: PriceKind
  plan: PlanName | null
  currency: Currency
  interval: Interval
  /** Hundredths for one seat, for a thousand messages, or for the month. */
  amount: number
}

/** In hundredths of one unit, as Stripe writes it: a seat, a month, or one message. */
export const unitAmount = ({ kind, amount }: Pick<CatalogPrice, 'kind' | 'amount'>): string =>
  String(kind === 'overage' ? amount / 1_000 : amount)

/** Name of the meter that counts labelled messages beyond the included ones. */
export const meterName = 'lingxi_labelled_messages'

export const planKey = (plan: PlanName, currency: Currency, interval: Interval): string =>
  `lingxi_${plan}_${currency}_${interval}`
export const overageKey = (plan: PlanName, currency: Currency): string => `lingxi_${plan}_overage_${currency}`
export const addOnKey = (addOn: AddOn, currency: Currency): string => `lingxi_add_${addOn}_${currency}`

export const products: Record<string, string> = {
  lingxi_pro: 'Lingxi Pro',
  lingxi_business: 'Lingxi Business',
  lingxi_pro_overage: 'Lingxi Pro, labelled messages beyond the plan',
  lingxi_business_overage: 'Lingxi Business, labelled messages beyond the plan',
  lingxi_add_model: 'Lingxi custom-model service',
  lingxi_add_data: 'Lingxi data service',
  lingxi_add_support: 'Lingxi support and operations',
}

/** Every price that can be bought. */
export function catalogPrices(): CatalogPrice[] {
  const found: CatalogPrice[] = []
  for (const currency of currencies) {
    for (const plan of paidPlans) {
      const { price, overage } = plans[plan]
      for (const interval of intervals)
        found.push({
          key: planKey(plan, currency, interval),
          product: `lingxi_${plan}`,
          kind: 'plan',
          plan,
          currency,
          interval,
          amount: price[currency][interval],
        })
      if (overage)
        found.push({
          key: overageKey(plan, currency),
          product: `lingxi_${plan}_overage`,
          kind: 'overage',
          plan,
          currency,
          interval: 'month',
          amount: overage[currency],
        })
    }
    for (const addOn of addOnNames)
      found.push({
        key: addOnKey(addOn, currency),
        product: `lingxi_add_${addOn}`,
        kind: addOn,
        plan: null,
        currency,
        interval: 'month',
        amount: addOns[addOn][currency],
      })
  }
  return found
}
