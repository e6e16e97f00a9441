/** The account's inboxes as their settings show them, and the address their snippets load the widget from. */
import { publicUrl } from '@/lib/core/env'
import { canViewInbox, requireMember } from '@/lib/features/accounts/permissions'
import { type InboxSettings, listInboxes } from '@/lib/features/inboxes/read'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

export async function readInboxes(ctx: Ctx): Promise<{ publicUrl: string; inboxes: InboxSettings[] }> {
  requireMember(ctx, canViewInbox)
  return { publicUrl: publicUrl(ctx.services.env), inboxes: await inAccount(ctx, (tx) => listInboxes(tx, ctx)) }
}
