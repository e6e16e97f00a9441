/** A member keeps their own choices of looks, keys and columns. */
import { requireMember } from '@/lib/features/accounts/permissions'
import { type KeptPreferences, keepPreferences as writePreferences } from '@/lib/features/accounts/preferences'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

export function keepPreferences(ctx: Ctx, change: KeptPreferences): Promise<KeptPreferences> {
  const { membershipId } = requireMember(ctx)
  return inAccount(ctx, (tx) => writePreferences(tx, membershipId, change))
}
