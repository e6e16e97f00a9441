/** An inbox gets other settings; widgets on websites follow within a second. */

import { canManageInboxes, requireMember } from '@/lib/features/accounts/permissions'
import { factsOf, record } from '@/lib/features/audit/write'
import type { InboxChange } from '@/lib/features/inboxes/input'
import { forgetInboxes } from '@/lib/features/inboxes/read'
import { changeInbox } from '@/lib/features/inboxes/write'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'

export async function updateInbox(ctx: Ctx, { id, ...change }: InboxChange & { id: string }): Promise<void> {
  requireMember(ctx, canManageInboxes)
  await inAccount(ctx, async (tx) => {
    await changeInbox(tx, ctx, id, change)
    await tell(tx, ctx, { type: 'inbox.updated', data: { inboxId: id } })
    await record(tx, ctx, { act: 'inbox.changed', thingId: id, facts: factsOf(change) })
  })
  forgetInboxes()
}
