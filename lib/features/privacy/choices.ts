/** What an account decided about its contacts' data: how long conversations are kept, and whose messages models learn from. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import type { PrivacyChange } from './input'

/** Months after which resolved conversations are erased. */
export const keptMonths = [3, 6, 12, 24] as const
export const learnFrom = ['all', 'consented'] as const
/** What a contact said; null: nothing. */
export const consents = ['given', 'refused'] as const
export type Consent = (typeof consents)[number]

export interface PrivacyChoices {
  /** Null: never erased by themselves. */
  keepMonths: number | null
  learnFrom: (typeof learnFrom)[number]
}

export async function readChoices(tx: Tx, ctx: Ctx): Promise<PrivacyChoices> {
  const row = await tx.privacyChoice.findUnique({ where: { accountId: ctx.accountId } })
  return {
    keepMonths: row?.keepMonths ?? null,
    learnFrom: (row?.learnFrom ?? 'all') as PrivacyChoices['learnFrom'],
  }
}

export async function keepChoices(tx: Tx, ctx: Ctx, change: PrivacyChange): Promise<void> {
  const { accountId } = ctx
  const { keepMonths, learnFrom: from } = change
  const data = {
    ...(keepMonths === undefined ? {} : { keepMonths }),
    ...(from === undefined ? {} : { learnFrom: from }),
    updatedAt: ctx.now(),
  }
  await tx.privacyChoice.upsert({ where: { accountId }, create: { accountId, ...data }, update: data })
}

/** Conversations resolved before this are to go: whole calendar months back, at the same time of day (UTC). Pure. */
export function cutoffOf(now: Date, months: number): Date {
  const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months + 1, 0)).getUTCDate()
  const then = new Date(now)
  then.setUTCDate(1)
  then.setUTCMonth(now.getUTCMonth() - months)
  then.setUTCDate(Math.min(now.getUTCDate(), last))
  return then
}
