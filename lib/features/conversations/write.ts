/** Appends what agents write: answers and private notes, each stored once per author and client id. */
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import type { AccountVault, Box } from '@/lib/platform/crypto/vault'
import { searchWords } from '@/lib/platform/crypto/words'
import type { Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { lockConversation } from './change'
import { about, previewOf, type Said, samenessOf, wordsOf } from './sealed'

export interface OutgoingMessage {
  messageId: string
  conversationId: string
  authorId: string
  clientId: string
  private: boolean
  /** Whose key sealed the text. */
  sealedFor: string
  body: Uint8Array<ArrayBuffer>
  bodyHash: Uint8Array<ArrayBuffer>
  preview: Uint8Array<ArrayBuffer>
  tokens: bigint[]
}

export interface Written {
  id: string
  conversationId: string
  sequence: number
  createdAt: string
  /** True when this client id had been stored before: nothing was written now. */
  repeated: boolean
}

/** Seals what is said for its row. */
export function sealOutgoing(
  what: Pick<OutgoingMessage, 'messageId' | 'conversationId' | 'authorId' | 'clientId' | 'private'>,
  contactId: string,
  said: Said,
  vault: AccountVault,
  box: Box,
): OutgoingMessage {
  return {
    ...what,
    sealedFor: contactId,
    body: Uint8Array.from(box.seal(said.text, about.body(what.messageId))),
    bodyHash: Uint8Array.from(vault.fingerprint(samenessOf(said))),
    preview: Uint8Array.from(box.seal(previewOf(said), about.preview(contactId))),
    tokens: searchWords(wordsOf(said)).map((word) => vault.token(word)),
  }
}

/** The message an author stored under a client id before, or null. @throws client_id_reused when it says something else */
async function findWritten(tx: Tx, message: OutgoingMessage): Promise<Written | null> {
  const { authorId, clientId, conversationId } = message
  const row = await tx.message.findFirst({
    where: { authorId, clientId },
    select: { id: true, conversationId: true, sequence: true, createdAt: true, bodyHash: true, private: true },
  })
  if (!row) return null
  const same =
    row.conversationId === conversationId &&
    row.private === message.private &&
    row.bodyHash !== null &&
    Buffer.from(row.bodyHash).equals(Buffer.from(message.bodyHash))
  if (!same) throw new AppError('client_id_reused')
  return {
    id: row.id,
    conversationId: row.conversationId,
    sequence: Number(row.sequence),
    createdAt: row.createdAt.toISOString(),
    repeated: true,
  }
}

/** @throws not_found, client_id_reused, conversation_superseded; conflict when the conversation is another contact's by now */
export async function appendOutgoing(tx: Tx, ctx: Ctx, message: OutgoingMessage): Promise<Written> {
  const now = await lockConversation(tx, ctx, message.conversationId)
  const before = await findWritten(tx, message)
  if (before) return before
  if (now.supersededBy) throw new AppError('conversation_superseded')
  const { messageId: id, conversationId, preview, sealedFor, ...columns } = message
  if (now.contactId !== sealedFor) throw new AppError('conflict')
  const sequence = now.lastSequence + 1n
  const at = ctx.now()
  await tx.message.create({
    data: { accountId: ctx.accountId, id, conversationId, sequence, kind: 'outgoing', createdAt: at, ...columns },
    select: { id: true },
  })
  const answered = message.private
    ? {}
    : { waitingSince: null, needsPerson: false, ...(now.firstReplyAt ? {} : { firstReplyAt: at }) }
  await tx.conversation.updateMany({
    where: { id: conversationId },
    data: {
      lastSequence: sequence,
      // Whoever answers has read what was there; a note says so only when nothing was unread.
      ...(!message.private || now.readSequence === now.lastSequence ? { readSequence: sequence } : {}),
      messageCount: { increment: 1 },
      lastActivityAt: at,
      preview,
      previewKind: message.private ? 'note' : 'outgoing',
      ...answered,
    },
  })
  await tell(tx, ctx, {
    type: 'message.created',
    conversationId,
    messageId: id,
    data: { sequence: Number(sequence), contactId: now.contactId, private: message.private },
  })
  return { id, conversationId, sequence: Number(sequence), createdAt: at.toISOString(), repeated: false }
}
