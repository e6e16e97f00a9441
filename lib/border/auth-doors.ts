/** What of the sign-in library is served, and how much: its other paths are not there, and what it could not read stops here. */
import type { Env } from '../core/env'
import { AppError } from '../core/errors'
import { oauthChoices } from '../features/identity/provider.oauth'
import type { Limits } from './route'

export interface Door {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly limits: Limits
}

/** Forms of ours are a few hundred bytes; a page asks for a token before each. Guesses have limits of their own (flows/sign-in). */
const limits: Limits = { body: 16_384, rate: [1_200, 60] }
const door = (method: Door['method'], path: string): Door => ({ method, path: `/api/auth/${path}`, limits })

export const providers = ['google', 'github', 'oidc'] as const

/** Everything; tests/db/identity/doors has it once more, by hand. */
export const authDoors: readonly Door[] = [
  door('GET', 'csrf'),
  // Where the library sends a browser that comes back from a provider with nothing to show for it.
  door('GET', 'signin'),
  door('GET', 'error'),
  door('POST', 'signout'),
  ...['password', 'link', 'code'].map((way) => door('POST', `callback/${way}`)),
  ...providers.flatMap((id) => [door('POST', `signin/${id}`), door('GET', `callback/${id}`)]),
]

/** @throws not_found, method_not_allowed */
export function doorOf(env: Env, method: string, path: string): Door {
  const there = authDoors.filter((each) => each.path === path)
  const provider = providers.find((id) => path.endsWith(`/${id}`))
  if (!there.length || (provider && !oauthChoices(env).some(({ id }) => id === provider)))
    throw new AppError('not_found')
  const found = there.find((each) => each.method === method)
  if (!found) throw new AppError('method_not_allowed')
  return found
}

/** What the library takes for an address: a path of ours, or a whole one. It ends with a failure of its own over anything else. */
const isAddress = (value: unknown): boolean => {
  if (value === undefined || value === '') return true
  if (typeof value !== 'string' || value.length > 2_000) return false
  const base = value.startsWith('/') ? 'http://localhost' : undefined
  return URL.canParse(value, base) && /^https?:/.test(new URL(value, base).protocol)
}

/** @throws invalid_input, body_not_json */
export function checkFields(query: URLSearchParams, type: string, body: string | null): void {
  if (query.getAll('callbackUrl').some((value) => !isAddress(value))) throw new AppError('invalid_input')
  if (body === null) return
  const fields = type.includes('application/json') ? readJson(body) : Object.fromEntries(new URLSearchParams(body))
  if (!isAddress(fields.callbackUrl)) throw new AppError('invalid_input')
}

function readJson(body: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    throw new AppError('body_not_json')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new AppError('invalid_input')
  return value as Record<string, unknown>
}
