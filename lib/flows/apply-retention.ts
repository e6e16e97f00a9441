/** Erases conversations that were resolved longer ago than their account keeps them, and contacts of whom nothing is left. Safe to repeat. */
import { record } from '@/lib/features/audit/write'
import { removeContactIfIdle } from '@/lib/features/contacts/write'
import { removeThreads } from '@/lib/features/conversations/erase'
import { type Retired, retireSome } from '@/lib/features/conversations/retire'
import { cutoffOf } from '@/lib/features/privacy/choices'
import type { Ctx, Services } from '@/lib/platform/context'
import { forgetContact } from '@/lib/platform/crypto/keyring'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { boxOf, emptyThreads } from './empty-threads'

/** Conversations per round. */
const round = 50

/** Returns how many conversations were erased. */
export async function applyRetention(services: Services, ctxOf: (accountId: string) => Ctx): Promise<number> {
  const accounts = await asSystem(services, 'find accounts that keep conversations for a time', (tx) =>
    tx.privacyChoice.findMany({
      where: { keepMonths: { not: null } },
      select: { accountId: true, keepMonths: true },
    }),
  )
  let erased = 0
  for (const { accountId, keepMonths } of accounts) {
    const ctx = ctxOf(accountId)
    const before = cutoffOf(ctx.now(), keepMonths as number)
    for (let some = round; some === round; erased += some) some = await eraseSome(ctx, before)
  }
  return erased
}

async function eraseSome(ctx: Ctx, before: Date): Promise<number> {
  const retired = await inAccount(ctx, (tx) => retireSome(tx, ctx, before, round))
  if (!retired.length) return 0
  const facts = { conversations: retired.length, messages: 0, files: 0, learned: 0, examples: 0 }
  for (const [contactId, ids] of byContact(retired)) {
    const box = await boxOf(ctx, contactId)
    const emptied = await emptyThreads(ctx, box, ids)
    for (const part of ['messages', 'files', 'learned', 'examples'] as const) facts[part] += emptied[part]
  }
  const ids = retired.map(({ id }) => id)
  const contacts = [...new Set(retired.map(({ contactId }) => contactId))].sort()
  const idle = await inAccount(ctx, async (tx) => {
    await removeThreads(tx, ctx, ids)
    const gone: string[] = []
    for (const id of contacts) if (await removeContactIfIdle(tx, ctx, id, before)) gone.push(id)
    for (const conversationId of ids) await tell(tx, ctx, { type: 'conversation.updated', conversationId })
    await record(tx, ctx, { act: 'retention.applied', facts: { ...facts, contacts: gone.length } })
    return gone
  })
  for (const id of idle) forgetContact(ctx, id)
  return retired.length
}

function byContact(retired: readonly Retired[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { id, contactId } of retired) found.set(contactId, [...(found.get(contactId) ?? []), id])
  return found
}
