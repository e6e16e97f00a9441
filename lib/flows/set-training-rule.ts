/** Says when the account trains by itself. */

import { canTrain, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import type { TrainingRule } from '@/lib/features/learning/input'
import { keepRule } from '@/lib/features/learning/rule'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

export async function setTrainingRule(ctx: Ctx, rule: TrainingRule): Promise<void> {
  requireMember(ctx, canTrain)
  await inAccount(ctx, async (tx) => {
    await keepRule(tx, ctx, rule)
    await record(tx, ctx, { act: 'training.rule_changed', facts: { ...rule } })
  })
}
