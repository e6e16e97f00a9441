/** Ends the session of this browser. */
import { endSession } from '@/lib/features/identity/sessions'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'

export async function signOut(ctx: Ctx, input: { userId: string; sessionId: string }): Promise<void> {
  await asSystem(ctx.services, 'sign out', (tx) => endSession(tx, ctx, input.userId, input.sessionId))
}
