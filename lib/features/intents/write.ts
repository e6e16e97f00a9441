/** Makes and changes an account's intents. What comes with the product gets a row when the account first changes it. */
import { AppError } from '@/lib/core/errors'
import { intentKey } from '@/lib/core/intent-key'
import { locales } from '@/lib/core/locale'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { sameText } from '@/lib/platform/db/same-text'
import { say } from '@/lib/words/say'
import { intents as builtin, isIntent } from './builtin'
import {
  type IntentChange,
  type IntentDraft,
  type IntentThresholds,
  isSlugged,
  keyOf,
  mostIntents,
  slugOf,
} from './input'

async function refuseSameName(tx: Tx, ctx: Ctx, name: string, key: string): Promise<void> {
  const same = await tx.intent.findFirst({
    where: { accountId: ctx.accountId, name: sameText(name), key: { not: key } },
    select: { id: true },
  })
  if (same || (await meansBuiltin(tx, ctx, name, key))) throw new AppError('name_taken', { field: 'name' })
}

/** Whether it is what an intent in use that comes with the product is called, in whichever language somebody reads it. */
async function meansBuiltin(tx: Tx, ctx: Ctx, name: string, key: string): Promise<boolean> {
  const called = name.toLowerCase()
  const same = builtin.filter(
    ({ id }) => id !== key && locales.some((locale) => say(locale, 'intents', `name.${id}`)?.toLowerCase() === called),
  )
  if (!same.length) return false
  const changed = await tx.intent.count({
    where: {
      accountId: ctx.accountId,
      key: { in: same.map(({ id }) => id) },
      OR: [{ archivedAt: { not: null } }, { name: { not: null } }],
    },
  })
  return changed < same.length
}

/** One of that name that was put aside comes back as it is described now. Returns the key. @throws name_taken, too_many */
export async function addIntent(tx: Tx, ctx: Ctx, draft: IntentDraft): Promise<string> {
  const { accountId } = ctx
  // Two at once would find the same key free.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('intents ' || ${accountId}, 0))`
  const [aside] = await tx.intent.updateManyAndReturn({
    where: {
      accountId,
      name: sameText(draft.name),
      archivedAt: { not: null },
      mergedInto: null,
      key: { notIn: builtin.map(({ id }) => id) },
    },
    data: { ...draft, archivedAt: null },
    select: { key: true },
  })
  if (aside) return aside.key
  const rows = await tx.intent.findMany({ where: { accountId }, select: { key: true } })
  if (rows.length >= mostIntents) throw new AppError('too_many', { limit: mostIntents })
  const key = keyOf(draft.name, new Set([...rows.map((row) => row.key), ...builtin.map(({ id }) => id)]))
  await refuseSameName(tx, ctx, draft.name, key)
  await tx.intent.create({
    data: { accountId, id: ctx.newId(), key, createdAt: ctx.now(), ...draft },
    select: { id: true },
  })
  return key
}

/**
 * Finds the intent that each label of a file means, by key or by name (of what comes along, in any language), and makes those that are not
 * there. Where a file says what the intent is called, that decides: the same key is another intent in another account. What was merged means
 * the one that took its place; what was put aside stays aside, but an account's own that stands for nothing is as good as new. Returns the key
 * of each label, the new keys, and those that are aside. @throws too_many
 * @param untaught which of these stand for nothing; without it nothing comes back into use
 */
