/** Malformed requests over every declared route: never a failure of ours, no stack in an answer, only codes that are declared. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { Reply, type Route } from '@/lib/border/route'
import { routes } from '@/lib/border/routes'
import { serveRoutes } from '@/lib/border/serve'
import { statusOf } from '@/lib/core/errors'
import { amount, held } from '../kit/guarantee'
import { Bodies } from '../kit/hostile/bodies'
import { type Furnished, furnish } from '../kit/hostile/furnished'
import { type Answered, type Asked, inject } from '../kit/hostile/inject'

let house: Furnished
beforeAll(async () => {
  house = await furnish()
})
afterAll(() => house.close())

const mutating = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
/** What an answer to a stranger must not hold: places in our code, words of the database and its driver. */
const inside =
  /\bat [\w.<>]+ \(|node_modules|\.[cm]?[jt]sx?:\d+|prisma|SQLSTATE|syntax error|violates|relation \\"|\bP20\d\d\b|"stack"/i

function ask(route: Route, bodies: Bodies, session: string, malformed: boolean): Asked {
  const name = (part: string) => (part === ':account' && bodies.chance(0.97) ? house.slug : bodies.segment())
  const path = route.path.replace(/:\w+/g, name)
  const reads = !mutating.has(route.method)
  const headers: Record<string, string> = { host: 'desk.test', origin: 'http://desk.test' }
  if (route.who === 'visitor') headers.authorization = `Bearer ${bodies.chance(0.97) ? house.token : bodies.segment()}`
  else if (route.who !== 'public') headers.cookie = session
  if (bodies.chance(0.05)) headers['accept-language'] = bodies.segment()
  if (route.file && bodies.chance(0.5)) headers['x-file-name'] = bodies.segment()
  const write = malformed ? bodies.malformed(route.input) : bodies.edge(route.input)
  const body = reads ? undefined : route.file ? bodies.rubbish() : write
  return { method: route.method, url: reads ? `${path}?${bodies.query(route.input)}` : path, headers, body }
}

/** These end the session that asks, or hash a password, which is slow on purpose: fewer of them. */
const dear = /sign-out|me\/sessions|sign-up|password|invitations\/join|metrics/

/** No connection to the database could be had for seconds: a machine that stalls, not a body. The same is asked again. */
const isAway = ({ status, headers, body }: Answered): boolean =>
  status === 503 && Number(headers['retry-after']) > 0 && body.includes('"database_away"')

/** What is wrong with an answer; null when nothing is. */
function faultOf({ status, body, headers }: Answered): string | null {
  if (status >= 500) return `${status}`
  if (inside.test(body) && status >= 400) return `tells of the inside: ${body.slice(0, 200)}`
  if (status < 400) return null
  if (!headers['content-type']?.startsWith('application/problem+json')) return 'no problem document'
  const { code, status: told } = JSON.parse(body) as { code: keyof typeof statusOf; status: number }
  return statusOf[code] === status && told === status ? null : `code ${code} with ${status}`
}

const thrown = (error: Error): Answered => ({ status: 599, headers: {}, body: String(error.stack) })

/** No answer within 20 s is one, too. Its clock is stopped: hundreds of thousands of them would stay for as long. */
const orSilence = (answer: Promise<Answered>): Promise<Answered> =>
  new Promise((done) => {
    const timer = setTimeout(() => done({ status: 598, headers: {}, body: '' }), 20_000)
    void answer.then(done).finally(() => clearTimeout(timer))
  })

/** As a client would that is told to come again: what still cannot be answered then is a fault. */
async function untilThere(ask: () => Promise<Answered>): Promise<Answered> {
  for (let tries = 0; ; tries++) {
    const answer = await ask()
    if (tries === 10 || !isAway(answer)) return answer
    await sleep(Number(answer.headers['retry-after']) * 1_000)
  }
}

/** Asks so many times, eight at once; the faults by route, with what was sent. */
async function run(open: readonly Route[], wanted: number, log: string[]) {
  const handler = serveRoutes(house.services, open)
  const bodies = new Bodies(20261130)
  bodies.ids = house.ids
  const [usual, rest] = [open.filter(({ path }) => !dear.test(path)), open.filter(({ path }) => dear.test(path))]
  const bodied = usual.filter(
    ({ method, file, input }) => mutating.has(method) && !file && !input.safeParse({}).success,
  )
  const faults = new Map<string, string>()
  const counts: Record<string, number> = {}
  let asked = 0
  let session = await house.signIn()
  const one = async (): Promise<void> => {
    while (asked < wanted) {
      // Nearly all are bodies that a schema must refuse; the others are to get as deep as they can, anywhere.
      const malformed = asked % amount(50, 10) !== 0
      const route = bodies.pick(asked++ % 200 === 0 && rest.length ? rest : malformed ? bodied : usual)
      const request = ask(route, bodies, session, malformed)
      const before = log.length
      const answer = await untilThere(() => orSilence(inject(handler, request).catch(thrown)))
      counts[answer.status] = (counts[answer.status] ?? 0) + 1
      const fault = faultOf(answer)
      if (fault) {
        const sent = `${request.url.slice(0, 200)} ${request.body?.toString().slice(0, 300)} ${log.slice(before).join('; ').slice(0, 500)} ${answer.status > 597 ? answer.body : ''}`
        faults.set(`${route.method} ${route.path}: ${fault}`, sent)
      }
      if (answer.status === 401 && typeof route.who === 'object') session = await house.signIn()
    }
  }
  await Promise.all(Array.from({ length: 8 }, one))
  return { asked, counts, faults: [...faults].map(([what, sent]) => `${what}\n  ${sent}`) }
}

/** Without their rates, and with streams that end at once: what they follow has tests of its own. */
const unlimited = (all: readonly Route[]) =>
  all.map(({ stream, ...route }): Route => {
    const rate = { limits: { ...route.limits, rate: [1e9, 60] as const } }
    return { ...route, ...rate, ...(stream ? { stream: (_ctx, _input, _call, opened) => opened.close() } : {}) }
  })

test('malformed requests', { timeout: 900_000 }, async () => {
  const log: string[] = []
  house.services.log.error = ((facts: { err?: unknown }) => void log.push(String(facts.err))) as never
  const { asked, counts, faults } = await run(unlimited(routes), amount(200_000, 500), log)
  expect(faults.join('\n')).toBe('')
  held('4 malformed requests', `${asked} over ${routes.length} routes: 0 × 5xx, by status ${JSON.stringify(counts)}`)
})

test('control: routes that throw, tell of the inside or answer in words of their own are seen', async () => {
  house.services.log.error = (() => {}) as never
  const [spare] = routes.filter(
    ({ method, who, file, path }) => method === 'POST' && who === 'public' && !file && !path.includes(':'),
  )
  const planted = (name: string, handle: Route['handle']): Route => ({
    ...(spare as Route),
    path: `/api/planted/${name}`,
    input: z.object({ text: z.string() }),
    handle,
  })
  const open = unlimited([
    planted('throws', () => Promise.reject(new Error('planted'))),
    planted('tells', () => new Reply(400, { code: 'invalid_input', detail: String(new Error('x').stack) })),
    planted('words', () => new Reply(409, 'no')),
    planted('well', () => ({ fine: true })),
  ])
  // Of all bodies in a full run, few get as far as a handler.
  const { faults } = await run(open, amount(2_000, 200), [])
  expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual([
    'POST /api/planted/tells',
    'POST /api/planted/throws',
    'POST /api/planted/words',
  ])
})
