/** The machine API as data: every route says who may call it, what it takes and how much, and is in the registry. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { compileRoutes } from '@/lib/border/match'
import { defineRoute, type Route } from '@/lib/border/route'
import { routes } from '@/lib/border/routes'
import { buildPages } from '@/lib/cli/launch/build.mjs'
import { undeclared } from '@/lib/cli/launch/doors.mjs'
import { largestFile } from '@/lib/core/attachment'

/** What anyone may do without being known; a new entry here is a decision. */
const publicRoutes: Record<string, string> = {
  'GET /api/health': 'load balancers',
  'GET /api/ready': 'load balancers and the supervisor',
  'GET /api/metrics': 'Prometheus; holds figures only',
  'GET /demo/config.json': 'the demo shop asks for its public site key',
  'POST /api/stripe': 'Stripe; every request is signed over its bytes',
  'POST /api/widget/sessions': 'a visitor opens the chat; site key and origin are checked',
  'GET /api/v1/me': 'says whether somebody is signed in',
  'POST /api/v1/sign-up': 'opens an account',
  'POST /api/v1/links': 'asks for a link by mail',
  'POST /api/v1/passwords/reset': 'sets a password with a mailed token',
  'POST /api/v1/invitations/show': 'shows who invites, by a mailed token',
  'POST /api/v1/invitations/join': 'accepts an invitation as a new person, by a mailed token',
}

const name = (route: Route): string => `${route.method} ${route.path}`

/** One sentence per fault of a declaration. */
function faults(route: Route, open: Record<string, string>): string[] {
  const found: string[] = []
  const say = (why: string) => found.push(`${name(route)}: ${why}`)
  const { who, limits } = route
  if (!/^\/(api|demo)\/[\w/:.-]+$/.test(route.path)) say('a path begins with /api/')
  if (route.path.startsWith('/api/auth/')) say('/api/auth/ belongs to the sign-in library')
  if (who === undefined) say('nobody may call it')
  if (who === 'public' && !open[name(route)]) say('public, but not on the list of public routes')
  const member = typeof who === 'object'
  if (member !== route.path.includes('/:account')) say('a member route names :account, and only it')
  if (member && typeof who.member !== 'function') say('the question to the member is missing')
  if (!(route.input instanceof z.ZodType)) say('no schema')
  // A member's routing table is the largest thing people send; strangers get less.
  const most = route.file ? largestFile : member ? 262_144 : 65_536
  if (!(limits?.body >= 0) || limits.body > most) say(`bodies up to ${most / 1024} KiB`)
  const signed = name(route) === 'POST /api/stripe'
  if (route.file && ((who === 'public' && !signed) || route.method !== 'POST'))
    say('a file is posted, by somebody who is known')
  if (!(limits?.rate?.[0] > 0) || !(limits.rate[1] > 0)) say('no rate')
  if (route.method === 'GET' && who === 'public' && limits.rate[0] > 1_200) say('a public reading without a limit')
  if (route.stream && route.method !== 'GET') say('a stream is read with GET')
  return found
}

