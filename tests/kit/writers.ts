/** Visitors that write without pause and try again under the same client id until they are answered; and what became of it all. */
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeVisitorToken } from '@/lib/border/visitor'
import { newId } from '@/lib/core/ids'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'
import type { Shop } from '../db/ingest/house'
import type { DurableServer } from './durable-server'

/** What an installation of a test is asked for here. */
export interface Site {
  readonly tokenSecret: string
  readonly server: Pick<DurableServer, 'ask'>
}

/** A browser session's token of that contact. Limits such as 30 messages in 30 s are for each session. */
export const newSession = (
  { tokenSecret }: Pick<Site, 'tokenSecret'>,
  { accountId, inboxId }: Shop,
  contactId: string,
): string => makeVisitorToken(tokenSecret, { accountId, inboxId, contactId, sessionId: newId() }, new Date())

/** Tokens of that many new visitors of the shop. */
export async function newVisitors(site: Pick<Site, 'tokenSecret'>, shop: Shop, count: number): Promise<string[]> {
  const vault = await accountVault(shop.ctx)
  const ids = Array.from({ length: count }, newId)
  const data = ids.map((id) => ({ accountId: shop.accountId, id, key: new Uint8Array(vault.newContactKey(id)) }))
  // A transaction has 12 s: on a crowded machine thousands of rows may take longer.
  for (let at = 0; at < data.length; at += 500)
    await inAccount(shop.ctx, (tx) => tx.contact.createMany({ data: data.slice(at, at + 500) }))
  return ids.map((id) => newSession(site, shop, id))
}

export interface Answer {
  status: number
  retryAfter: number
  body: string
}

