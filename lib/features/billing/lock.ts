/** One change of an account's billing at a time. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

/** Held until the transaction ends. */
export async function lockBilling(tx: Tx, ctx: Ctx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('plan ' || ${ctx.accountId}, 0))`
}
