/** One conversation with its contact, and the pages of its transcript. */
import { AppError } from '@/lib/core/errors'
import { requireMember } from '@/lib/features/accounts/permissions'
import { openAttached } from '@/lib/features/attachments/read'
import type { TranscriptInput } from '@/lib/features/conversations/input'
import { type ConversationDetail, contactOf, readOne } from '@/lib/features/conversations/read-one'
import { readMessages, type TranscriptPage } from '@/lib/features/conversations/transcript'
import type { Ctx } from '@/lib/platform/context'
import { contactBox } from '@/lib/platform/crypto/keyring'

/** @param input.id the conversation's id, or its number. @throws not_found */
export async function readConversation(ctx: Ctx, { id }: { id: string }): Promise<ConversationDetail> {
  requireMember(ctx)
  return readOne(ctx, id)
}

/** Newest page first; older ones by `before`, missed ones by `after`. @throws not_found */
export async function readTranscript(
  ctx: Ctx,
  { id, ...page }: { id: string } & TranscriptInput,
): Promise<TranscriptPage> {
  requireMember(ctx)
  if (page.before !== undefined && page.after !== undefined) throw new AppError('invalid_input', { field: 'before' })
  const box = await contactBox(ctx, await contactOf(ctx, id))
  return readMessages(ctx, box, openAttached, id, page)
}