export async function ensureIntents(
  tx: Tx,
  ctx: Ctx,
  labels: readonly FileLabel[],
  untaught: (keys: readonly string[]) => Promise<readonly string[]> = async () => [],
): Promise<{ keyFor: (label: FileLabel) => string; fresh: string[]; aside: string[] }> {
  const { accountId } = ctx
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('intents ' || ${accountId}, 0))`
  const rows = await tx.intent.findMany({
    where: { accountId },
    select: { key: true, name: true, archivedAt: true, mergedInto: true },
  })
  const said = new Map<string, string>()
  // A key goes before a name, and what is in use before what was put aside.
  const called = [...shownNames(rows), ...rows].sort((a, b) => Number(!!b.archivedAt) - Number(!!a.archivedAt))
  for (const { key, name, mergedInto } of called) if (name) said.set(name.toLowerCase(), mergedInto ?? key)
  // A name that a file tells is an account's own, and no word for what comes along and is not used here.
  const unused = new Set(
    rows.flatMap(({ key, name, archivedAt }) => (isIntent(key) && archivedAt && !name ? [key] : [])),
  )
  const named = (name: string) => {
    const key = said.get(name.toLowerCase())
    return key && unused.has(key) ? undefined : key
  }
  const keyed = new Map(builtin.map(({ id }) => [id as string, id as string]))
  for (const { key, mergedInto } of rows) keyed.set(key, mergedInto ?? key)
  const bySlug = (label: string) => (isSlugged(label) ? keyed.get(slugOf(label)) : undefined)
  const taken = new Set(keyed.keys())
  const keys = new Map<string, string>()
  const made: { key: string; name: string }[] = []
  // A key that comes along, or that its name makes, is the same intent's everywhere.
  const sameKey = (label: string, name: string) =>
    isIntent(label) || keyOf(name, new Set()) === label ? keyed.get(label) : undefined
  for (const one of labels) {
    const { label, label_name: called } = one
    if (keys.has(idOf(one))) continue
    const name = called ?? nameOf(label)
    let key = called
      ? (named(called) ?? sameKey(label, called))
      : (keyed.get(label) ?? said.get(label.toLowerCase()) ?? bySlug(label) ?? said.get(name.toLowerCase()))
    if (!key) {
      key = called && intentKey.safeParse(label).success && !taken.has(label) ? label : keyOf(called ?? label, taken)
      made.push({ key, name })
      said.set(name.toLowerCase(), key)
      if (called ? key === label : isSlugged(label)) keyed.set(key, key)
      taken.add(key)
    }
    keys.set(idOf(one), key)
  }
  if (rows.length + made.length > mostIntents) throw new AppError('too_many', { limit: mostIntents })
  await tx.intent.createMany({
    data: made.map((intent) => ({ accountId, id: ctx.newId(), createdAt: ctx.now(), ...intent })),
  })
  const meant = new Set(keys.values())
  const waiting = rows.flatMap(({ key, archivedAt }) => (archivedAt && meant.has(key) ? [key] : []))
  const again = await untaught(waiting.filter((key) => !isIntent(key)))
  await tx.intent.updateMany({ where: { accountId, key: { in: [...again] } }, data: { archivedAt: null } })
  const fresh = [...made.map(({ key }) => key), ...again]
  const aside = waiting.filter((key) => !again.includes(key))
  return { keyFor: (label) => keys.get(idOf(label)) as string, fresh, aside }
}

interface NamedRow {
  key: string
  name: string | null
  archivedAt: Date | null
  mergedInto: string | null
}

/** What intents that come along and have no name of their own are called, in whichever language somebody reads them. */
function shownNames(rows: readonly NamedRow[]): NamedRow[] {
  const changed = new Map(rows.map((row) => [row.key, row]))
  return builtin.flatMap(({ id }) => {
    const { name, archivedAt = null, mergedInto = null } = changed.get(id) ?? {}
    if (name) return []
    return locales.map((locale) => ({
      key: id,
      name: say(locale, 'intents', `name.${id}`) ?? null,
      archivedAt,
      mergedInto,
    }))
  })
}

/** What a row of a file says it is about: a key or a name, and in what left an account, both. */
export interface FileLabel {
  label: string
  label_name?: string | undefined
}

const idOf = ({ label, label_name: name }: FileLabel): string => JSON.stringify([label, name])

/** `card_arrival` is written for machines. */
const nameOf = (label: string): string => {
  if (!/^[A-Za-z0-9_]+$/.test(label)) return label
  const words = label.replaceAll('_', ' ').trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** @throws not_found, name_taken */
export async function changeIntent(tx: Tx, ctx: Ctx, key: string, change: IntentChange): Promise<void> {
  const { accountId } = ctx
  const { archived, ...plain } = change
  if (plain.name) await refuseSameName(tx, ctx, plain.name, key)
  const own = !isIntent(key)
  // A name of its own is all that says what an account's intent is.
  if (own && plain.name === null) throw new AppError('invalid_input', { field: 'name' })
  const moved = archived === undefined ? {} : { archivedAt: archived ? ctx.now() : null, mergedInto: null }
  const data = { ...plain, ...moved }
  const { count } = await tx.intent.updateMany({ where: { accountId, key }, data })
  if (count) return
  if (own) throw new AppError('not_found')
  await tx.intent.create({
    data: { accountId, id: ctx.newId(), key, createdAt: ctx.now(), ...data },
    select: { id: true },
  })
}

/** They go out of use, but for what was put aside or merged already: that stays what it is. @returns those that went */
export async function retireIntents(tx: Tx, ctx: Ctx, keys: readonly string[]): Promise<string[]> {
  const rows = await tx.intent.updateManyAndReturn({
    where: { accountId: ctx.accountId, key: { in: [...keys] }, archivedAt: null, mergedInto: null },
    data: { archivedAt: ctx.now() },
    select: { key: true },
  })
  return rows.map(({ key }) => key)
}

/** All of them or none. @throws not_found */
export async function putThresholds(tx: Tx, ctx: Ctx, thresholds: IntentThresholds): Promise<void> {
  const { accountId } = ctx
  const fresh = thresholds.filter(({ key }) => isIntent(key))
  await tx.intent.createMany({
    data: fresh.map(({ key }) => ({ accountId, id: ctx.newId(), key, createdAt: ctx.now() })),
    skipDuplicates: true,
  })
  let put = 0
  for (const threshold of new Set(thresholds.map((one) => one.threshold))) {
    const keys = thresholds.filter((one) => one.threshold === threshold).map(({ key }) => key)
    put += (await tx.intent.updateMany({ where: { accountId, key: { in: keys } }, data: { threshold } })).count
  }
  if (put !== thresholds.length) throw new AppError('not_found')
}

/** An intent as it was before another took its place. */
export interface MergedIntent {
  key: string
  archivedAt: string | null
  mergedInto: string | null
}

/** `key` is out of use from now on, and means `into`; what had been merged into it follows. @returns how they were */
export async function mergeIntent(tx: Tx, ctx: Ctx, key: string, into: string): Promise<MergedIntent[]> {
  const { accountId } = ctx
  const where = { accountId, OR: [{ key }, { mergedInto: key }] }
  const rows = await tx.intent.findMany({ where, select: { key: true, archivedAt: true, mergedInto: true } })
  await changeIntent(tx, ctx, key, { archived: true })
  await tx.intent.updateMany({ where, data: { mergedInto: into } })
  const before = rows.map((row) => ({ ...row, archivedAt: row.archivedAt?.toISOString() ?? null }))
  // One that comes with the product had no row until somebody changed it.
  return before.some((row) => row.key === key) ? before : [...before, { key, archivedAt: null, mergedInto: null }]
}

/** They are what they were before they were merged. @throws conflict when one of them has been changed since */
export async function unmergeIntent(
  tx: Tx,
  ctx: Ctx,
  { before, into }: { before: readonly MergedIntent[]; into: string },
): Promise<void> {
  const { accountId } = ctx
  for (const { key, archivedAt, mergedInto } of before) {
    const data = { archivedAt: archivedAt && new Date(archivedAt), mergedInto }
    const { count } = await tx.intent.updateMany({ where: { accountId, key, mergedInto: into }, data })
    if (!count) throw new AppError('conflict')
  }
}

/**
 * Puts aside, or takes back into use, everything that comes with the product (but what lies outside). What was merged stays what it means.
 * @param only of these
 * @returns what was otherwise before
 */
export async function switchBuiltin(tx: Tx, ctx: Ctx, used: boolean, only?: readonly string[]): Promise<string[]> {
  const rows = await tx.intent.findMany({
    where: { accountId: ctx.accountId, archivedAt: { not: null } },
    select: { key: true, mergedInto: true },
  })
  const aside = new Map(rows.map(({ key, mergedInto }) => [key, mergedInto]))
  const others = builtin
    .map(({ id }) => id as string)
    .filter((key) => key !== 'out_of_scope' && !aside.get(key) && aside.has(key) === used)
    .filter((key) => only?.includes(key) ?? true)
  for (const key of others) await changeIntent(tx, ctx, key, { archived: !used })
  return others
}
