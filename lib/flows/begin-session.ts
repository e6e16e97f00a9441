/** A sign-in succeeded: the browser gets a session of its own, and its earlier one ends. */
import { addSession, type SignIn } from '@/lib/features/identity/sessions'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { recordForPerson } from './record-for-person'

export function beginSession(
  ctx: Ctx,
  userId: string,
  browser: Omit<SignIn, 'replaces'> & { replaces: { userId: string; sessionId: string } | null },
): Promise<string> {
  // Another person's session in the same browser ends by its cookie being overwritten; ours to end is only our own.
  const replaces = browser.replaces?.userId === userId ? browser.replaces.sessionId : null
  return asSystem(ctx.services, 'begin session', async (tx) => {
    const id = await addSession(tx, ctx, userId, { ...browser, replaces })
    await recordForPerson(tx, ctx, userId, 'member.signed_in')
    return id
  })
}
