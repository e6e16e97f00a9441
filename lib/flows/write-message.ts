/** What reply and add-note share: the text is sealed outside, then stored once under the conversation's lock. */
import { isAppError } from '@/lib/core/errors'
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
  const what = {
    messageId: ctx.newId(),
    conversationId: draft.id,
    authorId: authorOf(ctx) as string,
    clientId: draft.clientId,
    private: isPrivate,
  }
  const message = sealOutgoing(what, contactId, draft.text, vault, box)
  const write = () => inAccount(ctx, (tx) => appendOutgoing(tx, ctx, message))
  // The same client id in two conversations at once: the second try finds what the first stored.
  return write().catch((error) => (isTaken(error) ? write() : Promise.reject(error)))
}
