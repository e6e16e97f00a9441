/** When an account trains by itself: after so many corrections, or weekly; never without anything new. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import type { TrainingRule } from './input'

export async function readRule(tx: Tx, ctx: Ctx): Promise<TrainingRule> {
  const row = await tx.trainingRule.findUnique({ where: { accountId: ctx.accountId } })
  return { afterCorrections: row?.afterCorrections ?? null, weekly: row?.weekly ?? false }
}

export async function keepRule(tx: Tx, ctx: Ctx, rule: TrainingRule): Promise<void> {
  const { accountId } = ctx
  await tx.trainingRule.upsert({ where: { accountId }, create: { accountId, ...rule }, update: rule })
}

const week = 7 * 86_400_000

/** Is it time? Pure. @param corrections made since the last run */
export function isDue(rule: TrainingRule, last: Date | null, corrections: number, now: Date): boolean {
  if (corrections === 0) return false
  if (rule.afterCorrections !== null && corrections >= rule.afterCorrections) return true
  return rule.weekly && (last === null || now.getTime() - last.getTime() >= week)
}

/** The last run that anybody asked for, and what was corrected since. */
export async function readSince(tx: Tx, ctx: Ctx): Promise<{ last: Date | null; corrections: number }> {
  const { accountId } = ctx
  const run = await tx.trainingRun.findFirst({
    where: { accountId },
    orderBy: { createdAt: 'desc' },
    select: { createdAt: true },
  })
  const last = run?.createdAt ?? null
  const corrections = await tx.correction.count({
    where: { accountId, field: 'intent', undoneAt: null, ...(last ? { createdAt: { gt: last } } : {}) },
  })
  return { last, corrections }
}
