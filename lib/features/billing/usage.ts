/** Labelled messages as they were counted, by day and one by one, and which of them were billed. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

interface Span {
  start: Date
  end: Date
}

export interface UsageDay {
  /** yyyy-mm-dd, UTC */
  day: string
  messages: number
}

/** Labelled messages per day that had any, the oldest first. */
export async function usageByDay(tx: Tx, ctx: Ctx, { start, end }: Span): Promise<UsageDay[]> {
  return tx.$queryRaw<UsageDay[]>`
    SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*)::int AS messages FROM usage_record
    WHERE account_id = ${ctx.accountId}::uuid AND created_at >= ${start} AND created_at < ${end} GROUP BY 1 ORDER BY 1`
}

/** Messages that were put down for the bill, by the day on which that was done; of a month that was over by then, by its last. */
async function putDownByDay(tx: Tx, ctx: Ctx, { start, end }: Span): Promise<UsageDay[]> {
  return tx.$queryRaw<UsageDay[]>`
    SELECT to_char(LEAST(created_at AT TIME ZONE 'UTC', month + interval '1 month' - interval '1 second'), 'YYYY-MM-DD') AS day,
      sum(count)::int AS messages FROM usage_report
    WHERE account_id = ${ctx.accountId}::uuid AND month >= ${start}::date AND month < ${end}::date AND lost_at IS NULL GROUP BY 1`
}

export interface BilledDay extends UsageDay {
  /** Of the messages, the last so many. */
  billed: number
}

/**
 * Which messages were billed: the last ones that were counted before they were put down, in the same month. A worker that was
 * away puts down at once what several days have used.
 */
export function billedDays(days: readonly UsageDay[], putDown: readonly UsageDay[]): BilledDay[] {
  const [used, put] = [days, putDown].map((all) => new Map(all.map(({ day, messages }) => [day, messages])))
  const found: BilledDay[] = []
  let [left, month] = [0, '']
  for (const day of [...new Set([...days, ...putDown].map((one) => one.day))].sort().reverse()) {
    if (!day.startsWith(month)) left = 0
    month = day.slice(0, 7)
    left += put?.get(day) ?? 0
    const messages = used?.get(day) ?? 0
    const billed = Math.min(left, messages)
    left -= billed
    if (messages) found.unshift({ day, messages, billed })
  }
  return found
}

/** Whole months. */
export const usageAndBilled = async (tx: Tx, ctx: Ctx, months: Span): Promise<BilledDay[]> =>
  billedDays(await usageByDay(tx, ctx, months), await putDownByDay(tx, ctx, months))

export interface UsageRow {
  messageId: string
  createdAt: Date
}

/** Rows of usage from `start` on, before `end`, in their order; `after` is the last row of the page before. */
export function usageRows(
  tx: Tx,
  ctx: Ctx,
  { start, end }: Span,
  after: UsageRow | null,
  take: number,
): Promise<UsageRow[]> {
  const next = after && {
    OR: [{ createdAt: { gt: after.createdAt } }, { createdAt: after.createdAt, messageId: { gt: after.messageId } }],
  }
  return tx.usageRecord.findMany({
    where: { accountId: ctx.accountId, createdAt: { gte: start, lt: end }, ...next },
    orderBy: [{ createdAt: 'asc' }, { messageId: 'asc' }],
    take,
    select: { messageId: true, createdAt: true },
  })
}
