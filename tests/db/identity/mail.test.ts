/** The outbox: mails travel with their transaction, are sent once, again after failures, and wait without a server. */
import net from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { memberOf } from '@/lib/border/who'
import type { Mailer, OutgoingMail } from '@/lib/core/ports'
import { sendDueMails } from '@/lib/features/mail/deliver'
import { type Kept, openMail } from '@/lib/features/mail/sealed'
import { queueMail } from '@/lib/features/mail/write'
import { readOutbox, resendMail } from '@/lib/flows/read-outbox'
import { inAccount } from '@/lib/platform/db/in-account'
import { createMailer, heldMailer } from '@/lib/platform/mail/mailer'
import { createKit, type Kit, newPerson, type Person } from './kit'

let kit: Kit
let person: Person
let accountId: string

beforeAll(async () => {
  kit = await createKit()
  person = await newPerson(kit)
  accountId = (await memberOf(kit.services, person.userId, person.slug))?.accountId ?? ''
})
afterAll(() => kit.close())
beforeEach(() => kit.services.database.system.mail.deleteMany({}))

const link = 'http://desk.test/sign-in/link/abcdefghijklmnopqrstuvwxyz012345'
const mail = {
  to: 'someone@example.com',
  subject: 'Hello',
  text: `Go here:\n${link}\n`,
  html: `<a href="${link}">go</a>`,
}
const rows = () => kit.services.database.system.mail.findMany({ orderBy: { id: 'asc' } })
const queue = (count = 1) =>
  inAccount(kit.ctx(undefined, accountId), async (tx) => {
    for (let i = 0; i < count; i++) await queueMail(tx, kit.ctx(), mail)
  })
const sendWith = (mailer: Mailer, ms = 0) => sendDueMails({ ...kit.services, mailer }, new Date(Date.now() + ms))

test('a rollback leaves no mail; the app role can put mails in but read none', async () => {
  const ctx = kit.ctx(undefined, accountId)
  await inAccount(ctx, async (tx) => {
    await queueMail(tx, ctx, mail)
    throw new Error('later trouble')
  }).catch(() => {})
  expect(await rows()).toHaveLength(0)
  await expect(inAccount(ctx, (tx) => tx.mail.findMany())).rejects.toThrow(/permission denied/)
})

test('a sent mail is sent once, with its id, and its secret leaves the outbox', async () => {
  await queue()
  const sent: OutgoingMail[] = []
  const mailer: Mailer = {
    send: async (one) => {
      sent.push(one)
      return 'sent'
    },
  }
  expect(await sendWith(mailer)).toBe(1)
  expect(await sendWith(mailer)).toBe(0)
  const [row] = await rows()
  expect(sent).toMatchObject([{ id: row?.id, to: mail.to, text: mail.text }])
  expect(row).toMatchObject({ state: 'sent', attempts: 1, error: null })
  expect(row?.sentAt).not.toBeNull()
  expect(openMail(kit.services.vault, row as Kept).text).toBe('Go here:\nhttp://desk.test/sign-in/link/…\n')
})

test('what waits in the outbox is ciphertext bound to its mail; mails from before are sent as they are', async () => {
  await queue(2)
  const waiting = await rows()
  for (const row of waiting) expect(`${row.text}${row.html}`).not.toMatch(/Go here|http|href|abcdef/)
  const [first, second] = waiting.map((row): Kept => row)
  if (!first || !second) throw new Error('two mails wait')
  expect(openMail(kit.services.vault, first)).toEqual({ text: mail.text, html: mail.html })
  expect(() => openMail(kit.services.vault, { ...first, text: second.text })).toThrow()
  await kit.services.database.system.mail.updateMany({ data: { sealed: false, text: mail.text, html: mail.html } })
  const sent: OutgoingMail[] = []
  await sendWith({
    send: async (one) => {
      sent.push(one)
      return 'sent'
    },
  })
  expect(sent.map(({ text }) => text)).toEqual([mail.text, mail.text])
  for (const row of await rows()) expect(row).toMatchObject({ sealed: true, state: 'sent' })
})

