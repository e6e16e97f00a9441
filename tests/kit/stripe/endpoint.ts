/** How an address of the emulator is declared, and how it refuses. */
import { listOf } from './objects'
import type { StripeWorld } from './world'

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
    readonly code?: string,
    /** The product asked for what Stripe never takes: the test fails. */
    readonly fault = false,
  ) {
    super(message)
  }
}

/** What no state of things would make right. */
export const wrong = (message: string): Refusal =>
  new Refusal(400, 'invalid_request_error', message, 'parameter_invalid', true)

export const missing = (what: string): Refusal =>
  new Refusal(404, 'invalid_request_error', `No such ${what}`, 'resource_missing')

export function need<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw missing(what)
  return value
}

// biome-ignore lint/suspicious/noExplicitAny: every request was held to Stripe's own types before it comes here.
export type Asked = any
export interface Endpoint {
  method: 'GET' | 'POST' | 'DELETE'
  path: RegExp
  /** Name of the parameters' type in the stripe package. */
  asks: string
  act(world: StripeWorld, asked: Asked, id: string): unknown
}

export const endpoint = (line: string, asks: string, act: Endpoint['act']): Endpoint => {
  const [method, path = ''] = line.split(' ')
  return {
    method: method as Endpoint['method'],
    path: new RegExp(`^/v1/${path.replace(':id', '([^/]+)')}$`),
    asks,
    act,
  }
}

/** What may be told whole of an answer, by the type of its parameters; everything else cannot be expanded. */
const expandable: Record<string, readonly string[]> = {
  CustomerRetrieveParams: ['discount.source.coupon'],
  SubscriptionListParams: ['data.discounts.source.coupon'],
  SubscriptionRetrieveParams: ['discounts.source.coupon'],
  SubscriptionItemListParams: ['data.discounts.source.coupon'],
  CouponRetrieveParams: ['applies_to', 'currency_options'],
  PriceRetrieveParams: ['currency_options'],
}

export function holdExpand(asks: string, { expand = [] }: Asked): void {
  for (const path of expand)
    if (!expandable[asks]?.includes(path)) throw wrong(`This property cannot be expanded: ${path}`)
}

/** A page of a list: as many as were asked for, after the one that was named. */
export const limited = <T>(all: T[], asked: Asked, url: string) => {
  const limit = asked.limit ?? 10
  if (limit < 1 || limit > 100) throw wrong('Invalid limit: it must be between 1 and 100')
  const after = asked.starting_after
  const from = after ? 1 + all.findIndex((one) => (one as { id?: string }).id === after) : 0
  if (after && from === 0) throw missing('object to start after')
  return listOf(all.slice(from, from + limit), url, all.length > from + limit)
}
