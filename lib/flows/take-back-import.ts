/** The way back of an import: kept part by part with what each transaction wrote, and gone the same way, the last part first. */
import { AppError } from '@/lib/core/errors'
import { record } from '@/lib/features/audit/write'
import { intentsInPlaceOf } from '@/lib/features/intents/read'
import { retireIntents } from '@/lib/features/intents/write'
import { forgetChampion } from '@/lib/features/learning/champion'
import { findUntaught } from '@/lib/features/learning/examples'
import { takeBackWritten, type Written } from '@/lib/features/learning/examples-back'
import { extendUndo, findUndo, keepUndo, spendUndo, type TakenBack, takeUndo } from '@/lib/features/undo/write'
import type { Ctx } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'

/** What one file wrote, as undo keeps it. */
interface ImportPress {
  /** Records of the parts, in the order in which they came in. */
  parcels: string[]
  /** Keys of intents that it brought into use. */
  intents: string[]
  /** Hash of a file of which parts are missing. */
  unfinished: string | null
}

/** What one transaction wrote, statement by statement: a text may stand in a file more than once. */
interface ImportParcel {
  parts: Written[][]
}

/** What broke off and is imported once more goes on where it was: one press takes back both. */
export const findWayBack = (tx: Tx, ctx: Ctx, hash: string): Promise<string | null> =>
  findUndo(tx, ctx, 'imported', 'unfinished', hash)

/**
 * One press, one way back: it is kept with the first part, and grows with each other.
 *
 * @param way that of the parts before
 * @param unfinished hash of the file while parts of it are missing
 * @returns the way back of all
 */
export async function keepWayBack(
  tx: Tx,
  ctx: Ctx,
  way: string | null,
  { parts, intents, unfinished }: ImportParcel & { intents: readonly string[]; unfinished: string | null },
): Promise<string> {
  const parcel: ImportParcel = { parts }
  const parcelId = await keepUndo(tx, ctx, 'imported', parcel)
  const longer = (press: ImportPress): ImportPress => ({
    parcels: [...press.parcels, parcelId],
    intents: [...new Set([...press.intents, ...intents])],
    unfinished,
  })
  if (way && (await extendUndo(tx, ctx, way, longer))) return way
  return keepUndo(tx, ctx, 'imported', longer({ parcels: [], intents: [], unfinished }))
}

/**
 * Texts that are what the file said go, or are what they were; intents that it brought and that stand for nothing else go out of use.
 * A transaction for each part, as they came in: what broke off goes on with the next press, and is used with the last one.
 *
 * @throws not_found for a part's own record
 */
export async function takeBackImport(ctx: Ctx, id: string, data: unknown): Promise<TakenBack> {
  const { parcels, intents } = data as Partial<ImportPress>
  if (!parcels || !intents) throw new AppError('not_found')
  const [named, back] = [new Set<string>(), new Set<string>()]
  for (const parcel of [...parcels].reverse()) {
    const { parts, went } = await inAccount(ctx, async (tx) => {
      const spent = (await spendUndo(tx, ctx, parcel)) as ImportParcel | null
      const parts = [...(spent?.parts ?? [])].reverse()
      const went: string[][] = []
      for (const written of parts) went.push(await takeBackWritten(tx, ctx, await inPlace(tx, ctx, written)))
      if (parcel === parcels[0]) await endTakeBack(tx, ctx, id, intents)
      await tell(tx, ctx, { type: 'account.updated', data: { part: 'examples' } })
      const texts = went.reduce((sum, { length }) => sum + length, 0)
      await record(tx, ctx, { act: 'examples.restored', facts: { texts } })
      return { parts, went }
    })
    forgetChampion(ctx.accountId)
    // A text that the file said twice went two steps: it counts once, by the last.
    parts.forEach((written, at) => {
      for (const one of written.flatMap(({ ids }) => ids)) named.add(one) && back.delete(one)
      for (const one of went[at] ?? []) back.add(one)
    })
  }
  return { restored: back.size, kept: named.size - back.size }
}

/** What was merged since means the one that took its place. */
async function inPlace(tx: Tx, ctx: Ctx, written: readonly Written[]): Promise<Written[]> {
  const now = await intentsInPlaceOf(
    tx,
    ctx,
    written.flatMap(({ before }) => before?.intent ?? []),
  )
  return written.map((one) => ({ ...one, before: one.before && { ...one.before, intent: now(one.before.intent) } }))
}

async function endTakeBack(tx: Tx, ctx: Ctx, id: string, intents: readonly string[]): Promise<void> {
  await takeUndo(tx, ctx, id)
  const retired = await retireIntents(tx, ctx, await findUntaught(tx, ctx, intents))
  if (retired.length) await tell(tx, ctx, { type: 'account.updated', data: { part: 'intents' } })
}
