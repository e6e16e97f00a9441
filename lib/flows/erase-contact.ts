/** Erases a person for good: key, messages, files, search tokens, what was learned from them. Nothing of it can come back. */
import { AppError } from '@/lib/core/errors'
import { canManageAccount, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { formerIds, lockContacts, removeContact } from '@/lib/features/contacts/write'
import { removeThreads, threadsOf } from '@/lib/features/conversations/erase'
import { lockThreads } from '@/lib/features/conversations/move'
import { Signs } from '@/lib/features/privacy/signs'
import { dropUndos } from '@/lib/features/undo/write'
import { eraseDeliveries } from '@/lib/features/webhooks/outbox'
import type { Ctx, Services } from '@/lib/platform/context'
import { forgetContact } from '@/lib/platform/crypto/keyring'
import type { Box } from '@/lib/platform/crypto/vault'
import { inAccount } from '@/lib/platform/db/in-account'
import { noteErasure, readErasures } from '@/lib/platform/erasures'
import { tell } from '@/lib/platform/events/tell'
import { boxOf, type Emptied, emptyThreads, nothing, removeFiles, textsIn } from './empty-threads'
import { oneByOne } from './one-by-one'
import { removeNaming } from './remove-naming'

export interface Erased extends Emptied {
  conversations: number
}

/** Asked for by a person. @throws not_found */
export async function eraseContact(ctx: Ctx, { id }: { id: string }): Promise<Erased> {
  requireMember(ctx, canManageAccount)
  await inAccount(ctx, async (tx) => {
    const found = await tx.contact.count({ where: { accountId: ctx.accountId, id } })
    if (!found) throw new AppError('not_found')
    // Before anything is removed: should this end half-way, the product finishes it, and the log says who began it.
    await record(tx, ctx, { act: 'contact.erasure_begun', thingId: id })
  })
  await note(ctx, [id])
  return erase(ctx, id)
}

/** Each once. */
async function note(ctx: Ctx, ids: readonly string[]): Promise<void> {
  const { services, accountId } = ctx
  const noted = await readErasures(services.env)
  for (const contactId of ids)
    if (!noted.some((one) => one.accountId === accountId && one.contactId === contactId))
      await noteErasure(services.env, { accountId, contactId })
}

async function erase(ctx: Ctx, id: string): Promise<Erased> {
  const { accountId } = ctx
  const box = await boxOf(ctx, id)
  const signs = await signsOf(ctx, id, box)
  const written = await inAccount(ctx, (tx) => threadsOf(tx, ctx, id))
  for await (const texts of textsIn(ctx, box, written)) for (const text of texts) signs.add(text)
  // A lesson that was removed a moment ago may not be brought back.
  await inAccount(ctx, (tx) => dropUndos(tx, ctx, 'removed'))
  // Lessons that an import brought may tell of them in other words than theirs. They go before the words by which they are found:
  // whoever has to finish this reads those again.
  const common = new Set<string>()
  let examples = await removeNaming(ctx, signs, common)
  const hear = async (texts: readonly string[]) => {
    let more = false
    for (const text of texts) more = signs.add(text) || more
    if (more) examples += await removeNaming(ctx, signs, common)
  }
  const files = await inAccount(ctx, (tx) =>
    tx.attachment.findMany({ where: { accountId, contactId: id }, select: { id: true } }),
  )
  const removed = await removeFiles(
    ctx,
    files.map((file) => file.id),
  )
  const emptied: Emptied = { ...nothing(), files: removed }
  for (;;) {
    const threads = await inAccount(ctx, (tx) => threadsOf(tx, ctx, id))
    await emptyThreads(ctx, box, threads, emptied, hear)
    const all = { ...emptied, examples: emptied.examples + examples }
    const conversations = await finish(ctx, id, all)
    if (conversations === null) continue
    forgetContact(ctx, id)
    return { ...all, conversations }
  }
}

/** Their name and address, while the key opens them. */
async function signsOf(ctx: Ctx, id: string, box: Box | null): Promise<Signs> {
  const where = { accountId: ctx.accountId, id }
  const row = await inAccount(ctx, (tx) => tx.contact.findFirst({ where, select: { name: true, email: true } }))
  const open = (field: 'name' | 'email') => {
    try {
      return row?.[field] && box ? [box.open(row[field], `${id} ${field}`)] : []
    } catch {
      return []
    }
  }
  return new Signs(open('name'), open('email'))
}

/** The threads and the key go together with the entry that says so; null when a message came in meanwhile. */
function finish(ctx: Ctx, id: string, emptied: Emptied): Promise<number | null> {
  return inAccount(ctx, async (tx) => {
    // In the order of the visitor's path: threads, then their contact.
    await lockThreads(tx, ctx, [id])
    if (!(await lockContacts(tx, ctx, [id]))) return 0
    const threads = await threadsOf(tx, ctx, id)
    const left = await tx.message.count({ where: { accountId: ctx.accountId, conversationId: { in: threads } } })
    if (left) return null
    // An older backup knows them by these; no more are added while the contact is locked.
    await note(ctx, await formerIds(tx, ctx, id))
    await removeThreads(tx, ctx, threads)
    await removeContact(tx, id)
    await dropUndos(tx, ctx, 'removed')
    await eraseDeliveries(tx, ctx, id)
    for (const conversationId of threads) await tell(tx, ctx, { type: 'conversation.updated', conversationId })
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'contact', contactId: id, erased: true } })
    const facts = { conversations: threads.length, ...emptied }
    await record(tx, ctx, { act: 'contact.erased', thingId: id, facts })
    return threads.length
  })
}

/**
 * Erases again whoever was erased and is there all the same: a backup was put back, or a crash came in between. One who cannot be erased
 * keeps no other.
 * @returns how many @throws the first failure, after all
 */
export async function eraseAgain(services: Services, ctxOf: (accountId: string) => Ctx): Promise<number> {
  let again = 0
  const each = oneByOne(services)
  for (const { accountId, contactId } of await readErasures(services.env))
    await each.run({ accountId, contactId }, async () => {
      const ctx = ctxOf(accountId)
      const there = await inAccount(ctx, (tx) => tx.contact.count({ where: { accountId, id: contactId } }))
      if (!there) return
      await erase(ctx, contactId)
      again++
    })
  if (again) services.log.warn({ contacts: again }, 'erased again what a backup had brought back')
  each.end()
  return again
}
