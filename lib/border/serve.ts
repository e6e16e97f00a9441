/** Answers machine requests: finds the declared route, then limits, identity, schema, handler, and one form for failures. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError, statusOf } from '../core/errors'
import { closestLocale, type Locale } from '../core/locale'
import { renewSession } from '../flows/renew-session'
import { requirePaid } from '../flows/standing'
import type { Ctx, Services } from '../platform/context'
import { parseJson, readBody, readFile } from './body'
import { room } from './busy'
import { addressOf, isOwnPage, makeCtx } from './caller'
import { compileRoutes } from './match'
import { requests, seconds } from './metrics'
import { common } from './page-headers'
import { known, problemOf, retryAfter } from './problem'
import { spend } from './rate'
import { type Call, Raw, Reply, type Route } from './route'
import { openStream } from './sse'
import { readVisitorToken } from './visitor'
import { type Watched, watchStream } from './watch'
import { memberOf, type Who, whoIs } from './who'

const nothing = Buffer.alloc(0)
const mutating = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/** What another site's page sends, as browsers say; programs say nothing of the kind. */
function refuseForeignPage(request: IncomingMessage, { env }: Services): void {
  const { origin, host } = request.headers
  const site = request.headers['sec-fetch-site']
  if (site && site !== 'same-origin' && site !== 'none') throw new AppError('foreign_origin')
  // A page whose origin is hidden is not ours, unless the browser says that it is.
  if (origin === 'null' ? !site : origin && !isOwnPage(env, origin, host)) throw new AppError('foreign_origin')
}

/** A cookie must only act for a page of ours: where no browser vouches for the page, the cookie does not count. */
function requireOwnPage(request: IncomingMessage, services: Services): void {
  refuseForeignPage(request, services)
  if (!request.headers.origin && !request.headers['sec-fetch-site']) throw new AppError('foreign_origin')
}

/** The chat lives in a frame of ours: what another site's page sends with a visitor's token is not the chat. */
function refuseForeignFrame(request: IncomingMessage, services: Services): void {
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  if (site === 'same-origin') return
  if (!origin) {
    if (site === 'cross-site') throw new AppError('foreign_origin')
    return
  }
  if (!isOwnPage(services.env, origin, request.headers.host)) throw new AppError('foreign_origin')
}

function visitorToken(request: IncomingMessage, query: URLSearchParams): string | undefined {
  const header = request.headers.authorization
  return header?.startsWith('Bearer ') ? header.slice(7) : (query.get('token') ?? undefined)
}

/** Establishes who calls and whether the route is theirs; the person's name for limits comes back too. */
async function admit(
  services: Services,
  route: Route,
  request: IncomingMessage,
  query: URLSearchParams,
  params: Call['params'],
  asked: Locale,
): Promise<{ ctx: Ctx; person: string; watched?: Watched; cookie?: string | null; aged?: Who | null }> {
  const address = addressOf(request, services)
  if (route.who === 'public' && mutating.has(route.method) && !route.anyOrigin) refuseForeignPage(request, services)
  if (route.who === 'public')
    return { ctx: makeCtx(services, { kind: 'system', reason: 'public' }, '', asked), person: address }
  if (route.who === 'visitor') {
    if (mutating.has(route.method)) refuseForeignFrame(request, services)
    const visitor = readVisitorToken(services.env.LINGXI_TOKEN_SECRET, visitorToken(request, query), new Date())
    const { contactId, sessionId, inboxId } = visitor
    return {
      ctx: makeCtx(services, { kind: 'visitor', contactId, sessionId, inboxId }, visitor.accountId, asked),
      person: sessionId,
    }
  }
  if (mutating.has(route.method)) requireOwnPage(request, services)
  const user = await whoIs(services, request)
  if (!user) throw new AppError('not_signed_in')
  const person = user.userId
  if (route.who === 'user' || route.who === 'operator') {
    if (route.who === 'operator' && !user.operator) throw new AppError('forbidden')
    const ctx = makeCtx(services, { kind: 'user', userId: user.userId }, '', user.locale)
    return { ctx, person, aged: user.aged ? user : null }
  }
  const member = await memberOf(services, user.userId, params.account ?? '')
  if (!member) throw new AppError('not_found')
  // No route of the account is open before; what sets one up belongs to the person and to no account.
  if (member.closed) throw new AppError('second_factor_required')
  const actor = { kind: 'member', userId: user.userId, membershipId: member.membershipId, role: member.role } as const
  if (!route.who.member(actor)) throw new AppError('forbidden')
  const ctx = makeCtx(services, actor, member.accountId, user.locale)
  if (mutating.has(route.method)) await requirePaid(ctx, route)
  const watched = { sessionId: user.sessionId, actor, accountId: member.accountId, who: route.who }
  const cookie = user.aged ? await renewSession(ctx, user) : null
  return { ctx, person, watched, cookie }
}

function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  type = 'application/json; charset=utf-8',
): void {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.length, 'cache-control': 'no-store' })
  response.end(bytes)
}

