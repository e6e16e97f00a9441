/** The desk's way to the JSON API: paths under `/api/v1`, problem documents become `ApiError`. */

export type ApiFacts = Record<string, unknown>

/** A refused or failed call; `code` picks the words, `status` 0 means that no answer came. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    readonly facts: ApiFacts = {},
    /** The server's words and the language they are in, when it sent some. */
    readonly title?: string,
    readonly detail?: string,
    readonly language?: string,
  ) {
    super(code)
    this.name = 'ApiError'
  }
}

/** Refusals stay refusals; a missing answer, a fault of the server and "not so fast" are worth another try. */
export const worthRetrying = (error: unknown): boolean =>
  !(error instanceof ApiError) || error.status === 0 || error.status === 429 || error.status >= 500

/** Longest silence asked for by a server that is waited out, seconds; a longer one is told to the person. */
const patience = 5
const silenceOf = (error: unknown): number =>
  error instanceof ApiError && typeof error.facts.retryAfter === 'number' ? error.facts.retryAfter : 0

/** Whether a reading that failed for the `count`th time (from 0) is tried again by itself, and after how long. */
export const retry = (count: number, error: unknown): boolean =>
  count < 2 && worthRetrying(error) && silenceOf(error) <= patience
export const retryDelay = (count: number, error: unknown): number => 1_000 * Math.max(2 ** count, silenceOf(error))

export type Query = Record<string, string | number | boolean | null | undefined | readonly string[]>
type Options = { signal?: AbortSignal }

export interface Api {
  get<Answer>(path: string, query?: Query, options?: Options): Promise<Answer>
  post<Answer = void>(path: string, body?: unknown, options?: Options): Promise<Answer>
  put<Answer = void>(path: string, body?: unknown, options?: Options): Promise<Answer>
  patch<Answer = void>(path: string, body?: unknown, options?: Options): Promise<Answer>
  delete<Answer = void>(path: string, body?: unknown, options?: Options): Promise<Answer>
}

/** `?a=1&b=x&b=y`; empty values are left out. */
export function toQuery(query: Query = {}): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue
    if (Array.isArray(value)) for (const one of value) params.append(name, one)
    else params.append(name, String(value))
  }
  const text = params.toString()
  return text && `?${text}`
}

/** The failure a refused answer stands for. */
export async function failureOf(response: Response): Promise<ApiError> {
  const language = response.headers.get('content-language') ?? undefined
  try {
    const {
      type: _type,
      title,
      detail,
      status: _status,
      code,
      ...facts
    } = (await response.json()) as Record<string, unknown>
    if (typeof code === 'string') {
      return new ApiError(
        code,
        response.status,
        facts,
        title as string | undefined,
        detail as string | undefined,
        language,
      )
    }
  } catch {
    // Not a problem document (a proxy's page, a cut connection): the status alone decides below.
  }
  const byStatus: Record<number, string> = {
    401: 'not_signed_in',
    403: 'forbidden',
    404: 'not_found',
    413: 'body_too_large',
    429: 'rate_limited',
    503: 'database_away',
  }
  return new ApiError(byStatus[response.status] ?? 'unexpected', response.status)
}

async function call(method: string, url: string, body: unknown, { signal }: Options = {}): Promise<unknown> {
  let response: Response
  try {
    response = await fetch(url, {
      method,
      signal,
      credentials: 'same-origin',
      headers:
        body === undefined
          ? { accept: 'application/json' }
          : { accept: 'application/json', 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new ApiError('offline', 0)
  }
  if (!response.ok) throw await failureOf(response)
  if (response.status === 204 || response.headers.get('content-length') === '0') return undefined
  return response.json()
}

function at(prefix: string): Api {
  const url = (path: string) => `${prefix}/${path.replace(/^\//, '')}`
  const ask = (method: string) => (path: string, body?: unknown, options?: Options) =>
    call(method, url(path), method === 'GET' ? undefined : (body ?? {}), options)
  return {
    get: (path: string, query?: Query, options?: Options) =>
      call('GET', url(path) + toQuery(query), undefined, options),
    post: ask('POST'),
    put: ask('PUT'),
    patch: ask('PATCH'),
    delete: ask('DELETE'),
  } as Api
}

/** Calls that belong to no account: `api.get('me')` → `/api/v1/me`. */
export const api = at('/api/v1')

/** Calls inside an account, by its slug: `apiFor('shop').get('conversations')`. Components use `useApi()` instead. */
export const apiFor = (account: string): Api => at(`/api/v1/${encodeURIComponent(account)}`)
