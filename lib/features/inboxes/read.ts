/** The inbox behind a site key: its look, its texts and who may embed it. */
import { AppError } from '../../core/errors'
import type { Locale } from '../../core/locale'
import type { Ctx } from '../../platform/context'
import { inAccount, type Tx } from '../../platform/db/in-account'

/** Words of an inbox that the account may set in each language. */
export interface InboxTexts {
  greeting?: string | undefined
  away?: string | undefined
  placeholder?: string | undefined
  /** That a program sorts what is written, in the account's own words. */
  disclosure?: string | undefined
}

export interface Inbox {
  id: string
  name: string
  allowedOrigins: string[]
  accent: string
  texts: Partial<Record<Locale, InboxTexts>>
  /** Sealed with the account's key. */
  identitySecret: Uint8Array
  /** The chat says that a program sorts what is written. */
  disclosure: boolean
  /** True when somebody is there to answer. */
  online: boolean
}

const fresh = 1_000
const known = new Map<string, { at: number; inbox: Promise<Inbox> }>()

/** The inbox of a site key, at most a second old. @throws unknown_site_key */
export function inboxOf(ctx: Ctx, siteKey: string): Promise<Inbox> {
  const cached = known.get(siteKey)
  const now = ctx.now().getTime()
  if (cached && now >= cached.at && now - cached.at < fresh) return cached.inbox
  const inbox = readInbox(ctx, siteKey)
  inbox.catch(() => known.delete(siteKey))
  if (known.size > 2_000) known.clear()
  known.set(siteKey, { at: now, inbox })
  return inbox
}

async function readInbox(ctx: Ctx, siteKey: string): Promise<Inbox> {
  return inAccount(ctx, async (tx) => {
    const row = await tx.inbox.findFirst({ where: { siteKey, archivedAt: null } })
    if (!row) throw new AppError('unknown_site_key')
    const there = await tx.membership.count({
      where: { availability: 'online', disabledAt: null, onlineUntil: { gt: ctx.now() } },
    })
    return {
      id: row.id,
      name: row.name,
      allowedOrigins: row.allowedOrigins,
      accent: row.accent,
      texts: row.texts as Inbox['texts'],
      disclosure: row.disclosure,
      identitySecret: row.identitySecret,
      online: there > 0,
    }
  })
}

/** Forgets what is remembered of an account's inboxes after a change. */
export const forgetInboxes = (): void => known.clear()

/** True when a page of `origin` may use the inbox; an empty list lets every page. `own` is this installation's host. */
export function allowsOrigin(
  inbox: Pick<Inbox, 'allowedOrigins'>,
  origin: string | undefined,
  own: string | undefined,
): boolean {
  if (!origin || inbox.allowedOrigins.length === 0) return true
  let host = ''
  try {
    host = new URL(origin).host
  } catch {
    return false
  }
  return host === own || inbox.allowedOrigins.includes(origin)
}

/** An inbox as its settings show it. */
export interface InboxSettings {
  id: string
  name: string
  siteKey: string
  allowedOrigins: string[]
  accent: string
  texts: Inbox['texts']
  reopenDays: number
  disclosure: boolean
  createdAt: Date
  archivedAt: Date | null
}

/** Every inbox of the account, archived ones last, the oldest first. */
export async function listInboxes(tx: Tx, ctx: Ctx): Promise<InboxSettings[]> {
  const rows = await tx.inbox.findMany({
    where: { accountId: ctx.accountId },
    omit: { identitySecret: true, accountId: true },
    orderBy: [{ archivedAt: { sort: 'asc', nulls: 'first' } }, { createdAt: 'asc' }, { id: 'asc' }],
  })
  return rows.map((row) => ({ ...row, texts: row.texts as Inbox['texts'] }))
}
