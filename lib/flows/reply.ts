/** An agent answers the visitor. */
import { canReply, requireMember } from '@/lib/features/accounts/permissions'
import type { Written } from '@/lib/features/conversations/write'
import type { Ctx } from '@/lib/platform/context'
import { type MessageDraft, writeMessage } from './write-message'

/** @throws conversation_superseded, client_id_reused, not_found */
export async function reply(ctx: Ctx, draft: MessageDraft): Promise<Written> {
  requireMember(ctx, canReply)
  return writeMessage(ctx, draft, false)
}
