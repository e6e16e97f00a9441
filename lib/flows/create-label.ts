/** A new label for conversations. */

import { canManageLabels, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import type { LabelDraft } from '@/lib/features/labels/input'
import { addLabel } from '@/lib/features/labels/write'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { refuseTaken } from './refuse-taken'

export async function createLabel(ctx: Ctx, draft: LabelDraft): Promise<{ id: string }> {
  requireMember(ctx, canManageLabels)
  return inAccount(ctx, async (tx) => {
    const id = await addLabel(tx, ctx, draft)
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'labels', labelId: id } })
    await record(tx, ctx, { act: 'label.created', thingId: id, facts: { name: draft.name } })
    return { id }
  }).catch(refuseTaken)
}
