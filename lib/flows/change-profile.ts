/** A person changes their own name or language. */
import type { Locale } from '@/lib/core/locale'
import { requireUser } from '@/lib/features/accounts/permissions'
import { changeProfile as writeProfile } from '@/lib/features/identity/users'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'

export async function changeProfile(
  ctx: Ctx,
  input: { name?: string | undefined; locale?: Locale | undefined },
): Promise<void> {
  const userId = requireUser(ctx)
  const change = { ...(input.name ? { name: input.name } : {}), ...(input.locale ? { locale: input.locale } : {}) }
  await asSystem(ctx.services, 'change profile', (tx) => writeProfile(tx, userId, change))
}
