/** What reply and add-note share: text and file names are sealed outside, then stored once under the conversation's lock. */
import { isAppError } from '@/lib/core/errors'
import { carriedFiles, handOver } from '@/lib/features/attachments/write'
import { authorOf } from '@/lib/features/conversations/change'
import { contactOf } from '@/lib/features/conversations/read-one'
import { appendOutgoing, sealOutgoing, type Written } from '@/lib/features/conversations/write'
import type { Ctx } from '@/lib/platform/context'
import { accountVault, contactBox } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'
import { isTaken } from '@/lib/platform/db/trouble'

export interface MessageDraft {
  /** Of the conversation. */
  id: string
  /** Chosen by the writer's client; sending the same again stores nothing new. */
  clientId: string
  text: string
  /** Ids of the writer's files for this visitor. */
  attachments?: readonly string[]
}

/** A visitor may turn out to be somebody while we write: then the text is sealed once more, for who they are. */
const isMoved = (error: unknown) => isAppError(error) && (error.code === 'conflict' || error.code === 'not_found')

export const writeMessage = (ctx: Ctx, draft: MessageDraft, isPrivate: boolean): Promise<Written> =>
  sealAndWrite(ctx, draft, isPrivate).catch((error) =>
    isMoved(error) ? sealAndWrite(ctx, draft, isPrivate) : Promise.reject(error),
  )

async function sealAndWrite(ctx: Ctx, draft: MessageDraft, isPrivate: boolean): Promise<Written> {
  const contactId = await contactOf(ctx, draft.id)
  const [vault, box] = [await accountVault(ctx), await contactBox(ctx, contactId)]
  const { id: conversationId, clientId, text, attachments: ids = [] } = draft
  const owner = { contactId, authorId: authorOf(ctx) as string }
  const files = ids.length ? await inAccount(ctx, (tx) => carriedFiles(tx, ctx, box, owner, ids)) : undefined
  const messageId = ctx.newId()
  const what = { messageId, conversationId, authorId: owner.authorId, clientId, private: isPrivate }
  const message = sealOutgoing(what, contactId, { text, files }, vault, box)
  const write = () =>
    inAccount(ctx, async (tx) => {
      const written = await appendOutgoing(tx, ctx, message)
      if (files && !written.repeated) await handOver(tx, owner, ids, { messageId })
      return written
    })
  // The same client id in two conversations at once: the second try finds what the first stored.
  return write().catch((error) => (isTaken(error) ? write() : Promise.reject(error)))
}
