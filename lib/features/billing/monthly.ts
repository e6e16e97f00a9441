/**
 * What a subscription at Stripe brings a month, and is charged next, from its objects alone. Pure. Each price counts as its customer pays it, an older one
 * as it is, with the discounts that will still hold when it is billed next. Not in it: usage, tax (what a price includes of it is seen on invoices), and prices in tiers.
 */
import type StripeClient from 'stripe'
import { type Interval, intervals } from './plans'
import { type ByWay, noRevenue, type Way, wayOf, ways } from './revenue'

type Item = StripeClient.SubscriptionItem

/** What an answer about a subscription leaves out. */
export interface Discounts {
  /** Whole, by id: what they apply to and their other currencies are told only when one asks for a coupon itself. */
  coupons: ReadonlyMap<string, StripeClient.Coupon>
  /** The customer's own. A subscription without discounts inherits it. */
  inherited: StripeClient.Discount | null
}

interface Cut {
  percent: number | null
  /** Hundredths, off each invoice. */
  amount: number
  /** Null: any. */
  products: readonly string[] | null
  /** Seconds; null: it goes on. */
  end: number | null
}

interface Line {
  way: Way
  product: string
  price: StripeClient.Price
  /** Seconds: when it is billed next. */
  due: number
  /** Hundredths each time, its own discounts taken off. */
  amount: number
}

/** Null for a discount that does not recur: it holds once, or its coupon is in another currency only. */
function cutOf(discount: string | StripeClient.Discount, currency: string, { coupons }: Discounts): Cut | null {
  const told = typeof discount === 'string' ? null : discount.source.coupon
  const coupon = coupons.get(typeof told === 'string' ? told : (told?.id ?? '')) ?? told
  if (!coupon || typeof coupon === 'string' || coupon.duration === 'once') return null
  const { percent_off, amount_off, currency_options, applies_to } = coupon
  const amount = coupon.currency === currency ? amount_off : currency_options?.[currency]?.amount_off
  if (percent_off === null && !amount) return null
  const { end } = discount as StripeClient.Discount
  return { percent: percent_off, amount: amount ?? 0, products: applies_to?.products ?? null, end }
}

const cutsOf = (discounts: Item['discounts'], currency: string, more: Discounts): Cut[] =>
  discounts.flatMap((discount) => cutOf(discount, currency, more) ?? [])

/** Takes a discount off lines of one invoice, from each its share. */
function take({ percent, amount, products, end }: Cut, lines: readonly Line[]): void {
  const meant = lines.filter(
    ({ product, due }) => (!products || products.includes(product)) && (end === null || end > due),
  )
  const all = meant.reduce((sum, line) => sum + line.amount, 0)
  const share = percent === null ? (all ? Math.min(1, amount / all) : 0) : percent / 100
  for (const line of meant) line.amount *= 1 - share
}

const idOf = (object: string | { id: string }): string => (typeof object === 'string' ? object : object.id)

/** How often a price is billed within a month, and how many months apart where those are whole. */
function paceOf({ recurring }: StripeClient.Price): { months: number | null; times: number } {
  const count = recurring?.interval_count ?? 1
  if (recurring?.interval === 'year') return { months: 12 * count, times: 1 / (12 * count) }
  if (recurring?.interval === 'week') return { months: null, times: 52 / 12 / count }
  if (recurring?.interval === 'day') return { months: null, times: 365 / 12 / count }
  return { months: count, times: 1 / count }
}

function unitsOf({ price, quantity = 1 }: Item): number {
  const { transform_quantity: by } = price
  return by ? Math[by.round === 'up' ? 'ceil' : 'floor'](quantity / by.divide_by) : quantity
}

const fixed = ({ price }: Item): boolean =>
  price.unit_amount_decimal !== null && price.recurring?.usage_type !== 'metered'

const factor = (a: number, b: number): number => (b === 0 ? a : factor(b, a % b))

/** The invoices of a while, each with how many there are of it a month: prices of different length meet on some of them only. */
function invoicesOf(lines: readonly Line[]): { lines: Line[]; times: number }[] {
  const paced = lines.map((line) => ({ line, ...paceOf(line.price) }))
  const cycle = paced.reduce((all, { months }) => (months ? (all * months) / factor(all, months) : all), 1)
  const together = Array.from({ length: cycle }, (_, month) => ({
    lines: paced.flatMap(({ line, months }) => (months && month % months === 0 ? { ...line } : [])),
    times: 1 / cycle,
  }))
  // Weeks and months hardly ever meet.
  const alone = paced.flatMap(({ line, months, times }) => (months ? [] : { lines: [{ ...line }], times }))
  return [...together, ...alone]
}

