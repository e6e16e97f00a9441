/** One cell of the matrix: a request, what the table expects of it, and what came back from routes that only say who got in. */
import { z } from 'zod'
import type { Route } from '@/lib/border/route'
import { newId } from '@/lib/core/ids'
import type { Ctx } from '@/lib/platform/context'
import type { AccessHouse, Answer, Caller, Port } from './house'
import { unlimited } from './house'
import { declared, lets } from './table'

/** Behind this header the routes note who came through. */
const mark = 'x-cell'

export interface Doors {
  routes: Route[]
  /** Who got in, by cell: `route as whom`. */
  through: Map<string, string>
}

const whom = ({ actor, accountId }: Ctx): string => {
  if (actor.kind === 'member') return `${actor.role} ${actor.userId} of ${accountId}`
  if (actor.kind === 'visitor') return `visitor of ${accountId}`
  return actor.kind === 'user' ? `person ${actor.userId}` : 'anyone'
}

/** The declared routes with nothing behind them: what is declared about access holds, and the handler notes who came. */
export function doorsOf(routes: readonly Route[]): Doors {
  const through = new Map<string, string>()
  const note = (route: Route, ctx: Ctx, cell: unknown) =>
    void through.set(String(cell), `${route.method} ${route.path} as ${whom(ctx)}`)
  const made = unlimited(routes).map((route): Route => {
    const { handle: _handle, stream, ...rest } = route
    const input = z.any()
    if (stream)
      return {
        ...rest,
        input,
        stream: (ctx, _input, call, open) => {
          note(route, ctx, call.headers[mark])
          open.close()
        },
      }
    return { ...rest, input, handle: (ctx, _input, call) => note(route, ctx, call.headers[mark]) }
  })
  return { routes: made, through }
}

/** The table's answer: a status, or who comes through. */
export function expected(method: string, path: string, caller: Caller): string {
  const found = declared(method, path)
  if (found === null) return '404'
  if (found === 'method') return '405'
  const { route, allowed, account } = found
  if (allowed === 'anyone') return `${route} as anyone`
  if (allowed === 'visitor') return caller.visitor ? `${route} as visitor of ${caller.visitor.accountId}` : '401'
  if (!caller.person) return '401'
  const { userId, operator } = caller.person
  if (allowed === 'person') return `${route} as person ${userId}`
  if (allowed === 'operator') return operator ? `${route} as person ${userId}` : '403'
  const { member } = caller
  if (!member || member.shop.slug !== account) return '404'
  if (!lets(allowed, member.role)) return '403'
  return `${route} as ${member.role} ${userId} of ${member.shop.accountId}`
}

const mutating = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** What a page of ours sends beside the caller's own headers. */
export const fromOurPage = (port: Port, method: string): Record<string, string> =>
  mutating.has(method) ? { origin: port.origin, 'sec-fetch-site': 'same-origin' } : {}

/** Sends it, as a page of ours unless `page` is false; who came through, or else the status. Somebody who came through and was refused none the less would be both. */
export async function outcome(
  port: Port,
  doors: Doors,
  request: { method: string; path: string; caller: Caller; headers?: Record<string, string>; page?: false },
): Promise<{ got: string; answer: Answer }> {
  const { method, path, caller, page } = request
  const cell = newId()
  const body = mutating.has(method) ? '{}' : undefined
  const headers = {
    ...(page === false ? {} : fromOurPage(port, method)),
    ...caller.headers,
    ...request.headers,
    [mark]: cell,
  }
  const answer = await port.send(method, path, headers, body)
  const came = doors.through.get(cell)
  doors.through.delete(cell)
  const good = answer.status === 204 || answer.status === 200
  return { answer, got: came === undefined ? String(answer.status) : good ? came : `${came}, then ${answer.status}` }
}

/** Callers whose answers must differ where a route was opened too far. */
export const suspects = (house: AccessHouse): Caller[] =>
  ['anonymous', 'visitor', 'viewer', 'agent', 'admin', "another account's owner", 'person without an account'].map(
    house.caller,
  )
