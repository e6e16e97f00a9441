/** Finds conversations by words of their messages and by their contact's name or address, over every status. */
import type { ListInput } from '@/lib/features/conversations/input'
import type { ConversationPage } from '@/lib/features/conversations/read'
import type { Ctx } from '@/lib/platform/context'
import { listConversations } from './list-conversations'

export async function searchConversations(
  ctx: Ctx,
  { q, ...filter }: { q: string } & Omit<ListInput, 'q' | 'tab'>,
): Promise<ConversationPage> {
  const { rows, next } = await listConversations(ctx, { status: 'any', ...filter, q })
  return { rows, next }
}
