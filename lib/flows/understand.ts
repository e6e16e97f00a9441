/** Asks the model that answers for an account what a text is about, how it sounds and how urgent it is. */
import type { Understanding } from '@/lib/core/ports'
import { bundleFor, championOf, hold } from '@/lib/features/learning/champion'
import type { Ctx } from '@/lib/platform/context'
import { mayLabel } from './standing'

/**
 * @param patience milliseconds; null after them, when the model is away, and when the plan's labels are used up
 * @param contactId who wrote: while a version is tried, it answers some contacts
 */
export async function understand(
  ctx: Ctx,
  text: string,
  patience: number,
  contactId: string | null = null,
): Promise<Understanding | null> {
  if (!(await mayLabel(ctx))) return null
  const champion = await championOf(ctx)
  const bundle = bundleFor(champion, contactId)
  const said = await ctx.services.classifier.classify({ text, bundle }, patience)
  return said && hold(champion, said)
}
