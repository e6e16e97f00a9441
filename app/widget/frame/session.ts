/** Every request to the visitor API, in the name of who we are there: a token, the inbox it belongs to, and whom the business vouches for. */

import { page } from './host-page'
import { changed } from './news'
import { get, names, set, siteKey } from './store'
import type { Identity, Inbox } from './types'
import { locale } from './words'

export interface Refusal extends Error {
  /** HTTP status; 0 when there was no answer at all. */
  status: number
  /** Seconds the server asks us to wait (Retry-After; the visitor API never sends a date). */
  pause: number
}

/** The same request will be refused again, however often it is sent. */
export const isFinal = ({ status }: Refusal) => /^4(?!01|08|29)/.test(`${status}`)

/** The site key is unknown or this place is not allowed: there is no chat here. */
export const isBlocked = (trouble?: Refusal) => /40[34]/.test(`${trouble?.status}`)

/** What the server said last about us. */
export let session: { token?: string; contactId?: string; inbox?: Partial<Inbox> } = JSON.parse(get('session') ?? '{}')

let beginning: Promise<void> | undefined
let identity: Identity | undefined
let replaced = () => {}

/** Runs when the server made somebody else of us: what was shown belongs to the one before. */
export const whenReplaced = (forget: () => void) => {
  replaced = forget
}

const refuse = (status = 0, pause?: string | null): Refusal =>
  Object.assign(new Error(), { status, pause: +pause! || 0 })

async function request(path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const answer = await fetch(`/api/widget/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { 'content-type': 'application/json', ...(session.token && { authorization: `Bearer ${session.token}` }) },
    body: JSON.stringify(body),
    // A message sent in the moment of leaving still goes out.
    keepalive: !!body,
    signal: signal ?? AbortSignal.timeout(20_000),
  }).catch(() => {
    throw refuse()
  })
  if (!answer.ok) throw refuse(answer.status, answer.headers.get('retry-after'))
  return answer
}

async function begin() {
  const before = session.contactId
  // The token we had, even a stale one, lets the server go on with the same contact.
  const answer = await request('sessions', { siteKey, locale, page: page.page, identity })
  session = await answer.json()
  set('session', JSON.stringify(session))
  if (before && before !== session.contactId) replaced()
  changed()
}

/** Says hello to the server: a token for who is new, today's words and presence for everybody. */
export function greet(): Promise<void> {
  beginning ??= begin().finally(() => {
    beginning = undefined
  })
  return beginning
}

/** Asks in our name; a token that ran out is renewed once. */
export async function ask(path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  if (!session.token) await greet()
  try {
    return await request(path, body, signal)
  } catch (error) {
    if ((error as Refusal).status !== 401) throw error
    await greet()
    return request(path, body, signal)
  }
}

/** Who the page says is there. A stranger who turns out to be somebody keeps their thread; for anybody else we start over. */
export function identify(who?: Identity) {
  const before = get('who')
  const { userId, name, email, signature } = who ?? ({} as Identity)
  const now = userId || email
  // Only what the server knows; a business may say more.
  identity = who && { userId, name, email, signature }
  if (before === now) return
  // Of somebody else nothing may stay.
  if (before) for (const name of names('')) set(name)
  set('who', now)
  if (session.token)
    before
      ? location.reload()
      : Promise.resolve(beginning)
          .then(greet, greet)
          .catch(() => {})
}