/** Sends a failure in its one form. */
export function sendProblem(response: ServerResponse, error: AppError, locale: Locale): void {
  if (response.headersSent) return void response.destroy()
  const seconds = retryAfter(error)
  if (seconds !== null) response.setHeader('retry-after', String(seconds))
  // A desk shows these words themselves when they are in its own language.
  response.setHeader('content-language', locale)
  sendJson(response, error.status, problemOf(error, locale), 'application/problem+json; charset=utf-8')
}

/** Somebody who leaves in the middle of a download is no failure of ours. */
function unlessLeft(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
}

/** Makes the first part before anything is sent: what fails at once leaves in the one form of failures, not as a cut file. */
async function begun(body: AsyncIterable<string>): Promise<AsyncIterable<string>> {
  const parts = body[Symbol.asyncIterator]()
  const first = await parts.next()
  return (async function* () {
    if (first.done) return
    yield first.value
    yield* { [Symbol.asyncIterator]: () => parts }
  })()
}

/** The handler for everything under /api that is declared; answers 404 and 405 itself. */
export function serveRoutes(services: Services, routes: readonly Route[]) {
  const find = compileRoutes(routes)
  return async (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: URLSearchParams,
  ): Promise<void> => {
    const asked = closestLocale(
      /lingxi_locale=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1] ?? request.headers['accept-language'],
    )
    let locale = asked
    let name = 'undeclared'
    common(response)
    const began = performance.now()
    response.once('finish', () => {
      requests.inc({ route: name, status: response.statusCode })
      seconds.observe({ route: name }, (performance.now() - began) / 1_000)
    })
    try {
      // HEAD is GET without a body (RFC 9110, 9.3.2), which Node leaves out by itself; a stream has no end to wait for.
      const head = request.method === 'HEAD'
      const found = find(head ? 'GET' : (request.method ?? 'GET'), path)
      if (!('route' in found) || (head && found.route.stream)) {
        const allowed = 'route' in found ? [found.route.method] : found.allowed
        if (allowed.length) response.setHeader('allow', allowed.join(', '))
        throw new AppError(allowed.length ? 'method_not_allowed' : 'not_found')
      }
      const { route, params } = found
      name = `${route.method} ${route.path}`
      // Whoever asks whether this process lives gets an answer when there is much to do, too; and streams wait most of the time.
      const roomless = route.stream || (route.who === 'public' && route.method === 'GET')
      // Of a full house before anything is looked up, of a busy account before its body is read: a refusal must cost next to nothing.
      if (!roomless) room.requirePlace()
      const { ctx, person, watched, cookie, aged } = await admit(services, route, request, query, params, asked)
      if (cookie) response.setHeader('set-cookie', cookie)
      locale = ctx.locale
      if (!roomless) room.requirePlace(ctx.accountId)
      await spend(name, route.limits, person)
      // A stranger can be as many visitors as they like: what fills the disk counts for their network, too.
      if (route.file && route.who === 'visitor')
        await spend(`${name} by address`, route.limits, addressOf(request, services))
      // Packed bytes would read as broken ones: say what it is (RFC 9110, 15.5.16).
      if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') throw new AppError('encoding_unsupported')
      const body = mutating.has(route.method) && !route.file
      const raw = body ? parseJson(await readBody(request, route.limits.body)) : Object.fromEntries(query)
      const parsed = route.input.safeParse(raw)
      if (!parsed.success) {
        const issue = parsed.error.issues[0]
        // A schema may name a more telling code as its message.
        const named = issue?.message as AppError['code']
        throw new AppError(Object.hasOwn(statusOf, named ?? '') ? named : 'invalid_input', {
          field: issue?.path.join('.') ?? '',
          reason: issue?.message ?? '',
        })
      }
      const call: Call = {
        params,
        address: addressOf(request, services),
        origin: request.headers.origin,
        headers: request.headers,
        bytes: route.file ? await readFile(request, route.limits.body) : nothing,
        set: (name, value) => response.setHeader(name, value),
      }
      if (route.stream) {
        const after = query.get('after') ?? undefined
        const stream = openStream(request, response, after)
        if (watched) watchStream(services, watched, stream)
        await route.stream(ctx, parsed.data, call, stream)
        return
      }
      const work = async () => {
        try {
          return await route.handle?.(ctx, parsed.data, call)
        } finally {
          // What changes a person's sessions has ended this one, or answers with a cookie of its own.
          const renewed = aged && !response.hasHeader('set-cookie') ? await renewSession(ctx, aged) : null
          if (renewed) response.setHeader('set-cookie', renewed)
        }
      }
      const result = await (roomless ? work() : room.atWork(ctx.accountId, work))
      if (result instanceof Reply) sendJson(response, result.status, result.body)
      else if (result instanceof Raw) {
        const { body, type, cache } = result
        const whole = typeof body === 'string' || body instanceof Uint8Array
        const parts = whole ? body : await begun(body)
        response.writeHead(200, { 'content-type': type, 'cache-control': cache })
        if (whole) response.end(parts)
        // A failure on the way cuts the connection: a file that ends early must not look whole.
        else await pipeline(Readable.from(parts), response).catch(unlessLeft)
      } else if (result === undefined) {
        response.writeHead(204)
        response.end()
      } else sendJson(response, 200, result)
    } catch (error) {
      sendProblem(response, known(error, services.log), locale)
    }
  }
}
