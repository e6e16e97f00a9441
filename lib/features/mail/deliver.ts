/** Sends what is due: each mail is claimed first, so that several workers never send one twice at once. */
import type { Services } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { type Kept, openMail, sealMail } from './sealed'
import { withoutSecrets } from './secrets'

interface Claimed extends Kept {
  to: string
  subject: string
  attempts: number
}

/** A claim lasts this long; a worker that dies with a mail in hand only delays it, milliseconds. */
const lease = 60_000
const batch = 10
/** After this many failures the mail waits for the operator. */
const most = 8
/** Seconds until the next try: 10 s, 40 s, 90 s … about 11 minutes at the end. */
const pause = (attempts: number): number => attempts * attempts * 10_000

async function claim(services: Services, now: Date): Promise<Claimed[]> {
  return asSystem(
    services,
    'send due mails',
    (tx) =>
      tx.$queryRaw<Claimed[]>`
      UPDATE mail SET attempts = attempts + 1, due_at = ${new Date(now.getTime() + lease)}
      WHERE id IN (SELECT id FROM mail WHERE state = 'queued' AND due_at <= ${now} ORDER BY due_at LIMIT ${batch} FOR UPDATE SKIP LOCKED)
      RETURNING id, "to", subject, text, html, sealed, attempts`,
  )
}

/** Sends the due mails and returns how many left the queue. Call it each second; it holds no connection while it sends. */
export async function sendDueMails(services: Services, now: Date = new Date()): Promise<number> {
  const mails = await claim(services, now)
  const outcomes = await Promise.all(mails.map((mail) => sendOne(services, mail, now)))
  return outcomes.filter((left) => left).length
}

async function sendOne(services: Services, mail: Claimed, now: Date): Promise<boolean> {
  const { id, to, subject } = mail
  try {
    const { text, html } = openMail(services.vault, mail)
    const state = await services.mailer.send({ id, to, subject, text, html })
    // A sent mail's links live in the person's box only; a held one waits here for the operator to pass it on.
    const harmless = { text: withoutSecrets(text), html: withoutSecrets(html) }
    const kept = state === 'sent' ? { ...sealMail(services.vault, id, harmless), sentAt: now } : {}
    await mark(services, id, { state, error: null, ...kept })
    return true
  } catch (error) {
    const last = mail.attempts >= most
    const reason = error instanceof Error ? error.message.slice(0, 500) : 'unknown'
    const dueAt = new Date(now.getTime() + pause(mail.attempts))
    await mark(services, id, { state: last ? 'failed' : 'queued', error: reason, dueAt })
    services.log.warn({ mail: id, attempts: mail.attempts, state: last ? 'failed' : 'queued' }, 'mail not sent')
    return last
  }
}

interface Change extends Partial<Kept> {
  state: string
  error: string | null
  sentAt?: Date
  dueAt?: Date
}

const mark = (services: Services, id: string, data: Change): Promise<unknown> =>
  asSystem(services, 'mark a mail', (tx) => tx.mail.updateMany({ where: { id, state: 'queued' }, data }))
