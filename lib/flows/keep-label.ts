/** A person stands by a label that a model doubts, or takes that back. */
import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { addKeep, type LabelOf, removeKeep } from '@/lib/features/learning/keeps'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

/** @throws not_found */
export async function keepLabel(ctx: Ctx, label: LabelOf): Promise<void> {
  const { membershipId } = requireMember(ctx, canTrain)
  await inAccount(ctx, (tx) => addKeep(tx, ctx, label, membershipId))
}

export async function doubtLabel(ctx: Ctx, { id }: { id: string }): Promise<void> {
  requireMember(ctx, canTrain)
  await inAccount(ctx, (tx) => removeKeep(tx, ctx, id))
}
