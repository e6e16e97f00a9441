/** The desk's API client: problem documents become codes, a missing answer becomes `offline`. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { ApiError, api, apiFor, retry, retryDelay, toQuery } from '@/app/_ui/api'

afterEach(() => vi.unstubAllGlobals())

function answer(status: number, body: string | null, headers: Record<string, string> = {}) {
  const fetched = vi.fn(async (_url: string, _init: RequestInit) => new Response(body, { status, headers }))
  vi.stubGlobal('fetch', fetched)
  return fetched
}

const failureOf = (work: Promise<unknown>): Promise<ApiError> =>
  work.then(
    () => Promise.reject(new Error('nothing failed')),
    (error) => error as ApiError,
  )

describe('failures', () => {
  test('a problem document gives its code and facts', async () => {
    answer(
      429,
      JSON.stringify({ type: 'x', title: 'T', status: 429, code: 'rate_limited', detail: 'D', retryAfter: 7 }),
    )
    const failure = await failureOf(api.get('me'))
    expect(failure).toBeInstanceOf(ApiError)
    expect(failure).toMatchObject({
      code: 'rate_limited',
      status: 429,
      facts: { retryAfter: 7 },
      title: 'T',
      detail: 'D',
    })
  })

  test.each([
    [401, 'not_signed_in'],
    [404, 'not_found'],
    [503, 'database_away'],
    [500, 'unexpected'],
  ])('a bare %d is %s', async (status, code) => {
    answer(status, '<html>gateway</html>')
    expect(await failureOf(api.get('me'))).toMatchObject({ code, status })
  })

  test('no answer is offline', async () => {
    vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('failed')))
    expect(await failureOf(api.get('me'))).toMatchObject({ code: 'offline', status: 0 })
  })
})

describe('calls', () => {
  test('stay inside their account, whatever its name', async () => {
    const fetched = answer(200, '{"a":1}')
    expect(await apiFor('a/b').get('conversations', { status: 'open', label: ['x', 'y'], empty: '' })).toEqual({ a: 1 })
    expect(fetched.mock.calls[0]?.[0]).toBe('/api/v1/a%2Fb/conversations?status=open&label=x&label=y')
  })

  test('an answer without a body is nothing', async () => {
    const fetched = answer(204, null)
    expect(await api.post('sign-out')).toBeUndefined()
    expect(fetched.mock.calls[0]?.[1]).toMatchObject({ method: 'POST', body: '{}' })
  })
})

test('queries leave out what is not there', () => {
  expect(toQuery({ a: 0, b: null, c: undefined, d: false, e: '' })).toBe('?a=0&d=false')
  expect(toQuery()).toBe('')
})

describe('what failed is tried again by itself', () => {
  const failure = (status: number, retryAfter?: number) => new ApiError('x', status, retryAfter ? { retryAfter } : {})

  test('twice, with growing pauses; a refusal not at all', () => {
    for (const error of [failure(0), failure(503), failure(429), new Error('?')]) {
      expect([0, 1, 2].map((count) => retry(count, error))).toEqual([true, true, false])
      expect([0, 1].map((count) => retryDelay(count, error))).toEqual([1_000, 2_000])
    }
    for (const status of [401, 403, 404, 422]) expect(retry(0, failure(status))).toBe(false)
  })

  test('not before the server asked for; a long silence is left to the person', () => {
    expect([retry(0, failure(503, 3)), retryDelay(0, failure(503, 3))]).toEqual([true, 3_000])
    expect(retry(0, failure(429, 30))).toBe(false)
  })
})
