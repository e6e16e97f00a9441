/** The operator's view of the outbox. System role. */
import { AppError } from '@/lib/core/errors'
import type { Vault } from '@/lib/platform/crypto/vault'
import type { Tx } from '@/lib/platform/db/in-account'
import { openMail } from './sealed'

export type MailState = 'queued' | 'sent' | 'held' | 'failed'

export interface ListedMail {
  id: string
  to: string
  subject: string
  text: string
  state: MailState
  attempts: number
  error: string | null
  createdAt: Date
  sentAt: Date | null
  /** The link to pass on, when the mail is held and has one. */
  link: string | null
}

/** The button's address has a line of its own, which no name in the words before it can have. */
const url = /^https?:\/\/\S+$/m

/** The last 200 mails, the newest first. */
export async function listMails(tx: Tx, vault: Vault): Promise<ListedMail[]> {
  const rows = await tx.mail.findMany({
    orderBy: { createdAt: 'desc' },
    take: 200,
    select: {
      id: true,
      to: true,
      subject: true,
      text: true,
      html: true,
      sealed: true,
      state: true,
      attempts: true,
      error: true,
      createdAt: true,
      sentAt: true,
    },
  })
  return rows.map(({ html, sealed, ...row }) => {
    const { text } = openMail(vault, { id: row.id, sealed, text: row.text, html })
    const link = row.state === 'sent' ? null : (url.exec(text)?.[0] ?? null)
    return { ...row, text, state: row.state as MailState, link }
  })
}

/** Puts a held or failed mail back into the queue. @throws not_found */
export async function requeueMail(tx: Tx, id: string, now: Date): Promise<void> {
  const where = { id, state: { in: ['held', 'failed'] } }
  const { count } = await tx.mail.updateMany({ where, data: { state: 'queued', attempts: 0, error: null, dueAt: now } })
  if (count !== 1) throw new AppError('not_found')
}
