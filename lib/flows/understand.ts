/** Asks the model that answers for an account what a text is about, how it sounds and how urgent it is. */
import type { Understanding } from '@/lib/core/ports'
import { bundleFor, championOf, hold } from '@/lib/features/learning/champion'
import type { Ctx } from '@/lib/platform/context'
import { noteStandIn } from './note-stand-in'
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
  const inCharge = bundle === champion.bundle
  const otherwise = inCharge ? champion.otherwise : [champion.bundle, ...champion.otherwise]
  const said = await ctx.services.classifier.classify({ text, bundle, otherwise }, patience)
  if (said && inCharge) noteStandIn(ctx, champion, said.modelVersion)
  return said && hold(champion, said)
}
