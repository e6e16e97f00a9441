/**
 * Puts payloads into what the machine API answers: every text of every answer that a person or a model could have written.
 * The pages then show them as if they had been stored, in all fields at once, without a field being forgotten.
 */
import type { BrowserContext, Route } from '@playwright/test'
import { filled } from './filled'
import { type Payload, packs } from './payloads'

/** Words of ours, ids, times and colours: pages decide by them, and nobody else writes them. */
const structural =
  /^([a-z]{1,20}(_[a-z]+)*|[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z|#[0-9a-f]{6}|\d+ \d+|)$|^[a-z]+[A-Z][a-zA-Z]+$/
/** Fields whose values may look like words of ours but are other people's, or a model's. */
const free =
  /^(name|text|preview|authorName|away|placeholder|intent|label|title|detail|description|greeting|inboxName|truth|guess|number|url|page|email|phone|externalId|to|subject|words|texts|one|other|answer|language|disclosure)$/
/** What an account or the server chooses from a closed list, or makes itself. */
const kept = /^(slug|siteKey|locale|timeZone|currency|cursor|next|version|home|code|key|type|events)$/

/** Texts that repeat on a page hold a part each: so many payloads. */
const part = 100

export class Hostile {
  /** Fields that have shown every payload on some page, by their path, such as `conversations.rows[].preview`. */
  readonly fields = new Set<string>()
  /** Texts put in. */
  put = 0
  readonly #all: string
  readonly #parts: string[]
  readonly #addresses: string[]
  /** How often each field came on this page. */
  readonly #counts = new Map<string, number>()
  #alone = false

  constructor(all: readonly Payload[]) {
    this.#all = packs(all, all.length)[0] as string
    this.#parts = packs(all, part)
    this.#addresses = all.filter(({ place }) => place === 'address').map(({ text }) => text)
  }

  /** A page begins. @param alone addresses only, each by itself: they run at the very beginning of a text or not at all */
  begin(alone = false): void {
    this.#counts.clear()
    this.#alone = alone
  }

  /** The first time all of them, then parts. */
  #text(path: string): string {
    const count = this.#counts.get(path) ?? 0
    this.#counts.set(path, count + 1)
    this.put++
    const from = this.#alone ? this.#addresses : this.#parts
    if (!this.#alone) this.fields.add(path)
    return count === 0 && !this.#alone ? this.#all : (from[count % from.length] as string)
  }

  replace(value: unknown, path: string, key = ''): unknown {
    if (Array.isArray(value)) return value.map((one) => this.replace(one, `${path}[]`, key))
    if (value && typeof value === 'object')
      return Object.fromEntries(
        Object.entries(value).map(([name, one]) => [name, this.replace(one, `${path}.${name}`, name)]),
      )
    const ours = typeof value !== 'string' || kept.test(key) || (structural.test(value) && !free.test(key))
    return ours ? value : this.#text(path)
  }
}

/** Replaces the API's answers to all pages of the context; `tests/kit/hostile/filled` adds what the demo has none of. */
export async function answerWith(context: BrowserContext, hostile: Hostile): Promise<void> {
  /** Answers as they came: the same pages are visited again and again. */
  const known = new Map<string, { status: number; body: unknown }>()
  const answer = async (route: Route): Promise<void> => {
    const request = route.request()
    const { pathname } = new URL(request.url())
    if (/\/(live|events|attachments|auth)\b/.test(pathname)) return route.fallback()
    // What is written has no effect here; a failure's words come as a person would read them.
    if (request.method() !== 'GET') return refuse(route, hostile)
    const path = pathname.replace(/[0-9a-f]{8}-[0-9a-f-]{27}|(?<=\/)\d+(?=\/|$)/g, ':id')
    let held = known.get(request.url())
    if (!held) {
      const response = await route.fetch()
      const json = response.headers()['content-type']?.includes('json')
      const found = filled(path, json && response.ok() ? await response.json() : null)
      if (found === null) return route.fulfill({ response })
      held = { status: 200, body: found }
      known.set(request.url(), held)
    }
    return fulfil(route, held.status, hostile.replace(held.body, path))
  }
  // A page that has gone asks no more.
  await context.route('**/api/**', (route) => answer(route).catch(() => route.abort().catch(() => undefined)))
}

const fulfil = (route: Route, status: number, body: unknown): Promise<void> =>
  route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) })

const refuse = (route: Route, hostile: Hostile): Promise<void> =>
  fulfil(route, 422, hostile.replace({ code: 'invalid_input', title: 'x', detail: 'x', reason: 'x' }, 'problem'))
