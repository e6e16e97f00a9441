/** The intents of an account: those that come with the product, as the account changed them, and its own. */
import { lineAsSaid } from '@/lib/core/learning'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { say } from '@/lib/words/say'
import { intents as builtin, type IntentGroup } from './builtin'

export interface AccountIntent {
  /** The model's label. */
  key: string
  /** `own` for the account's. */
  group: IntentGroup | 'own'
  /** Null: the product's own words (`intents.name.<key>`). */
  name: string | null
  description: string
  /** Null: the usual one. */
  threshold: number | null
  archived: boolean
  /** Key of the intent that took its place. */
  mergedInto: string | null
}

export async function listIntents(tx: Tx, ctx: Ctx): Promise<AccountIntent[]> {
  const rows = await tx.intent.findMany({
    where: { accountId: ctx.accountId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  })
  const known = new Map(rows.map((row) => [row.key, row]))
  const described = (key: string, group: AccountIntent['group']): AccountIntent => {
    const row = known.get(key)
    return {
      key,
      group,
      name: row?.name ?? null,
      description: row?.description ?? '',
      threshold: row?.threshold == null ? null : lineAsSaid(row.threshold),
      archived: row?.archivedAt != null,
      mergedInto: row?.mergedInto ?? null,
    }
  }
  const comeAlong = new Set(builtin.map(({ id }) => id))
  return [
    ...rows.filter((row) => !comeAlong.has(row.key)).map((row) => described(row.key, 'own')),
    ...builtin.map(({ id, group }) => described(id, group)),
  ]
}

/** What they are called in the reader's language. */
export async function namesOfIntents(tx: Tx, ctx: Ctx, keys: readonly string[]): Promise<[string, string][]> {
  if (!keys.length) return []
  const rows = await tx.intent.findMany({
    where: { accountId: ctx.accountId, key: { in: [...keys] } },
    select: { key: true, name: true },
  })
  const own = new Map(rows.map(({ key, name }) => [key, name]))
  return keys.map((key) => [key, own.get(key) ?? say(ctx.locale, 'intents', `name.${key}`) ?? key])
}

/** May a message be given this intent? */
export const isUsed = (intents: readonly AccountIntent[], key: string): boolean =>
  intents.some((intent) => intent.key === key && !intent.archived)

/** What each of these means by now: itself, or the intent that took its place. */
export async function intentsInPlaceOf(tx: Tx, ctx: Ctx, keys: readonly string[]): Promise<(key: string) => string> {
  const rows = await tx.intent.findMany({
    where: { accountId: ctx.accountId, key: { in: [...new Set(keys)] }, mergedInto: { not: null } },
    select: { key: true, mergedInto: true },
  })
  const now = new Map(rows.map(({ key, mergedInto }) => [key, mergedInto]))
  return (key) => now.get(key) ?? key
}
