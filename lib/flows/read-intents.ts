/** The intents of an account, and how many texts each has to learn from. */
import { canViewInbox, requireMember } from '@/lib/features/accounts/permissions'
import { type AccountIntent, listIntents } from '@/lib/features/intents/read'
import { countLearned } from '@/lib/features/learning/examples'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

export interface ListedIntent extends AccountIntent {
  texts: number
}

export async function readIntents(ctx: Ctx): Promise<{ intents: ListedIntent[] }> {
  requireMember(ctx, canViewInbox)
  return inAccount(ctx, async (tx) => {
    const counts = await countLearned(tx, ctx)
    const intents = await listIntents(tx, ctx)
    return { intents: intents.map((intent) => ({ ...intent, texts: counts.get(intent.key) ?? 0 })) }
  })
}