/** Posts a message; rejects when the connection breaks before the whole answer has come. */
export function post(agent: http.Agent, base: string, token: string, body: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` }
    const request = http.request(`${base}/api/widget/messages`, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece) => {
        text += piece
      })
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode as number,
          retryAfter: Number(response.headers['retry-after'] ?? 0),
          body: text,
        }),
      )
    })
    request.setTimeout(20_000, () => request.destroy(new Error('no answer within 20 s')))
    request.on('error', reject)
    request.end(JSON.stringify(body))
  })
}

export interface Tally {
  /** Client id (or text, see `newIdEachTry`) → what the 2xx said. */
  accepted: Map<string, { id: string; sequence: number }>
  /** 503 with Retry-After. */
  refused: number
  /** Connections that broke: nobody can say whether the message arrived. */
  broken: number
  /** Connections that were not made: nobody listened, at no address that the writer knows. */
  unmet: number
  /** Requests that went to another address at once because nobody listened at theirs. */
  passedOn: number
  /** Answers that must not be. */
  wrong: string[]
  /** Milliseconds of each accepted answer. */
  took: number[]
  /** The same of each refusal. */
  tookRefused: number[]
}

const noTally = (): Tally => ({
  accepted: new Map(),
  refused: 0,
  broken: 0,
  unmet: 0,
  passedOn: 0,
  wrong: [],
  took: [],
  tookRefused: [],
})

export interface Writers {
  readonly tally: Tally
  /** Resolves when so many more than now are accepted. */
  more(count: number): Promise<void>
  /** Lets every message be answered, then ends. */
  end(): Promise<void>
}

export interface WritersWish {
  count: number
  tokens: readonly string[]
  /** Where to send; asked anew for each try, and once more where nobody listened: a balancer then says another address. */
  to: (refusedBy?: string) => string
  /** For controls: a client without ids of its own, as it were. */
  newIdEachTry?: boolean
  /** Between a writer's messages. */
  pauseMs?: number
  /** Most messages of all together; without it they write until they are ended. */
  most?: number
}

export function startWriters(wish: WritersWish): Writers {
  const { count, tokens, to, newIdEachTry = false, most = Infinity, pauseMs = 0 } = wish
  const tally = noTally()
  let ended = false
  let begun = 0
  const agent = new http.Agent({ keepAlive: true })
  const write = async (own: readonly string[]) => {
    for (let sent = 0; !ended && begun < most; sent++) {
      begun++
      if (pauseMs) await sleep(pauseMs)
      const token = own[sent % own.length] as string
      const text = `message ${newId()}`
      let clientId = newId()
      for (;;) {
        if (newIdEachTry) clientId = newId()
        const began = performance.now()
        const [url, message] = [to(), { clientId, text }]
        const answer = await post(agent, url, token, message)
          .catch((error: NodeJS.ErrnoException) => {
            const other = to(url)
            if (error.code !== 'ECONNREFUSED' || other === url) throw error
            tally.passedOn++
            return post(agent, other, token, message)
          })
          .catch((error: NodeJS.ErrnoException) => {
            if (error.code === 'ECONNREFUSED') tally.unmet++
            else tally.broken++
          })
        if (answer && (answer.status === 201 || answer.status === 200)) {
          tally.accepted.set(newIdEachTry ? text : clientId, JSON.parse(answer.body))
          tally.took.push(performance.now() - began)
          break
        }
        if (answer?.status === 503) tally.tookRefused.push(performance.now() - began)
        if (answer?.status === 503 && answer.retryAfter >= 1) tally.refused++
        else if (answer && !(answer.status === 429 && answer.retryAfter >= 1))
          tally.wrong.push(`${answer.status} ${answer.body}`)
        // As it was told, and not all at the same moment.
        await sleep(answer ? Math.max(1, answer.retryAfter) * 1_000 * (0.8 + 0.4 * Math.random()) : 50)
      }
    }
  }
  const each = Math.floor(tokens.length / count)
  const writing = Promise.all(Array.from({ length: count }, (_, n) => write(tokens.slice(n * each, (n + 1) * each))))
  return {
    tally,
    more: async (wanted) => {
      for (const until = tally.accepted.size + wanted; tally.accepted.size < until; ) await sleep(2)
    },
    end: async () => {
      ended = true
      await writing
      agent.destroy()
    },
  }
}

/** Requests of a flood that are open at most, and as many as are sent in one go: beyond these a machine has nothing left to send with. */
const mostOpen = 1_000
const atOnce = 200

/**
 * So many messages a second for a while, whatever becomes of those before: nobody waits for an answer, nobody rests after a
 * refusal, and each is sent once. How many were sent is what the tally adds up to.
 */
export async function flood(wish: {
  tokens: readonly string[]
  to: () => string
  perSecond: number
  ms: number
}): Promise<Tally> {
  const { tokens, to, perSecond, ms } = wish
  const tally = noTally()
  const agent = new http.Agent({ keepAlive: true })
  const open = new Set<Promise<void>>()
  const send = async (token: string) => {
    const clientId = newId()
    const began = performance.now()
    const answer = await post(agent, to(), token, { clientId, text: `message ${newId()}` }).catch(
      (error: NodeJS.ErrnoException) => void (error.code === 'ECONNREFUSED' ? tally.unmet++ : tally.broken++),
    )
    if (!answer) return
    const took = performance.now() - began
    if (answer.status === 201) {
      tally.accepted.set(clientId, JSON.parse(answer.body))
      tally.took.push(took)
    } else if ((answer.status === 503 || answer.status === 429) && answer.retryAfter >= 1) {
      tally.refused++
      tally.tookRefused.push(took)
    } else tally.wrong.push(`${answer.status} ${answer.body}`)
  }
  const began = performance.now()
  for (let sent = 0; performance.now() < began + ms; await sleep(5)) {
    const due = Math.floor(((performance.now() - began) * perSecond) / 1_000)
    // What could not be sent in its time is not sent later: it would come in one heap.
    sent = Math.max(sent, due - atOnce)
    for (; sent < due; sent++) {
      if (open.size >= mostOpen) continue
      const one: Promise<void> = send(tokens[sent % tokens.length] as string).finally(() => open.delete(one))
      open.add(one)
    }
  }
  await Promise.all(open)
  agent.destroy()
  return tally
}

export interface Verdict {
  stored: number
  /** Accepted, but not there under the id that was answered. */
  lost: number
  /** Rows that say what another row says already: every text here is unlike any other, and its keyed hash stands beside it. */
  doubled: number
  /** Threads whose sequences have a gap or a repeat. */
  uneven: number
}

/** Compares what was accepted with what the tables hold. */
export async function judge(
  { server }: Pick<Site, 'server'>,
  { accountId }: Shop,
  accepted: Tally['accepted'],
): Promise<Verdict> {
  const rows = await server.ask<{ id: string; sequence: string; conversation_id: string; hash: string }>(
    `SELECT id, sequence, conversation_id, encode(body_hash, 'base64') AS hash FROM message WHERE account_id = $1`,
    [accountId],
  )
  const stored = new Map(rows.map((row) => [row.id, Number(row.sequence)]))
  const threads = new Map<string, number[]>()
  for (const { conversation_id: thread, sequence } of rows) {
    const known = threads.get(thread)
    if (known) known.push(Number(sequence))
    else threads.set(thread, [Number(sequence)])
  }
  const even = (sequences: number[]) => sequences.sort((a, b) => a - b).every((sequence, at) => sequence === at + 1)
  return {
    stored: rows.length,
    lost: [...accepted.values()].filter(({ id, sequence }) => stored.get(id) !== sequence).length,
    doubled: rows.length - new Set(rows.map(({ hash }) => hash)).size,
    uneven: [...threads.values()].filter((sequences) => !even(sequences)).length,
  }
}

/** The value that a share of them does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
