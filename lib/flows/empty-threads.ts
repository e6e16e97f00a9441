/** Empties conversations that are to go: files, what was learned from them, and their messages, part by part. */
import { isAppError } from '@/lib/core/errors'
import { messagesBehind, removeMessages, someMessages } from '@/lib/features/conversations/erase'
import { about } from '@/lib/features/conversations/sealed'
import { buryMessages, removeTwins } from '@/lib/features/learning/erase'
import { hashOf } from '@/lib/features/learning/examples'
import { dropLook } from '@/lib/features/learning/look'
import { maskText } from '@/lib/features/privacy/mask'
import { dropUndos } from '@/lib/features/undo/write'
import type { Ctx } from '@/lib/platform/context'
import { accountVault, contactBox } from '@/lib/platform/crypto/keyring'
import type { Box } from '@/lib/platform/crypto/vault'
import { inAccount } from '@/lib/platform/db/in-account'
import { readKnownNames } from './known-names'

export interface Emptied {
  messages: number
  /** Messages that a model learned from, and examples with the same texts. */
  learned: number
  examples: number
  files: number
}

/** Messages per transaction: none holds a lock for long. */
const part = 500

/** The bytes first: a row whose bytes are gone is found again, bytes whose row is gone are not. */
export async function removeFiles(ctx: Ctx, ids: readonly string[]): Promise<number> {
  for (const id of ids) await ctx.services.storage.remove(ctx.accountId, id)
  const { count } = await inAccount(ctx, (tx) =>
    tx.attachment.deleteMany({ where: { accountId: ctx.accountId, id: { in: [...ids] } } }),
  )
  return count
}

/** Of a contact; null when their key is gone: then no text can be compared any more. */
export const boxOf = (ctx: Ctx, contactId: string): Promise<Box | null> =>
  contactBox(ctx, contactId).catch((error) => {
    // It comes back, and what is found by their words has to wait for it.
    if (isAppError(error) && error.code === 'database_away') throw error
    return null
  })

/** Names that masking knew in these texts. */
async function namesIn(ctx: Ctx, conversationIds: readonly string[]) {
  const [one] = await inAccount(ctx, (tx) =>
    tx.conversation.findMany({
      where: { accountId: ctx.accountId, id: { in: [...conversationIds] } },
      take: 1,
      select: { contactId: true },
    }),
  )
  return (await readKnownNames(ctx, [one?.contactId]))(one?.contactId ?? null)
}

export const nothing = (): Emptied => ({ messages: 0, learned: 0, examples: 0, files: 0 })

/**
 * @param box of their contact
 * @param done counts what has gone, part by part: some of it has where this fails
 * @param hear gets the texts, before they go
 */
export async function emptyThreads(
  ctx: Ctx,
  box: Box | null,
  conversationIds: readonly string[],
  done: Emptied,
  hear?: (texts: readonly string[]) => Promise<void>,
): Promise<void> {
  const vault = await accountVault(ctx)
  const known = await namesIn(ctx, conversationIds)
  for (;;) {
    const messages = await inAccount(ctx, (tx) => someMessages(tx, ctx, conversationIds, part))
    if (!messages.length) return
    const ids = messages.map(({ id }) => id)
    const files = await inAccount(ctx, (tx) =>
      tx.attachment.findMany({ where: { accountId: ctx.accountId, messageId: { in: ids } }, select: { id: true } }),
    )
    done.files += await removeFiles(
      ctx,
      files.map(({ id }) => id),
    )
    const texts = messages.flatMap(({ id, body }) => textOf(box, id, body))
    await hear?.(texts)
    const gone = await inAccount(ctx, async (tx) => {
      const learned = await buryMessages(tx, ctx, ids)
      // A dataset leaves masked and may have come back so, also from before names that are known were.
      const said = new Set(texts.flatMap((text) => [text, maskText(text), maskText(text, known)]))
      const hashes = [...said].map((text) => hashOf(vault, text))
      const examples = await removeTwins(tx, ctx, hashes)
      const back = hashes.map((hash) => hash.toString('base64'))
      await dropUndos(tx, ctx, 'removed', back)
      await dropLook(tx, ctx)
      await removeMessages(tx, ctx, ids)
      return { learned, examples }
    })
    done.messages += ids.length
    done.learned += gone.learned
    done.examples += gone.examples
  }
}

/** What was said in these threads, some texts at a time; nothing goes. */
export async function* textsIn(
  ctx: Ctx,
  box: Box | null,
  conversationIds: readonly string[],
): AsyncGenerator<string[]> {
  for (const conversationId of conversationIds)
    for (let after = 0n; ; ) {
      const messages = await inAccount(ctx, (tx) => messagesBehind(tx, ctx, conversationId, after, part))
      yield messages.flatMap(({ id, body }) => textOf(box, id, body))
      after = messages.at(-1)?.sequence ?? 0n
      if (messages.length < part) break
    }
}

function textOf(box: Box | null, id: string, body: Uint8Array | null): string[] {
  try {
    return box && body ? [box.open(body, about.body(id))] : []
  } catch {
    return []
  }
}
