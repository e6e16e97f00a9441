/** Who runs the installation: asked of the row each time. System role. */
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

/** @throws not_signed_in, forbidden */
export async function requireOperator(tx: Tx, ctx: Ctx): Promise<void> {
  const { actor } = ctx
  if (actor.kind !== 'member' && actor.kind !== 'user') throw new AppError('not_signed_in')
  const user = await tx.user.findUnique({ where: { id: actor.userId }, select: { operator: true } })
  if (!user?.operator) throw new AppError('forbidden')
}
