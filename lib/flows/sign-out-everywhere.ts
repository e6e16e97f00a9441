/** Ends every session of the person, this one too. */
import { requireUser } from '@/lib/features/accounts/permissions'
import { endAllSessions } from '@/lib/features/identity/sessions'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'

export async function signOutEverywhere(ctx: Ctx): Promise<void> {
  const userId = requireUser(ctx)
  await asSystem(ctx.services, 'sign out everywhere', (tx) => endAllSessions(tx, userId))
}
