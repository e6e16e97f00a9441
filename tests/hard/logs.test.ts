/** Guarantee 8, logs: texts, addresses and secrets that went through the product, and through its errors, are in no log line. */
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { problemOf } from '@/lib/border/problem'
import { AppError } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import { addNote } from '@/lib/flows/add-note'
import { changePlan } from '@/lib/flows/change-plan'
import { createLabel } from '@/lib/flows/create-label'
import { inviteMember } from '@/lib/flows/invite-member'
import { openSession } from '@/lib/flows/open-session'
import { receiveMessage } from '@/lib/flows/receive-message'
import { inAccount } from '@/lib/platform/db/in-account'
import { OipClassifier } from '@/lib/platform/inference/classifier.oip'
import { createLog } from '@/lib/platform/log'
import { createKit, type Kit } from '../db/settings/kit'
import { foundIn, makeCanaries } from '../kit/canaries'
import { amount, held } from '../kit/guarantee'

const lines = amount(10_000, 800)
/** Messages, names, addresses, passwords, tokens: fifty of them. */
const words = makeCanaries(20, 31)
const secrets = [
  ...words,
  ...makeCanaries(20, 37)
    .filter((_, at) => at % 2 === 0)
    .map((word) => `${word}@guest.example`),
  ...makeCanaries(20, 41)
    .filter((_, at) => at % 2 === 0)
    .map((word) => `sk_live_${word}0123456789AB`),
  ...Array.from({ length: 10 }, (_, at) => `+86 138 0013 8${String(at).padStart(3, '0')}`),
]
const pick = (at: number) => secrets[at % secrets.length] as string

let kit: Kit
let log = ''
beforeAll(async () => {
  kit = await createKit()
  kit.services.log = createLog('test', 'trace', {
    write: (line) => {
      log += line
    },
  })
})
afterAll(() => kit.close())

/** Failures as they happen, each with something in it that somebody wrote. */
const failures: ((said: string) => Promise<unknown> | unknown)[] = [
  (said) => JSON.parse(`{"text": ${said}`),
  (said) => new URL(`http://${said} .example`),
  (said) => kit.owner.query('SELECT $1::uuid', [said]),
  (said) => kit.owner.query(`SELECT ${JSON.stringify(said).replaceAll('"', "'")}::int`),
  (said) => kit.owner.query(`INSERT INTO "user" (id, email, name) VALUES ($1, $2, 'x')`, [newId(), said]),
  (said) =>
    inAccount(kit.shop.as.owner, (tx) =>
      tx.label.create({ data: { accountId: kit.shop.accountId, id: newId(), name: said } }),
    ),
  (said) => inAccount(kit.shop.as.owner, (tx) => tx.label.findMany({ where: { name: { odd: said } as never } })),
  (said) =>
    inAccount(kit.shop.as.owner, (tx) =>
      tx.message.create({
        data: {
          accountId: kit.shop.accountId,
          id: said,
          conversationId: said,
          sequence: 1,
          kind: said,
          createdAt: new Date(),
        },
      }),
    ),
  (said) => new Client({ connectionString: `postgresql://x:${encodeURIComponent(said)}@127.0.0.1:1/x` }).connect(),
  (said) => fetch(`http://127.0.0.1:1/${encodeURIComponent(said)}?token=${encodeURIComponent(said)}`),
  (said) =>
    Promise.reject(new Error(`550 no such person <${said}>`, { cause: new TypeError(`"${said}" is not a function`) })),
  (said) => Promise.reject(new AppError('conflict', {}, { cause: new Error(`'${said}'`) })),
]

async function failureOf(at: number): Promise<unknown> {
  try {
    await failures[at % failures.length]?.(pick(at))
    // Some succeed the first time and clash afterwards.
    return new Error(`"${pick(at)}"`)
  } catch (error) {
    return error
  }
}

/** A server of another make, which repeats what it was asked in refusals that are longer than anybody would log. */
async function askForeignModel(): Promise<void> {
  const server = http.createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const { inputs, parameters } = JSON.parse(Buffer.concat(parts).toString())
    response.statusCode = parameters.bundle === 'base' ? 500 : 404
    const error = `cannot tokenize ${inputs[0].data[0]}: ${'words '.repeat(100)}`
    response.end(JSON.stringify({ error, code: 'not_tokenized' }))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  for (const text of secrets) {
    // A new one each time: after three failures it would rest.
    const classifier = new OipClassifier(url, kit.services.log)
    expect(await classifier.classify({ text, bundle: 'acme' }, 10_000)).toBeNull()
    await classifier.close()
  }
  await new Promise((done) => server.close(done))
}

test('what people wrote goes through the product, and through its failures, without a trace in the log', async () => {
  const { as, siteKey, inboxId, accountId } = kit.shop
  const outside = makeCtx(kit.services, { kind: 'system', reason: 'test' }, '', 'en')
  for (let at = 0; at < 10; at++) {
    const identity = { name: pick(at), email: `${words[(2 * at) % 20]}@guest.example` }
    const opened = await openSession(outside, {
      siteKey,
      origin: undefined,
      host: undefined,
      identity,
      page: pick(at + 3),
    })
    const actor = { kind: 'visitor', contactId: opened.contactId, sessionId: opened.sessionId, inboxId } as const
    const { received } = await receiveMessage(makeCtx(kit.services, actor, accountId, 'en'), {
      clientId: newId(),
      text: pick(at + 7),
    })
    await addNote(as.agent, { id: received.conversationId, clientId: newId(), text: pick(at + 11) })
  }
  await changePlan(as.owner, { plan: 'pro', interval: 'month', currency: 'usd' })
  await createLabel(as.owner, { name: pick(1), colour: 'grey' })
  await inviteMember(as.owner, { email: `${words[4]}@guest.example`, role: 'agent' })
  await askForeignModel()
  const { log: writer } = kit.services
  const known: unknown[] = []
  for (const [at] of failures.entries()) known.push(await failureOf(at))
  for (let n = 0; log.split('\n', lines + 1).length <= lines; n += 200) {
    for (let at = n; at < n + 200; at++) {
      // Each kind of failure for real now and then, its like with another word in between.
      const error = at % 50 < failures.length ? await failureOf(at) : known[at % known.length]
      const said = pick(at)
      writer.error({ err: error }, 'unexpected failure')
      writer.warn({ accountId, reason: String(error) }, 'will try again')
      writer.info({ text: said, body: said, email: said, password: said, token: said, to: said, html: said }, 'fields')
      writer.info({ headers: { authorization: said, cookie: said }, user: { name: said, key: said } }, 'deeper')
      problemOf(new AppError('conflict'), 'en')
    }
    await pause(0)
  }
  const written = log.split('\n').length - 1
  expect(written).toBeGreaterThanOrEqual(lines)
  expect(foundIn(log, secrets)).toEqual([])
  // What is needed to find a fault is there.
  expect(log).toMatch(/"code":"22P02"/)
  expect(log).toMatch(/"at":\["at /)
  expect(log).toMatch(/inference answered 500 \(not_tokenized\)/)

  // The control: a log without these rules repeats each of them.
  let plain = ''
  const careless = pino(
    {},
    {
      write: (line: string) => {
        plain += line
      },
    },
  )
  for (let at = 0; at < failures.length * 8; at++)
    careless.error({ err: await failureOf(at), text: pick(at) }, 'failure')
  expect(foundIn(plain, secrets)).toHaveLength(secrets.length)
  held(
    '8 logs',
    `${secrets.length} texts, addresses and secrets in ${written} lines: 0 found; a careless log repeats ${foundIn(plain, secrets).length}`,
  )
})
