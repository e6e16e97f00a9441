/** Sends mails through SMTP_URL; without it they are held for the operator's outbox. */
import { createTransport, type Transporter } from 'nodemailer'
import type { Env } from '@/lib/core/env'
import type { Mailer, OutgoingMail } from '@/lib/core/ports'

/** A server that does not answer must not hold the sender for longer than this, milliseconds. */
const patience = 15_000

export class SmtpMailer implements Mailer {
  readonly #transport: Transporter
  readonly #domain: string
  constructor(
    url: string,
    readonly from: string,
  ) {
    const timeouts = { connectionTimeout: patience, greetingTimeout: patience, socketTimeout: patience }
    this.#transport = createTransport({ url, ...timeouts, disableFileAccess: true, disableUrlAccess: true })
    this.#domain = /@([^\s>]+)>?\s*$/.exec(from)?.[1] ?? 'localhost'
  }
  async send(mail: OutgoingMail): Promise<'sent'> {
    await this.#transport.sendMail({
      from: this.from,
      // An object is never parsed as a list: one mail goes to one person.
      to: { name: '', address: mail.to },
      subject: mail.subject,
      text: mail.text,
      html: mail.html,
      // The same mail sent twice (a lost acknowledgement) is recognised by its id.
      messageId: `<${mail.id}@${this.#domain}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
    return 'sent'
  }
}

export const heldMailer: Mailer = { send: async () => 'held' }

export const createMailer = (env: Env): Mailer =>
  env.SMTP_URL ? new SmtpMailer(env.SMTP_URL, env.MAIL_FROM) : heldMailer
