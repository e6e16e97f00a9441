/** Texts that teach an intent: written one by one, imported as a file, removed. */

import { createHash } from 'node:crypto'
import { AppError, isAppError } from '@/lib/core/errors'
import { canCorrect, canTrain, type Question, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { intentsInPlaceOf, isUsed, listIntents } from '@/lib/features/intents/read'
import { ensureIntents } from '@/lib/features/intents/write'
import { forgetChampion } from '@/lib/features/learning/champion'
import { addExamples, findUntaught } from '@/lib/features/learning/examples'
import {
  findLessons,
  putBackExample,
  type Removed,
  takeExample,
  type Written,
  writtenOf,
} from '@/lib/features/learning/examples-back'
import { type ExampleDraft, readExampleFile } from '@/lib/features/learning/input'
import { keepUndo, type TakenBack } from '@/lib/features/undo/write'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import type { AccountVault } from '@/lib/platform/crypto/vault'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { findWayBack, keepWayBack } from './take-back-import'
import { severalWithinPlan } from './within-plan'

async function teaching<T>(
  ctx: Ctx,
  may: Question,
  work: (tx: Tx, vault: AccountVault, authorId: string) => Promise<T>,
): Promise<T> {
  const { membershipId } = requireMember(ctx, may)
  const vault = await accountVault(ctx)
  return inAccount(ctx, async (tx) => {
    const done = await work(tx, vault, membershipId)
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'examples' } })
    return done
  })
}

/**
 * Whoever corrects may write examples too.
 * @returns the intent that the text had before, where that is another one
 * @throws invalid_input for an intent that is not in use, is_case
 */
export const writeExample = (ctx: Ctx, draft: ExampleDraft): Promise<{ id: string; was: string | null }> =>
  teaching(ctx, canCorrect, async (tx, vault, authorId) => {
    if (!isUsed(await listIntents(tx, ctx), draft.intent)) throw new AppError('invalid_input', { field: 'intent' })
    const [was] = (await findLessons(tx, ctx, vault, [draft.text])).values()
    const { stored } = await addExamples(tx, ctx, vault, [draft], { source: 'written', authorId })
    if (!stored[0]) throw new AppError('is_case')
    return { id: stored[0].id, was: was && was.intent !== draft.intent ? was.intent : null }
  })

/** A text that every model must get right before it answers. @throws invalid_input */
export const writeCase = (ctx: Ctx, draft: ExampleDraft): Promise<{ id: string }> =>
  teaching(ctx, canTrain, async (tx, vault, authorId) => {
    if (!isUsed(await listIntents(tx, ctx), draft.intent)) throw new AppError('invalid_input', { field: 'intent' })
    const { stored } = await addExamples(tx, ctx, vault, [draft], { source: 'case', authorId })
    return { id: stored[0]?.id as string }
  })

export interface Imported {
  rows: number
  /** Texts that were not there before; the others took the file's label. */
  added: number
  /** Texts that had another intent until then. */
  moved: number
  /** Texts that are cases: they stay, and nobody learns them. */
  cases: number
  /** Keys of intents that the file brought, or brought back into use. */
  intents: string[]
  /** Keys of intents out of use: their texts wait until these are used again. */
  aside: string[]
  /** For a day it can be taken back. */
  undoId: string
}

/** Rows of one statement; between two the process does something else. */
const part = 2_000
/** Rows of one transaction: it holds back everybody's live news while it lasts. */
const parcel = 10_000

/**
 * A file of up to 10,000 rows comes in whole or not at all, a larger one in parts of so many: what broke off is imported once more, and what
 * is there stays once. Whoever corrects may bring texts along, and whoever trains new intents, too.
 *
 * @throws file_intents, file_empty, file_malformed, file_columns, file_label, file_text, too_many, plan_intents; nothing is imported then
 * @throws import_broken when some of it is in, with the way back
 */
