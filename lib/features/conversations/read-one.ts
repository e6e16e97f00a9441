/** Reads one conversation whole: its row, its contact, and what else the contact wrote about. */
import { AppError } from '@/lib/core/errors'
import { isId } from '@/lib/core/ids'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { callInAccount } from '@/lib/platform/db/in-account'
import type { Status } from './activity'
import { type ConversationRow, openOr, openRow, type StoredRow } from './row'
import { about } from './sealed'

export interface OtherConversation {
  id: string
  displayId: number
  status: Status
  lastActivityAt: string
  intent: string | null
  sentiment: string | null
  preview: string | null
}

export interface ConversationDetail extends ConversationRow {
  inboxName: string
  person: {
    email: string | null
    phone: string | null
    externalId: string | null
    /** Page the chat was last opened on. */
    page: string | null
    createdAt: string
    lastSeenAt: string
  }
  /** Number of the conversation that goes on instead of this one. */
  supersededBy: number | null
  others: OtherConversation[]
}

interface Stored extends StoredRow {
  inbox_name: string
  email: Uint8Array | null
  phone: Uint8Array | null
  external_id: Uint8Array | null
  contact_created_at: Date
  contact_seen_at: Date
  session_id: string | null
  page: Uint8Array | null
  superseded_number: number | null
  others:
    | {
        id: string
        display_id: number
        status: Status
        last_activity_at: string
        intent: string | null
        sentiment: string | null
        preview: string | null
      }[]
    | null
}

const oneSql = {
  name: 'desk_conversation',
  text: `SELECT (found).*, inbox_name, email, phone, external_id, contact_created_at, contact_seen_at, session_id, page,
    superseded_number, others FROM desk_conversation($1, $2, $3)`,
}

/** Largest number PostgreSQL's int can hold; beyond it there is no such conversation. */
const largest = 2_147_483_647

/** @param wanted the id, or the number people see. @throws not_found */
export async function readOne(ctx: Ctx, wanted: string): Promise<ConversationDetail> {
  const number = /^\d{1,10}$/.test(wanted) ? Number(wanted) : null
  if (number === null ? !isId(wanted) : number > largest) throw new AppError('not_found')
  const vault = await accountVault(ctx)
  const [row] = await callInAccount<Stored>(ctx.services, oneSql, [
    ctx.accountId,
    number === null ? wanted : null,
    number,
  ])
  if (!row) throw new AppError('not_found')
  const box = vault.contact(row.contact_id, row.contact_key)
  const open = (sealed: Uint8Array | null, name: string) => sealed && openOr(null, () => box.open(sealed, name))
  return {
    ...openRow(row, vault),
    inboxName: row.inbox_name,
    person: {
      email: open(row.email, `${row.contact_id} email`),
      phone: open(row.phone, `${row.contact_id} phone`),
      externalId: open(row.external_id, `${row.contact_id} external id`),
      page: open(row.page, `${row.session_id} page`),
      createdAt: row.contact_created_at.toISOString(),
      lastSeenAt: row.contact_seen_at.toISOString(),
    },
    supersededBy: row.superseded_number,
    others: (row.others ?? []).map((other) => ({
      id: other.id,
      displayId: other.display_id,
      status: other.status,
      lastActivityAt: new Date(other.last_activity_at).toISOString(),
      intent: other.intent,
      sentiment: other.sentiment,
      preview: open(other.preview ? Buffer.from(other.preview, 'base64') : null, about.preview(row.contact_id)),
    })),
  }
}

const contactSql = { name: 'desk_contact', text: 'SELECT desk_contact($1, $2) AS contact_id' }

/** Whose conversation it is. @throws not_found */
export async function contactOf(ctx: Ctx, id: string): Promise<string> {
  if (!isId(id)) throw new AppError('not_found')
  const [row] = await callInAccount<{ contact_id: string | null }>(ctx.services, contactSql, [ctx.accountId, id])
  if (!row?.contact_id) throw new AppError('not_found')
  return row.contact_id
}
