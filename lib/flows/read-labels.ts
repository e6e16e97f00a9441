/** The account's labels, for whoever works in it. */
import { canViewInbox, requireMember } from '@/lib/features/accounts/permissions'
import { type ListedLabel, listLabels } from '@/lib/features/labels/read'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

export async function readLabels(ctx: Ctx): Promise<ListedLabel[]> {
  requireMember(ctx, canViewInbox)
  return inAccount(ctx, (tx) => listLabels(tx, ctx))
}