export async function importExamples(ctx: Ctx, file: Uint8Array): Promise<Imported> {
  const mayAdd = canTrain(requireMember(ctx, canCorrect))
  const rows = await readExampleFile(file)
  const imported = { rows: rows.length, added: 0, moved: 0, cases: 0 }
  const hash = createHash('sha256').update(file).digest('hex')
  /** All that the file means, made with its first part. */
  const intentsOf = (tx: Tx) =>
    severalWithinPlan(tx, ctx, 'intents', async () => {
      const found = await ensureIntents(tx, ctx, rows, mayAdd ? (keys) => findUntaught(tx, ctx, keys) : undefined)
      // Before the plan: a larger one would not help who may not add any.
      const unknown = mayAdd ? undefined : rows.find((row) => found.fresh.includes(found.keyFor(row)))
      if (unknown) throw new AppError('file_intents', { label: unknown.label_name ?? unknown.label })
      return found
    })
  let meant: Awaited<ReturnType<typeof ensureIntents>> | undefined
  let way = ''
  for (let from = 0; from < rows.length; from += parcel) {
    const some = rows.slice(from, from + parcel)
    const stored = await teaching(ctx, canCorrect, async (tx, vault, authorId) => {
      const found = meant ?? (await intentsOf(tx))
      const parts: Written[][] = []
      let [added, moved, cases] = [0, 0, 0]
      for (let at = 0; at < some.length; at += part) {
        const drafts = some.slice(at, at + part).map((row) => ({ ...row, intent: found.keyFor(row) }))
        const texts = drafts.map(({ text }) => text)
        const before = await findLessons(tx, ctx, vault, texts)
        const done = await addExamples(tx, ctx, vault, drafts, { source: 'import', authorId })
        const now = done.stored.map(({ id, intent }) => ({
          id,
          into: intent,
          at: done.at,
          before: before.get(id) ?? null,
        }))
        parts.push(writtenOf(now))
        added += done.added
        moved += now.filter(({ into, before }) => before && before.intent !== into).length
        cases += done.cases
      }
      await record(tx, ctx, { act: 'examples.imported', facts: { rows: some.length, added, moved } })
      const undoId = await keepWayBack(tx, ctx, way || (await findWayBack(tx, ctx, hash)), {
        parts,
        intents: found.fresh,
        unfinished: from + parcel < rows.length ? hash : null,
      })
      return { added, moved, cases, found, undoId }
    }).catch((cause: unknown) => {
      if (!way) throw cause
      if (!isAppError(cause)) ctx.services.log.error({ err: cause }, 'an import broke off')
      throw new AppError('import_broken', { stored: from, rows: rows.length, undoId: way }, { cause })
    })
    forgetChampion(ctx.accountId)
    meant = stored.found
    way = stored.undoId
    imported.added += stored.added
    imported.moved += stored.moved
    imported.cases += stored.cases
  }
  return { ...imported, intents: meant?.fresh ?? [], aside: meant?.aside ?? [], undoId: way }
}

/** For a day it can be taken back. @throws not_found */
export const removeExample = (ctx: Ctx, { id }: { id: string }): Promise<{ undoId: string }> =>
  teaching(ctx, canTrain, async (tx) => {
    const removed = await takeExample(tx, ctx, id)
    if (!removed) throw new AppError('not_found')
    const undoId = await keepUndo(tx, ctx, 'removed', removed)
    await record(tx, ctx, { act: 'examples.removed', thingId: id })
    return { undoId }
  })

/** With its source, author, time and conversation, and in its datasets; of an intent that was merged since, under the one in its place. */
export async function takeBackRemoval(tx: Tx, ctx: Ctx, removed: Removed): Promise<TakenBack> {
  const now = await intentsInPlaceOf(tx, ctx, [removed.intent])
  const back = await putBackExample(tx, ctx, { ...removed, intent: now(removed.intent) })
  await tell(tx, ctx, { type: 'account.updated', data: { part: 'examples' } })
  await record(tx, ctx, { act: 'examples.restored', thingId: removed.id, facts: { texts: Number(back) } })
  return { restored: Number(back), kept: Number(!back) }
}
