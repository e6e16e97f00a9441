/** Removes files that were stored and never sent; safe in several processes and after a crash in the middle. */
import { kept } from '../features/attachments/write'
import type { Ctx, Services } from '../platform/context'
import { asSystem } from '../platform/db/as-system'
import { inAccount } from '../platform/db/in-account'

/** Files per round. */
const round = 500

/** Returns how many were removed. */
export async function pruneAttachments(services: Services, ctxOf: (accountId: string) => Ctx): Promise<number> {
  const before = new Date(ctxOf('').now().getTime() - kept)
  const unsent = await asSystem(
    services,
    'find files that were never sent',
    (tx) => tx.$queryRaw<{ account_id: string; id: string }[]>`
      SELECT f.account_id, f.id FROM attachment f WHERE f.created_at < ${before}
        AND NOT EXISTS (SELECT 1 FROM message m WHERE m.account_id = f.account_id AND m.id = f.message_id) LIMIT ${round}`,
  )
  for (const { account_id: accountId, id } of unsent) {
    // The bytes first: a row whose bytes are gone is found again, bytes whose row is gone are not. Nobody can send it any more.
    await services.storage.remove(accountId, id)
    await inAccount(ctxOf(accountId), (tx) => tx.attachment.deleteMany({ where: { id } }))
  }
  return unsent.length
}
