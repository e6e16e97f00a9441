/** Every request to the visitor API, in the name of who we are there: a token, the inbox it belongs to, and whom the business vouches for. */

import { page, tell } from './host-page'
import { changed } from './news'
import { get, names, set, siteKey } from './store'
import type { Identity, Inbox } from './types'
import { locale } from './words'

export interface Refusal {
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

/** undefined: we never said hello in this page; null: not at the moment. */
export let beginning: Promise<void> | undefined | null
/** What the page said last of who is there, in its own writing. */
let claim = ''
let identity: Identity | undefined | null

const refuse = (status = 0, pause: string | null = null): Refusal => ({ status, pause: +pause! })

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
  // The server made somebody else of us: what was shown belongs to the one before.
  if (before && before !== session.contactId) {
    set('read')
    location.reload()
  }
  changed()
}

/** Says hello to the server: a token for who is new, today's words and presence for everybody. */
export function greet(): Promise<void> {
  const tried = identity
  beginning ||= begin()
    .catch((error: Refusal) => {
      if (!tried || error.status !== 401) throw error
      // Not a signature of the business: the chat goes on without the claim, or with the one that has replaced it.
      if (identity === tried) {
        identity = null
        tell({ error: true })
      }
      return begin()
    })
    .finally(() => {
      beginning = null
    })
  return beginning
}

/** What goes wrong with this goes wrong for the stream, too, which says so. */
export const hello = () => greet().catch(() => {})

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

/** Who the page says is there, null for nobody. A stranger who turns out to be somebody keeps their thread; for anybody else we start over. */
export function identify(said: string) {
  if (claim === said) return
  claim = said
  identity = JSON.parse(said)
  const { userId, email } = identity ?? {}
  const before = get('who')
  // Of somebody else nothing may stay. Who was known by an address alone is still the same when it comes with an id.
  const other = before && before !== `${userId}` && before !== email
  if (other) for (const name of names('')) set(name)
  set('who', `${userId || email || ''}`)
  if (other) location.reload()
  // What is learned after the first hello is worth another one.
  else if (beginning !== undefined) Promise.resolve(beginning).then(hello, hello)
}
