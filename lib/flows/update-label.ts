/** A label gets another name or colour, everywhere at once. */

import { canManageLabels, requireMember } from '@/lib/features/accounts/permissions'
import { factsOf, record } from '@/lib/features/audit/write'
import type { LabelChange } from '@/lib/features/labels/input'
import { changeLabel } from '@/lib/features/labels/write'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { refuseTaken } from './refuse-taken'

export async function updateLabel(ctx: Ctx, { id, ...change }: LabelChange & { id: string }): Promise<void> {
  requireMember(ctx, canManageLabels)
  await inAccount(ctx, async (tx) => {
    await changeLabel(tx, ctx, id, change)
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'labels', labelId: id } })
    await record(tx, ctx, { act: 'label.changed', thingId: id, facts: factsOf(change) })
  }).catch(refuseTaken)
}
