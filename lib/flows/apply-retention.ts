/** Erases conversations that were resolved longer ago than their account keeps them, and contacts of whom nothing is left. Safe to repeat. */
import { record } from '@/lib/features/audit/write'
import { removeContactIfIdle, someContacts } from '@/lib/features/contacts/write'
import { removeThreads } from '@/lib/features/conversations/erase'
import { first, lastOf, type Place, type Retired, retireSome } from '@/lib/features/conversations/retire'
import { cutoffOf } from '@/lib/features/privacy/choices'
import type { Ctx, Services } from '@/lib/platform/context'
import { forgetContact } from '@/lib/platform/crypto/keyring'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { boxOf, emptyThreads, nothing } from './empty-threads'
import { type OneByOne, oneByOne } from './one-by-one'

/** Conversations per round. */
const round = 50
/** Contacts looked at, and removed, in one transaction. */
const looked = 2_000
const part = 100
const nobody = '00000000-0000-0000-0000-000000000000'

/**
 * What fails keeps nothing of others: the job comes again for it.
 *
 * @returns how many conversations were erased @throws the first failure, after all
 */
export async function applyRetention(services: Services, ctxOf: (accountId: string) => Ctx): Promise<number> {
  const accounts = await asSystem(services, 'find accounts that keep conversations for a time', (tx) =>
    tx.privacyChoice.findMany({
      where: { keepMonths: { not: null } },
      select: { accountId: true, keepMonths: true },
    }),
  )
  let erased = 0
  const each = oneByOne(services)
  for (const { accountId, keepMonths } of accounts) {
    const ctx = ctxOf(accountId)
    const before = cutoffOf(ctx.now(), keepMonths as number)
    await each.run({ accountId }, async () => {
      for (let after: Place | null = first; after; ) {
        const part = await eraseSome(ctx, before, each, after)
        erased += part.erased
        after = part.after
      }
      await eraseIdle(ctx, before)
    })
  }
  each.end()
  return erased
}

/** @returns how many went, and behind which conversation the next ones are; null when these were the last */
async function eraseSome(
  ctx: Ctx,
  before: Date,
  each: OneByOne,
  from: Place,
): Promise<{ erased: number; after: Place | null }> {
  const retired = await inAccount(ctx, (tx) => retireSome(tx, ctx, before, round, from))
  const after = retired.length < round ? null : lastOf(retired)
  const emptied = nothing()
  const done: { contactId: string; ids: string[] }[] = []
  for (const [contactId, ids] of byContact(retired)) {
    const work = async () => emptyThreads(ctx, await boxOf(ctx, contactId), ids, emptied)
    if (await each.run({ accountId: ctx.accountId, contactId }, work)) done.push({ contactId, ids })
  }
  const ids = done.flatMap((one) => one.ids)
  if (!ids.length && !Object.values(emptied).some(Boolean)) return { erased: 0, after }
  const contacts = done.map(({ contactId }) => contactId).sort()
  const idle = await inAccount(ctx, async (tx) => {
    await removeThreads(tx, ctx, ids)
    const gone = await removeIdle(tx, ctx, contacts, before)
    for (const conversationId of ids) await tell(tx, ctx, { type: 'conversation.updated', conversationId })
    const facts = { ...emptied, conversations: ids.length, contacts: gone.length }
    await record(tx, ctx, { act: 'retention.applied', facts })
    return gone
  })
  for (const id of idle) forgetContact(ctx, id)
  return { erased: ids.length, after }
}

/** Who never wrote, or was seen once more after their last conversation had gone. */
async function eraseIdle(ctx: Ctx, before: Date): Promise<void> {
  for (let after: string | undefined = nobody; after; ) {
    const from: string = after
    const some = await inAccount(ctx, (tx) => someContacts(tx, ctx, before, from, looked))
    const idle = some.flatMap(({ id, idle }) => (idle ? [id] : []))
    for (let at = 0; at < idle.length; at += part) {
      const gone = await inAccount(ctx, async (tx) => {
        const removed = await removeIdle(tx, ctx, idle.slice(at, at + part), before)
        const facts = { ...nothing(), conversations: 0, contacts: removed.length }
        if (removed.length) await record(tx, ctx, { act: 'retention.applied', facts })
        return removed
      })
      for (const id of gone) forgetContact(ctx, id)
    }
    after = some.length < looked ? undefined : some.at(-1)?.id
  }
}

async function removeIdle(tx: Tx, ctx: Ctx, ids: readonly string[], before: Date): Promise<string[]> {
  const gone: string[] = []
  for (const id of ids) if (await removeContactIfIdle(tx, ctx, id, before)) gone.push(id)
  return gone
}

function byContact(retired: readonly Retired[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { id, contactId } of retired) found.set(contactId, [...(found.get(contactId) ?? []), id])
  return found
}