test('several workers share the work and send nothing twice', async () => {
  await queue(30)
  const ids: string[] = []
  const mailer: Mailer = {
    send: async (one) => {
      ids.push(one.id)
      return 'sent'
    },
  }
  const worker = async () => {
    while (await sendWith(mailer));
  }
  await Promise.all([worker(), worker(), worker()])
  expect(ids).toHaveLength(30)
  expect(new Set(ids).size).toBe(30)
})

test('a failure is tried again later with the same id, and given up after eight', async () => {
  await queue()
  const ids: string[] = []
  const mailer: Mailer = {
    send: async (one) => {
      ids.push(one.id)
      throw new Error('421 try later')
    },
  }
  expect(await sendWith(mailer)).toBe(0)
  expect(await rows()).toMatchObject([{ state: 'queued', attempts: 1, error: '421 try later' }])
  expect(await sendWith(mailer, 5_000)).toBe(0)
  expect(ids).toHaveLength(1)
  for (let i = 1; i <= 7; i++) await sendWith(mailer, i * 20 * 60_000)
  expect(await rows()).toMatchObject([{ state: 'failed', attempts: 8 }])
  expect(new Set(ids).size).toBe(1)
})

test('a worker that dies with a mail in hand only delays it', async () => {
  await queue()
  void sendWith({ send: () => new Promise(() => {}) })
  await new Promise((resolve) => setTimeout(resolve, 200))
  let sent = 0
  const mailer: Mailer = {
    send: async () => {
      sent++
      return 'sent'
    },
  }
  await sendWith(mailer)
  expect(sent).toBe(0)
  await sendWith(mailer, 61_000)
  expect(sent).toBe(1)
})

describe('without a mail server', () => {
  test('mails are held, the operator sees the link and can send again', async () => {
    await queue()
    expect(await sendWith(heldMailer)).toBe(1)
    const operator = kit.ctx({ kind: 'user', userId: person.userId })
    const outbox = await readOutbox(operator)
    expect(outbox).toMatchObject({ smtp: false, mails: [{ state: 'held', to: mail.to, link }] })
    await resendMail(operator, { id: outbox.mails[0]?.id ?? '' })
    expect(await rows()).toMatchObject([{ state: 'queued' }])
  })

  test('nobody but the operator looks into the outbox', async () => {
    const other = await newPerson(kit, 'Other')
    const ctx = kit.ctx({ kind: 'user', userId: other.userId })
    await expect(readOutbox(ctx)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(resendMail(ctx, { id: kit.ctx().newId() })).rejects.toMatchObject({ code: 'forbidden' })
  })
})

test('SMTP: one person, our Message-ID, both forms, over a real connection', async () => {
  const received: string[] = []
  const server = net.createServer((socket) => {
    let inData = false
    socket.write('220 test\r\n')
    socket.on('data', (bytes) => {
      const text = bytes.toString()
      received.push(text)
      if (inData) {
        if (text.endsWith('\r\n.\r\n')) {
          inData = false
          socket.write('250 stored\r\n')
        }
        return
      }
      if (/^data/i.test(text)) inData = true
      socket.write(
        /^ehlo/i.test(text)
          ? '250 test\r\n'
          : /^data/i.test(text)
            ? '354 go\r\n'
            : /^quit/i.test(text)
              ? '221 bye\r\n'
              : '250 ok\r\n',
      )
    })
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const port = (server.address() as net.AddressInfo).port
  const mailer = createMailer({
    ...kit.services.env,
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    MAIL_FROM: 'Lingxi <desk@shop.example>',
  })
  const id = kit.ctx().newId()
  const subject = '你好\r\nBcc: victim@example.com'
  expect(await mailer.send({ ...mail, id, to: 'a@example.com', subject })).toBe('sent')
  const all = received.join('')
  expect(all.match(/^RCPT TO/gim)).toHaveLength(1)
  expect(all).toContain(`Message-ID: <${id}@shop.example>`)
  expect(all).not.toMatch(/^Bcc:/im)
  expect(all).toMatch(/text\/plain[\s\S]*text\/html/)
  server.close()
})
