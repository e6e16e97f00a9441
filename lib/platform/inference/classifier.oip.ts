/** The classifier behind an HTTP server that speaks the Open Inference Protocol v2: our own child, or any other. */
import http from 'node:http'
import https from 'node:https'
import { z } from 'zod'
import type { Classifier, ClassifierState, Understanding, Why } from '../../core/ports'
import type { Log } from '../log'
import { type Answer, reader } from './answer'
import { Breaker } from './breaker'

interface Waiting {
  text: string
  /** Who answers where the bundle is refused, the first one first. */
  otherwise: readonly string[]
  since: number
  resolve: (understanding: Understanding | null) => void
}

/** The server is well and will not use this bundle. */
class Refused extends Error {}

const whySchema = z.object({
  model_version: z.string(),
  ranked: z.array(z.object({ label: z.string(), probability: z.number() })),
  label: z.string(),
  against: z.string(),
  score: z.number(),
  start: z.number(),
  together: z.number(),
  words: z.array(z.object({ text: z.string(), weight: z.number() })),
})

/** A server's sentences may repeat the text that it was asked about: its short code is all that is kept of them. */
function failure(status: number | undefined, body: string): string {
  let code: unknown
  try {
    code = JSON.parse(body).code
  } catch {}
  const isCode = typeof code === 'string' && /^[a-z_]{1,40}$/.test(code)
  return `inference answered ${status}${isCode ? ` (${code})` : ''}`
}

/** Texts of one request, and the time after which an answer no longer helps, milliseconds. */
const batchSize = 64
const deadline = 2_000
/**
 * Requests in flight. A second one beside the first is worth its cost only for many texts or for another bundle: texts that
 * wait for the first to come back travel together.
 */
const inFlightLimit = 2
const worthASecond = 32

export class OipClassifier implements Classifier {
  readonly #agent: http.Agent
  readonly #breaker = new Breaker()
  readonly #queues = new Map<string, Waiting[]>()
  readonly #model: string
  readonly #why: string
  #inFlight = 0
  #answered = false

  constructor(
    readonly url: string,
    readonly log: Log,
    model = 'lingxi',
  ) {
    this.#model = `/v2/models/${model}/infer`
    this.#why = `/v2/models/${model}/explain`
    const options = { keepAlive: true, maxSockets: inFlightLimit + 1, timeout: 60_000 }
    this.#agent = url.startsWith('https:') ? new https.Agent(options) : new http.Agent(options)
  }

  classify(
    { text, bundle, otherwise = [] }: { text: string; bundle: string; otherwise?: readonly string[] | undefined },
    budgetMs: number,
  ): Promise<Understanding | null> {
    if (!this.url || !this.#breaker.allows()) return Promise.resolve(null)
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(null), budgetMs)
      const waiting: Waiting = {
        text,
        otherwise,
        since: performance.now(),
        resolve: (understanding) => {
          clearTimeout(timer)
          resolve(understanding)
        },
      }
      const queue = this.#queues.get(bundle)
      if (queue) queue.push(waiting)
      else this.#queues.set(bundle, [waiting])
      // What arrives in the same turn of the loop shares a request.
      setImmediate(() => this.#pump())
    })
  }

  #mayAsk(queue: Waiting[]): boolean {
    if (this.#inFlight === 0) return true
    return this.#inFlight < inFlightLimit && (queue.length >= worthASecond || this.#queues.size > 1)
  }

  #pump(): void {
    for (;;) {
      const next = this.#queues.entries().next()
      if (next.done) return
      const [bundle, queue] = next.value
      if (!this.#mayAsk(queue)) return
      const batch = queue.splice(0, batchSize)
      this.#queues.delete(bundle)
      if (queue.length) this.#queues.set(bundle, queue)
      this.#inFlight++
      void this.#ask(bundle, batch).finally(() => {
        this.#inFlight--
        this.#pump()
      })
    }
  }

  async #ask(bundle: string, batch: Waiting[]): Promise<void> {
    try {
      const body = JSON.stringify({
        parameters: { bundle },
        inputs: [{ name: 'text', shape: [batch.length], datatype: 'BYTES', data: batch.map((each) => each.text) }],
      })
      const answer = (await this.#post(body)) as Answer
      const read = reader(answer, batch.length)
      const now = performance.now()
      for (const [i, each] of batch.entries()) each.resolve(read(i, now - each.since))
      this.#breaker.worked()
      this.#answered = true
    } catch (error) {
      // One account's model that cannot be opened is no trouble of the machine: what answered before it does so again.
      if (error instanceof Refused && bundle !== 'base') {
        this.log.error({ bundle, reason: error.message }, "an account's model was refused; another answers instead")
        return this.#askOthers(batch)
      }
      this.#breaker.failed()
      this.log.warn(
        { reason: (error as Error).message, texts: batch.length },
        'inference did not answer; messages are labelled later',
      )
      for (const each of batch) each.resolve(null)
    }
  }

  /** The same batch may hold texts that wait for nobody but this bundle: the base's answer tells them that it was refused. */
  async #askOthers(batch: Waiting[]): Promise<void> {
    const next = new Map<string, Waiting[]>()
    for (const { otherwise, ...each } of batch) {
      const [place = 'base', ...rest] = otherwise
      next.set(place, [...(next.get(place) ?? []), { ...each, otherwise: rest }])
    }
    await Promise.all([...next].map(([place, some]) => this.#ask(place, some)))
  }

  #post(body: string, path = this.#model, patience = deadline): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const request = (this.url.startsWith('https:') ? https : http).request(
        new URL(path, this.url),
        {
          method: 'POST',
          agent: this.#agent,
          headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        },
        (response) => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('error', reject)
          response.on('end', () => {
            clearTimeout(timer)
            const text = Buffer.concat(parts).toString('utf8')
            const status = response.statusCode
            if (status === 404 || status === 422) return reject(new Refused(failure(status, text)))
            if (status !== 200) return reject(new Error(failure(status, text)))
            try {
              resolve(JSON.parse(text))
            } catch (error) {
              reject(error as Error)
            }
          })
        },
      )
      const timer = setTimeout(() => request.destroy(new Error(`no answer within ${patience} ms`)), patience)
      request.on('error', (error) => {
        clearTimeout(timer)
        reject(error)
      })
      request.end(body)
    })
  }

  async explain(
    { text, bundle, otherwise = [], head }: Parameters<Classifier['explain']>[0],
    budgetMs: number,
  ): Promise<Why | null> {
    if (!this.url) return null
    const until = performance.now() + budgetMs
    try {
      const body = JSON.stringify({ parameters: { bundle }, head, text })
      const { model_version: modelVersion, ...why } = whySchema.parse(await this.#post(body, this.#why, budgetMs))
      return { modelVersion, ...why }
    } catch (error) {
      const [next, ...rest] = otherwise
      if (error instanceof Refused && next)
        return this.explain({ text, bundle: next, otherwise: rest, head }, Math.max(0, until - performance.now()))
      // Not the breaker's business: labels do not depend on it.
      this.log.warn({ reason: (error as Error).message }, 'inference did not explain')
      return null
    }
  }

  state(): ClassifierState {
    if (!this.url || this.#breaker.isOpen()) return 'away'
    return this.#answered ? 'ready' : 'starting'
  }

  async close(): Promise<void> {
    this.#agent.destroy()
  }
}
