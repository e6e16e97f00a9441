/** A visitor's own thread: public messages after a sequence, opened with the contact's key. */
import type { AttachedFile } from '../core/attachment'
import { openAttached } from '../features/attachments/read'
import { about } from '../features/conversations/sealed'
import type { Ctx } from '../platform/context'
import { contactBox } from '../platform/crypto/keyring'
import { callInAccount } from '../platform/db/in-account'

export interface ThreadMessage {
  id: string
  sequence: number
  from: 'visitor' | 'agent'
  authorName?: string
  text: string
  createdAt: string
  clientId?: string
  /** Absent where there are none. */
  attachments?: AttachedFile[]
}

interface Row {
  id: string
  sequence: string
  kind: 'incoming' | 'outgoing'
  body: Buffer
  author_name: string | null
  client_id: string | null
  created_at: Date
  attachments: unknown
}

const visible = { name: 'visitor_messages', text: 'SELECT * FROM visitor_messages($1, $2, $3, $4, $5)' }

/** Oldest first, at most `limit`. */
export async function readThread(ctx: Ctx, after: number, limit: number): Promise<ThreadMessage[]> {
  if (ctx.actor.kind !== 'visitor') throw new Error('only visitors read through this flow')
  const { contactId, inboxId } = ctx.actor
  const rows = await callInAccount<Row>(ctx.services, visible, [ctx.accountId, contactId, inboxId, after, limit])
  if (!rows.length) return []
  const box = await contactBox(ctx, contactId)
  return rows.map((row) => ({
    id: row.id,
    sequence: Number(row.sequence),
    from: row.kind === 'incoming' ? 'visitor' : 'agent',
    ...(row.kind === 'outgoing' && row.author_name ? { authorName: row.author_name } : {}),
    text: box.open(row.body, about.body(row.id)),
    createdAt: row.created_at.toISOString(),
    ...(row.kind === 'incoming' && row.client_id ? { clientId: row.client_id } : {}),
    ...(row.attachments ? { attachments: openAttached(row.attachments, box) } : {}),
  }))
}