describe('machine routes', () => {
  test('every declaration is whole', () => {
    expect(routes.length).toBeGreaterThan(20)
    expect(routes.flatMap((route) => faults(route, publicRoutes))).toEqual([])
  })

  test('a build refuses whatever Next would answer besides pages and the sign-in library’s own door', async () => {
    expect(undeclared(resolve('.'))).toEqual([])
    const folder = mkdtempSync(join(tmpdir(), 'doors-'))
    const plant = (path: string) => {
      mkdirSync(join(folder, path, '..'), { recursive: true })
      writeFileSync(join(folder, path), 'export const GET = () => new Response("planted")\n')
    }
    const build = () => Promise.resolve().then(() => buildPages(folder, {}))
    plant('app/api/auth/[...nextauth]/route.ts')
    plant('app/(site)/sign-in/page.tsx')
    plant('app/(site)/_parts/priority-icon.tsx')
    expect(undeclared(folder)).toEqual([])
    const planted = ['app/planted/route.ts', 'pages/api/planted.ts', 'src/app/planted/page.tsx', 'middleware.ts']
    for (const path of [...planted, 'app/(site)/sitemap.ts', 'app/api/auth/[...nextauth]/more/route.js']) {
      plant(path)
      const [found = ''] = undeclared(folder)
      expect(path.startsWith(found)).toBe(true)
      await expect(build()).rejects.toThrow(`Next would answer for ${found}, which no route declares`)
      rmSync(join(folder, path.includes('app/') && !path.startsWith('src') ? path : (path.split('/')[0] as string)), {
        recursive: true,
      })
    }
    rmSync(folder, { recursive: true })
  })

  test('what members may change, or ask by POST, while a payment is overdue is a closed list', () => {
    expect(routes.filter(({ whileUnpaid }) => whileUnpaid).map(name)).toEqual([
      'POST /api/v1/:account/conversations/:id/read',
      'POST /api/v1/:account/explain',
      'DELETE /api/v1/:account/contacts/:id',
      'PATCH /api/v1/:account/privacy',
      'PATCH /api/v1/:account/me/preferences',
      'PUT /api/v1/:account/me/availability',
      'PUT /api/v1/:account/members/:id/place',
      'DELETE /api/v1/:account/members/:id',
      'DELETE /api/v1/:account/invitations/:id',
      'PUT /api/v1/:account/second-factor',
      'POST /api/v1/:account/billing/portal',
      'POST /api/v1/:account/billing/refresh',
      'POST /api/v1/:account/billing/preview',
      'PUT /api/v1/:account/billing/plan',
      'PATCH /api/v1/:account/billing/plan',
      'PUT /api/v1/:account/billing/add-ons',
      'PUT /api/v1/:account/billing/spend',
    ])
  })

  test('of these, what erases, or says who gets in, is left to members who have a place', () => {
    const closed = routes.filter(({ whileUnpaid, whileWaiting }) => whileUnpaid && !whileWaiting)
    expect(closed.map(name)).toEqual([
      'DELETE /api/v1/:account/contacts/:id',
      'PATCH /api/v1/:account/privacy',
      'DELETE /api/v1/:account/invitations/:id',
      'PUT /api/v1/:account/second-factor',
    ])
    expect(routes.filter(({ whileUnpaid, whileWaiting }) => whileWaiting && !whileUnpaid)).toEqual([])
  })

  test('what another site’s page may send is a closed list, and no cookie gives it power', () => {
    const open = routes.filter(({ anyOrigin }) => anyOrigin)
    expect(open.map(name)).toEqual(['POST /api/widget/sessions', 'POST /api/stripe'])
    expect(open.every(({ who }) => who === 'public')).toBe(true)
  })

  test('no two answer the same request', () => {
    expect(() => compileRoutes(routes)).not.toThrow()
  })

  test('the list of public routes names no route that is gone', () => {
    const known = new Set(routes.map(name))
    expect(Object.keys(publicRoutes).filter((each) => !known.has(each))).toEqual([])
  })

  test('every route file is in the registry', { timeout: 30_000 }, async () => {
    const registered = new Set(routes)
    const folder = resolve('lib/border/routes')
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue
      const module = (await import(/* @vite-ignore */ resolve(folder, file))) as Record<string, unknown>
      const declared = Object.values(module)
        .flat()
        .filter(
          (value): value is Route => typeof value === 'object' && value !== null && 'path' in value && 'who' in value,
        )
      for (const route of declared) expect(registered.has(route), `${file}: ${name(route)} is not served`).toBe(true)
    }
  })
})

describe('the fence bites', () => {
  const sound = {
    method: 'POST',
    path: '/api/v1/:account/x',
    who: { member: () => true },
    input: z.object({}),
  } as const
  const handle = () => ({})
  test.each([
    ['public without being listed', { ...sound, path: '/api/v1/x', who: 'public' }, /not on the list/],
    ['a member route outside an account', { ...sound, path: '/api/v1/x' }, /names :account/],
    ['an account route for anyone signed in', { ...sound, who: 'user' }, /names :account/],
    ['a body without bound', { ...sound, limits: { body: 1e9, rate: [1, 1] } }, /256 KiB/],
    ['a file without bound', { ...sound, file: true, limits: { body: 1e9, rate: [1, 1] } }, /10240 KiB/],
    ['a file from anyone', { ...sound, path: '/api/v1/x', who: 'public', file: true }, /somebody who is known/],
    ['no rate', { ...sound, limits: { body: 0, rate: [0, 0] } }, /no rate/],
    ['no schema', { ...sound, input: {} }, /no schema/],
  ])('%s', (_name, route, why) => {
    expect(faults(defineRoute({ ...route, handle } as never), {}).join('\n')).toMatch(why)
  })

  test('a route with neither answer nor stream cannot be declared', () => {
    expect(() => defineRoute({ ...sound })).toThrow(/exactly one/)
  })

  test('two of one shape cannot be served', () => {
    const twin = defineRoute({ ...sound, handle })
    expect(() => compileRoutes([twin, { ...twin, path: '/api/v1/:slug/x' }])).toThrow(/declared twice/)
  })
})
