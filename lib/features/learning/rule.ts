/** When an account trains by itself: after so many corrections since its last model, or weekly; never without anything new. */
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

const day = 86_400_000
const week = 7 * day

/** What a rule looks at. */
export interface Since {
  /** When what the newest model learned from was taken down; null: there is no model. */
  model: Date | null
  /** A run waits or is under way. */
  underWay: boolean
  /** When the last run was asked for that came to nothing, since that model. */
  failed: Date | null
  /** Made since that model. */
  corrections: number
  /** Texts written or imported since. */
  examples: number
}

/** Is it time? What came to nothing is tried again a day later. Pure. */
export function isDue(rule: TrainingRule, since: Since, now: Date): boolean {
  const ago = (then: Date) => now.getTime() - then.getTime()
  if (since.underWay || (since.failed && ago(since.failed) < day)) return false
  if (rule.afterCorrections !== null && since.corrections >= rule.afterCorrections) return true
  const anything = since.corrections + since.examples > 0
  return rule.weekly && anything && (since.model === null || ago(since.model) >= week)
}

export async function readSince(tx: Tx, ctx: Ctx): Promise<Since> {
  const { accountId } = ctx
  const newest = (state: { in: string[] }, after?: Date) =>
    tx.trainingRun.findFirst({
      where: { accountId, state, ...(after ? { createdAt: { gt: after } } : {}) },
      orderBy: { createdAt: 'desc' },
      select: { createdAt: true },
    })
  const model = (await newest({ in: ['succeeded'] }))?.createdAt ?? null
  const later = model ? { createdAt: { gt: model } } : {}
  return {
    model,
    underWay: (await newest({ in: ['queued', 'running'] })) !== null,
    failed: (await newest({ in: ['failed', 'cancelled'] }, model ?? undefined))?.createdAt ?? null,
    corrections: await tx.correction.count({ where: { accountId, field: 'intent', undoneAt: null, ...later } }),
    examples: await tx.example.count({ where: { accountId, source: { not: 'case' }, ...later } }),
  }
}
