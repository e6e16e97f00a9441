/** Starts the trainings that accounts asked for by a rule. */
import { isAppError } from '@/lib/core/errors'
import { isDue, readRule, readSince } from '@/lib/features/learning/rule'
import type { Ctx, Services } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'
import { startTraining } from './start-training'

/** Returns how many were started. */
export async function trainByRule(services: Services, ctxOf: (accountId: string) => Ctx): Promise<number> {
  const accounts = await asSystem(services, 'find accounts that train by themselves', (tx) =>
    tx.trainingRule.findMany({ select: { accountId: true } }),
  )
  let started = 0
  for (const { accountId } of accounts) {
    const ctx = ctxOf(accountId)
    const due = await inAccount(ctx, async (tx) => {
      const { last, corrections } = await readSince(tx, ctx)
      return isDue(await readRule(tx, ctx), last, corrections, ctx.now())
    })
    if (!due) continue
    // Too little to learn from, or too much under way: the next look decides anew.
    await startTraining(ctx).then(
      () => started++,
      (error) => {
        if (!isAppError(error)) throw error
        services.log.info({ accountId, code: error.code }, 'a training by rule was not started')
      },
    )
  }
  return started
}
