/** A person ends one of their own sessions. */
import { AppError } from '@/lib/core/errors'
import { requireUser } from '@/lib/features/accounts/permissions'
import { endSession } from '@/lib/features/identity/sessions'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'

export async function revokeSession(ctx: Ctx, input: { id: string }): Promise<void> {
  const userId = requireUser(ctx)
  const ended = await asSystem(ctx.services, 'revoke session', (tx) => endSession(tx, ctx, userId, input.id))
  if (!ended) throw new AppError('not_found')
}
