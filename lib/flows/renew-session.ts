/**
 * A session goes on under an id that nobody could know before, after a change of role or password. Of a cookie and its copy one gets it and the
 * other ends: which is the copy nobody can tell, but where the password was given with the request.
 */
import { giveCookie } from '@/lib/features/identity/cookie'
import { succeedSession } from '@/lib/features/identity/sessions'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'

/** Requests that were sent with the old cookie still count this long, milliseconds. */
export const grace = 30_000

/** The header with the new cookie; null when the session has ended or another request has just renewed it. */
export async function renewSession(
  ctx: Ctx,
  { userId, sessionId }: { userId: string; sessionId: string },
  leave = grace,
): Promise<string | null> {
  const next = await asSystem(ctx.services, 'renew session', (tx) => succeedSession(tx, ctx, userId, sessionId, leave))
  if (!next) return null
  return giveCookie(ctx.services.env, { userId, sessionId: next.sessionId }, next.expiresAt, ctx.now())
}
