/** Writes news in the transaction that causes it; followers are woken after the commit. */
import type { Ctx } from '../context'
import { markTold, type Tx } from '../db/in-account'

export type EventType =
  | 'message.created'
  | 'message.labelled'
  | 'conversation.updated'
  | 'inbox.updated'
  | 'account.updated'
  | 'member.updated'

export interface News {
  type: EventType
  conversationId?: string
  messageId?: string
  /** Ids, numbers and state words only: never texts of contacts. */
  data?: Record<string, string | number | boolean | null>
}

export async function tell(tx: Tx, ctx: Ctx, news: News): Promise<void> {
  await tx.event.create({
    data: {
      accountId: ctx.accountId,
      type: news.type,
      conversationId: news.conversationId ?? null,
      messageId: news.messageId ?? null,
      data: news.data ?? {},
    },
    select: { id: true },
  })
  markTold(tx)
}
