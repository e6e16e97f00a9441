/** Tokens of visitors, matching of routes, problem documents and the headers of pages. */
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { compileRoutes } from '@/lib/border/match'
import { framePolicy } from '@/lib/border/page-headers'
import { known, problemOf, retryAfter } from '@/lib/border/problem'
import { defineRoute, type Route } from '@/lib/border/route'
import { makeVisitorToken, readVisitorToken } from '@/lib/border/visitor'
import { AppError, type ErrorCode, statusOf } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import { createLog } from '@/lib/platform/log'

const secret = randomBytes(32).toString('base64')
const now = new Date('2026-11-23T12:00:00Z')
const who = { accountId: newId(), inboxId: newId(), contactId: newId(), sessionId: newId() }
const code = (work: () => unknown): string => {
  try {
    work()
    return 'accepted'
  } catch (error) {
    return (error as AppError).code
  }
}

describe("a visitor's token", () => {
  const token = makeVisitorToken(secret, who, now)

  test('names its visitor for a year', () => {
    expect(readVisitorToken(secret, token, now)).toEqual(who)
    expect(readVisitorToken(secret, token, new Date(now.getTime() + 364 * 86_400_000))).toEqual(who)
    expect(code(() => readVisitorToken(secret, token, new Date(now.getTime() + 366 * 86_400_000)))).toBe(
      'token_invalid',
    )
    expect(code(() => readVisitorToken(secret, token, new Date(now.getTime() - 600_000)))).toBe('token_invalid')
  })
  test('is refused with any bit changed, cut, under another secret, or made of anything else', () => {
    const bytes = Buffer.from(token, 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit += 3) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(code(() => readVisitorToken(secret, changed.toString('base64url'), now))).toBe('token_invalid')
    }
    expect(code(() => readVisitorToken(`${secret}x`, token, now))).toBe('token_invalid')
    expect(code(() => readVisitorToken(secret, undefined, now))).toBe('token_invalid')
    fc.assert(
      fc.property(
        fc.string(),
        (text) => void expect(code(() => readVisitorToken(secret, text, now))).toBe('token_invalid'),
      ),
    )
  })
})

describe('finding a route', () => {
  const at = (method: Route['method'], path: string): Route =>
    defineRoute({ method, path, who: 'user', input: z.object({}), handle: () => path })
  const routes = [
    at('GET', '/api/v1/:account/members/:id'),
    at('GET', '/api/v1/:account/members/me'),
    at('POST', '/api/v1/:account/members'),
    at('GET', '/api/health'),
  ]
  const find = compileRoutes(routes)

  test('fixed segments win over named ones; segments are decoded', () => {
    expect(find('GET', '/api/v1/acme/members/me')).toMatchObject({ route: routes[1], params: { account: 'acme' } })
    expect(find('GET', '/api/v1/caf%C3%A9/members/7')).toMatchObject({ params: { account: 'café', id: '7' } })
    expect(find('GET', '/api/health')).toMatchObject({ route: routes[3] })
  })
  test('a known path with another method says which are allowed; an unknown one nothing', () => {
    expect(find('DELETE', '/api/v1/acme/members')).toEqual({ allowed: ['POST'] })
    for (const path of ['/api', '/api/v1/acme/members/7/8', '/api/v1//members/7', '/api/v1/%E0%A4%A/members/7'])
      expect(find('GET', path)).toEqual({ allowed: [] })
  })
  test('survives any path', () => {
    fc.assert(fc.property(fc.string(), (path) => void find('GET', path)))
  })
})

describe('a problem document', () => {
  test('has type, title, status, code and detail in both languages, for every failure', () => {
    for (const each of Object.keys(statusOf) as ErrorCode[]) {
      const [en, zh] = [
        problemOf(new AppError(each, { retryAfter: 3, email: 'a@b.c' }), 'en'),
        problemOf(new AppError(each), 'zh-CN'),
      ]
      expect(en).toMatchObject({
        status: statusOf[each],
        code: each,
        title: expect.any(String),
        detail: expect.any(String),
      })
      expect(zh.title).toMatch(/\p{sc=Han}/u)
      expect(en.title).not.toBe(zh.title)
    }
    expect(problemOf(new AppError('rate_limited', { retryAfter: 3 }), 'en').detail).toContain('3 s')
  })
  test('facts never overwrite its own members', () => {
    const problem = problemOf(new AppError('not_found', { status: 200, code: 'fine', title: 'x' }), 'en')
    expect(problem).toMatchObject({ status: 404, code: 'not_found' })
    expect(problem.title).not.toBe('x')
  })
  test('what nobody foresaw says nothing of itself', () => {
    const problem = problemOf(known(new Error('password=hunter2 at /secret'), createLog('test', 'silent')), 'en')
    expect(JSON.stringify(problem)).not.toMatch(/hunter2|secret/)
    expect(problem.status).toBe(500)
  })
  test('says when to try again, for 429 and 503 only', () => {
    expect(retryAfter(new AppError('rate_limited', { retryAfter: 2.2 }))).toBe(3)
    expect(retryAfter(new AppError('database_away'))).toBe(1)
    expect(retryAfter(new AppError('not_found'))).toBeNull()
  })
})

test("the frame's policy keeps what the build allows and names exactly the inbox's origins", () => {
  expect(framePolicy("default-src 'none'; script-src 'sha256-x'", ['https://shop.example'])).toBe(
    "default-src 'none'; script-src 'sha256-x'; frame-ancestors 'self' https://shop.example",
  )
  expect(
    framePolicy("script-src 'sha256-x' {host}/widget/more.js", [], ['a.example:3000', 'a.example:3000', 'b.example']),
  ).toBe("script-src 'sha256-x' a.example:3000/widget/more.js b.example/widget/more.js; frame-ancestors *")
  // What comes after the path belongs to the next part.
  expect(framePolicy("script-src {host}/widget/more.js; style-src 'self'", [], ['a.example', 'b.example'])).toBe(
    "script-src a.example/widget/more.js b.example/widget/more.js; style-src 'self'; frame-ancestors *",
  )
  // A host that says more than its name says nothing.
  for (const host of ["a.example; script-src 'unsafe-inline'", 'a.example *', '', 'a.example/x', "'self'"])
    expect(framePolicy("script-src 'sha256-x' {host}/widget/more.js", [], [host])).toBe(
      "script-src 'sha256-x' ; frame-ancestors *",
    )
  expect(framePolicy("default-src 'none'", [])).toMatch(/frame-ancestors \*$/)
  // Without a build nothing may run.
  expect(framePolicy('', [])).toMatch(/^default-src 'none';/)
})