/** What is billed at a fixed price, each line with its own discounts taken off. */
const linesOf = ({ currency, items }: StripeClient.Subscription, more: Discounts): Line[] =>
  items.data.filter(fixed).map((item): Line => {
    const { price, current_period_end: due } = item
    const amount = Number(price.unit_amount_decimal) * unitsOf(item)
    const line = { way: wayOf(price.metadata.kind ?? 'plan'), product: idOf(price.product), price, due, amount }
    for (const cut of cutsOf(item.discounts ?? [], currency, more)) take(cut, [line])
    return line
  })

/** The discounts of whole invoices. */
function wholeCuts({ currency, discounts }: StripeClient.Subscription, more: Discounts): Cut[] {
  const own = cutsOf(discounts, currency, more)
  return own.length || !more.inherited ? own : cutsOf([more.inherited], currency, more)
}

/** Of a line of an invoice, hundredths: what is paid for it, its discounts and the tax in its price taken off; and that tax. */
export function netOf({ amount, discount_amounts, taxes }: StripeClient.InvoiceLineItem): { net: number; tax: number } {
  const sum = (all: readonly { amount: number }[]) => all.reduce((whole, one) => whole + one.amount, 0)
  const tax = sum((taxes ?? []).filter(({ tax_behavior }) => tax_behavior === 'inclusive'))
  return { net: amount - sum(discount_amounts ?? []) - tax, tax }
}

/** So much of a price on invoices tells its share of tax: a cent that was rounded on it weighs next to nothing, hundredths. */
const tells = 1_000

/** How much of a price is no tax. @param price its id */
export type NetShare = (price: string) => number

/**
 * As a customer's newest invoices have it, since a price itself does not tell: of lines that are small as many as it takes. One that is on
 * none yet is taken to be as the others are.
 */
export function netShares(invoices: readonly StripeClient.Invoice[]): NetShare {
  const found = new Map<string | null, { net: number; all: number }>()
  const add = (key: string | null, net: number, tax: number) => {
    const sum = found.get(key) ?? { net: 0, all: 0 }
    if (sum.all < tells) found.set(key, { net: sum.net + net, all: sum.all + net + tax })
  }
  for (const { lines } of [...invoices].sort((a, b) => b.created - a.created))
    for (const line of lines.data) {
      const price = line.pricing?.price_details?.price
      const { net, tax } = netOf(line)
      if (!price || net <= 0) continue
      add(idOf(price), net, tax)
      add(null, net, tax)
    }
  return (price) => {
    const sum = found.get(price) ?? found.get(null)
    return sum ? sum.net / sum.all : 1
  }
}

/** Recurring a month by way, hundredths: a yearly price brings a twelfth. @param share of prices that include tax */
export function monthlyOf(subscription: StripeClient.Subscription, more: Discounts, share: NetShare = () => 1): ByWay {
  const cuts = wholeCuts(subscription, more)
  const found = noRevenue()
  for (const invoice of invoicesOf(linesOf(subscription, more))) {
    for (const cut of cuts) take(cut, invoice.lines)
    for (const { way, amount, price } of invoice.lines) found[way] += amount * invoice.times * share(price.id)
  }
  return Object.fromEntries(ways.map((way): [Way, number] => [way, Math.round(found[way])])) as ByWay
}

export interface Charge {
  interval: Interval
  /** Hundredths. */
  amount: number
  at: Date
}

/**
 * What is charged next of all that is billed by the month, and by the year; without what changes within a period cost, and usage.
 * @param end when the subscription ends, seconds; null: it goes on
 */
export function chargesOf(subscription: StripeClient.Subscription, more: Discounts, end: number | null): Charge[] {
  const all = linesOf(subscription, more).filter(({ due }) => end === null || due < end)
  return intervals.flatMap((interval) => {
    const lines = all.filter(({ price }) => price.recurring?.interval === interval)
    if (!lines.length) return []
    for (const cut of wholeCuts(subscription, more)) take(cut, lines)
    const amount = Math.round(lines.reduce((sum, line) => sum + line.amount, 0))
    return [{ interval, amount, at: new Date(Math.min(...lines.map(({ due }) => due)) * 1_000) }]
  })
}
