/** A route as data: who may call it, what it takes, how much, and the flow it ends in. The registry and its tests read these. */
import type { z } from 'zod'
import type { Ctx, MemberActor } from '../platform/context'
import type { SseStream } from './sse'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/**
 * public: anyone · visitor: a widget token · user: signed in · operator: runs the installation ·
 * member: belongs to the account named by `:account` and the question answers yes.
 */
export type Who = 'public' | 'visitor' | 'user' | 'operator' | { member: (member: MemberActor) => boolean }

export interface Limits {
  /** Largest body, bytes. */
  body: number
  /** Requests per seconds, for one person (or address). */
  rate: readonly [points: number, seconds: number]
}

export type Params = Record<string, string>

/** What a handler may need besides its input. */
export interface Call {
  params: Params
  /** Address of the caller, for limits only; never stored with content. */
  address: string
  origin: string | undefined
  headers: Record<string, string | string[] | undefined>
  /** The body, where the route takes a file. */
  bytes: Buffer
  /** Response headers to add (for instance a cookie or a file name). */
  set(header: string, value: string): void
}

export class Reply<T = unknown> {
  constructor(
    readonly status: number,
    readonly body: T,
  ) {}
}

/** A body that is not JSON (CSV, Prometheus text), whole or in parts; the content type is set by the handler. */
export class Raw {
  constructor(
    readonly body: string | Uint8Array | AsyncIterable<string>,
    readonly type: string,
    readonly cache = 'no-store',
  ) {}
}

export interface Route<I extends z.ZodType = z.ZodType> {
  method: Method
  path: string
  who: Who
  /** Of the body's JSON, or of the query where there is none. */
  input: I
  /** The body is a file as it is. */
  file?: true
  /** Another site's page may send it: no cookie gives it power, and something else says whether it is meant. */
  anyOrigin?: true
  /** A member may change it though the account's payment is overdue. */
  whileUnpaid?: true
  /** A member beyond the people that the plan includes may do it, too. */
  whileWaiting?: true
  limits: Limits
  /** Answers; a plain value leaves as 200 JSON, undefined as 204. */
  handle?: (ctx: Ctx, input: z.output<I>, call: Call) => unknown
  /** Holds the connection open as a server-sent event stream. */
  stream?: (ctx: Ctx, input: z.output<I>, call: Call, stream: SseStream) => Promise<void> | void
}

/** Small JSON and a person's pace. */
export const ordinary: Limits = { body: 16_384, rate: [120, 60] }

/** Declares a route. Exactly one of handle and stream answers. */
export const defineRoute = <I extends z.ZodType>(route: Omit<Route<I>, 'limits'> & { limits?: Limits }): Route => {
  if (!route.handle === !route.stream)
    throw new Error(`${route.method} ${route.path}: exactly one of handle and stream`)
  return { ...route, limits: route.limits ?? ordinary } as unknown as Route
}
