/** The inbox list: a page of conversations, and on the first page how many stand behind each tab. */
import { requireMember } from '@/lib/features/accounts/permissions'
import type { ListInput } from '@/lib/features/conversations/input'
import { type ConversationPage, type Counts, listPage, readCounts } from '@/lib/features/conversations/read'
import type { Ctx } from '@/lib/platform/context'

/** @throws invalid_input for a cursor that is none */
export async function listConversations(
  ctx: Ctx,
  input: ListInput = {},
): Promise<ConversationPage & { counts?: Counts }> {
  const { membershipId } = requireMember(ctx)
  const [page, counts] = await Promise.all([
    listPage(ctx, input, membershipId),
    input.cursor ? undefined : readCounts(ctx, membershipId),
  ])
  return counts ? { ...page, counts } : page
}
