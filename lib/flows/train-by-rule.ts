/** Starts the trainings that accounts asked for by a rule. */
import { type Facts, isAppError } from '@/lib/core/errors'
import { monthOf } from '@/lib/features/billing/rules'
import { isDue, readRule, readSince } from '@/lib/features/learning/rule'
import type { Ctx, Services } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'
import { startTraining } from './start-training'
import { tellOwners } from './tell-owners'

/** Somebody who is there reads the refusal; of a rule's owners learn it once a month. */
async function tellNoneLeft(ctx: Ctx, { plan, limit }: Facts): Promise<void> {
  const { start, end } = monthOf(ctx.now())
  const facts = { plan: String(plan), count: Number(limit), date: end }
  const cause = `no training left ${ctx.accountId} ${start.toISOString()}`
  await inAccount(ctx, (tx) => tellOwners(tx, ctx, 'trainingWaits', cause, facts))
}

/** Returns how many were started. */
export async function trainByRule(services: Services, ctxOf: (accountId: string) => Ctx): Promise<number> {
  const accounts = await asSystem(services, 'find accounts that train by themselves', (tx) =>
    tx.trainingRule.findMany({ select: { accountId: true } }),
  )
  let started = 0
  for (const { accountId } of accounts) {
    const ctx = ctxOf(accountId)
    const due = await inAccount(ctx, async (tx) => {
      return isDue(await readRule(tx, ctx), await readSince(tx, ctx), ctx.now())
    })
    if (!due) continue
    // Too little to learn from, or too much under way: the next look decides anew.
    await startTraining(ctx).then(
      () => started++,
      async (error) => {
        if (!isAppError(error)) throw error
        services.log.info({ accountId, code: error.code }, 'a training by rule was not started')
        if (error.code === 'plan_trainings') await tellNoneLeft(ctx, error.facts)
      },
    )
  }
  return started
}
