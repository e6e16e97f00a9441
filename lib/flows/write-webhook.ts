/** What an endpoint is told, as JSON (docs/webhooks.md): facts of the moment it happened, with texts and names read when it is sent. */
import { publicUrl } from '@/lib/core/env'
import { isAppError } from '@/lib/core/errors'
import { openAttached } from '@/lib/features/attachments/read'
import { readOne } from '@/lib/features/conversations/read-one'
import { readMessages } from '@/lib/features/conversations/transcript'
import type { ClaimedDelivery } from '@/lib/features/webhooks/outbox'
import type { Ctx } from '@/lib/platform/context'
import { contactBox } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'

/** Raised when a field is removed or means something else; fields may be added under the same one. */
const version = 1

type About = Pick<
  ClaimedDelivery,
  'id' | 'type' | 'happenedAt' | 'facts' | 'conversationId' | 'messageId' | 'contactId'
>

/** Null when what it is about is gone. */
export async function writeWebhook(ctx: Ctx, about: About): Promise<string | null> {
  const account = await inAccount(ctx, (tx) =>
    tx.account.findUniqueOrThrow({ where: { id: ctx.accountId }, select: { id: true, slug: true } }),
  )
  const data = await dataOf(ctx, about, account.slug)
  if (!data) return null
  const { id, type, happenedAt } = about
  return JSON.stringify({ id, type, version, timestamp: happenedAt.toISOString(), account, data })
}

async function dataOf(ctx: Ctx, about: About, slug: string): Promise<object | null> {
  const { type, conversationId, contactId, messageId, facts } = about
  if (type === 'contact.erased') return { contact: { id: contactId } }
  if (!conversationId) return {}
  try {
    const { contact, person, displayId } = await readOne(ctx, conversationId)
    const url = `${publicUrl(ctx.services.env)}/${slug}/inbox/${displayId}`
    const { conversation, labels, because } = facts as { conversation: object; labels?: object; because?: string }
    const message = messageId ? await messageOf(ctx, contact.id, conversationId, messageId) : undefined
    if (message === null) return null
    return {
      conversation: { ...conversation, url },
      contact: { id: contact.id, externalId: person.externalId, name: contact.name, email: person.email },
      ...(message ? { message } : {}),
      ...(labels ? { labels } : {}),
      ...(because ? { because } : {}),
    }
  } catch (error) {
    if (isAppError(error) && error.code === 'not_found') return null
    throw error
  }
}

/** Public messages only, whatever a row says. */
async function messageOf(ctx: Ctx, contactId: string, conversationId: string, id: string): Promise<object | null> {
  const box = await contactBox(ctx, contactId)
  const { messages } = await readMessages(ctx, box, openAttached, conversationId, { ids: [id] })
  const message = messages[0]
  if (!message || message.private || message.kind === 'activity') return null
  return {
    id: message.id,
    from: message.kind === 'incoming' ? 'visitor' : 'agent',
    author: message.author,
    text: message.text,
    attachments: message.attachments.map(({ id: file, name, type, size }) => ({ id: file, name, type, size })),
    createdAt: message.createdAt,
  }
}
