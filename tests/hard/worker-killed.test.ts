/** The worker is killed with mails in hand, at each point of a delivery: every mail arrives at least once, always under one id. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { queueMail } from '@/lib/features/mail/write'
import { inAccount } from '@/lib/platform/db/in-account'
import type { Shop } from '../db/ingest/house'
import { amount, held, whole } from '../kit/guarantee'
import { until } from '../kit/installation'
import { OwnSmtp, type SmtpPoint } from '../kit/own-smtp'
import { openRealHouse, type Program, type RealHouse } from '../kit/real-programs'

/** Where the worker stands when it dies. */
const points: SmtpPoint[] = whole
  ? ['connected', 'greeted', 'from', 'to', 'data', 'received', 'answered']
  : ['received']
const rounds = amount(2, 1)
const mailsEach = 4

let real: RealHouse
let smtp: OwnSmtp
let worker: Program
let shop: Shop
beforeAll(async () => {
  smtp = await new OwnSmtp().start()
  real = await openRealHouse({ durable: false })
  shop = await real.house.shop()
})
afterAll(async () => {
  await real?.close()
  await smtp?.stop()
})

/** Mails in the outbox, by the product's own way. */
async function putIn(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, newId)
  await inAccount(shop.ctx, async (tx) => {
    for (const id of ids) await queueMail(tx, shop.ctx, { id, to: 'ada@example.com', subject: id, text: id, html: id })
  })
  return ids
}

/** As if the time for which a worker claims a mail had passed. */
const letLeasesEnd = () => real.server.ask(`UPDATE mail SET due_at = now() WHERE state = 'queued'`)
const statesOf = async (ids: string[]) =>
  (await real.server.ask<{ state: string }>('SELECT state FROM mail WHERE id = ANY ($1)', [ids])).map(
    ({ state }) => state,
  )

/** A worker that is killed when a mail reaches that point of its delivery. */
async function dieAt(point: SmtpPoint): Promise<void> {
  await letLeasesEnd()
  const died = new Promise<void>((done, fail) => {
    smtp.when(point, () => void worker.kill().then(done, fail))
  })
  if (worker) worker.start()
  else worker = await real.worker({ SMTP_URL: smtp.url })
  await died
}

/** A worker that nobody kills, until the outbox has nothing more to send. */
async function deliverRest(ids: string[]): Promise<void> {
  await letLeasesEnd()
  worker.start()
  expect(await until(async () => (await statesOf(ids)).every((state) => state !== 'queued'), 40_000)).toBe(true)
  await worker.stop()
}

test('killed at each point of a delivery, the worker loses no mail; one sent twice has one id', async () => {
  const ids: string[] = []
  let kills = 0
  for (let round = 0; round < rounds; round++) {
    for (const point of points) {
      ids.push(...(await putIn(mailsEach)))
      await dieAt(point)
      kills++
    }
  }
  await deliverRest(ids)
  const arrived = (id: string) => smtp.mails.filter(({ subject }) => subject === id)
  expect(ids.filter((id) => arrived(id).length === 0)).toEqual([])
  for (const id of ids)
    expect(new Set(arrived(id).map(({ messageId }) => messageId))).toEqual(new Set([`<${id}@localhost>`]))
  expect(await statesOf(ids)).toEqual(ids.map(() => 'sent'))
  const twice = ids.filter((id) => arrived(id).length > 1).length
  // Killed between the last byte and its acknowledgement: nobody can know whether it arrived, so it goes again.
  expect(twice).toBeGreaterThan(0)
  held(
    '1 worker killed with mails in hand',
    `${kills} kills at ${points.length} points, ${ids.length} mails, 0 lost, ${twice} delivered again under the same id`,
  )
})

test.runIf(whole)('control: an outbox that is told "sent" before the sending loses the mails in hand', async () => {
  const ids = await putIn(mailsEach)
  await dieAt('connected')
  await real.server.ask(`UPDATE mail SET state = 'sent' WHERE attempts > 0 AND id = ANY ($1)`, [ids])
  await deliverRest(ids)
  await sleep(100)
  expect(ids.filter((id) => !smtp.mails.some(({ subject }) => subject === id)).length).toBeGreaterThan(0)
})
