/** A new inbox: one widget installation with its own site key and identity secret. */

import { canManageInboxes, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import type { InboxDraft } from '@/lib/features/inboxes/input'
import { addInbox, type MadeInbox } from '@/lib/features/inboxes/write'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'

/** The secret leaves in clear this once. */
export async function createInbox(ctx: Ctx, draft: InboxDraft): Promise<MadeInbox> {
  requireMember(ctx, canManageInboxes)
  const vault = await accountVault(ctx)
  return inAccount(ctx, async (tx) => {
    const made = await addInbox(tx, ctx, vault, draft)
    await tell(tx, ctx, { type: 'inbox.updated', data: { inboxId: made.id } })
    await record(tx, ctx, { act: 'inbox.created', thingId: made.id, facts: { name: draft.name } })
    return made
  })
}
