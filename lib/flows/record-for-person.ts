/** Writes what a person did outside any account (signing in, a new password) into the audit log of each account they belong to. */
import { membershipsOf } from '@/lib/features/accounts/read'
import type { Act } from '@/lib/features/audit/acts'
import { record } from '@/lib/features/audit/write'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

/** System role; last in its transaction. In the order of ids: of two such transactions none waits for the other for ever. */
export async function recordForPerson(
  tx: Tx,
  ctx: Ctx,
  userId: string,
  act: Act,
  who: 'themselves' | 'operator' = 'themselves',
): Promise<void> {
  for (const { accountId, id } of await membershipsOf(tx, userId))
    await record(tx, { ...ctx, accountId }, { act, thingId: id, ...(who === 'themselves' ? { by: id } : {}) })
}
