/** A person's own choices in an account, wherever they sign in: looks, keys, the columns of their tickets. */
import { z } from 'zod'
import type { Tx } from '@/lib/platform/db/in-account'

/** Each part alone may change. */
export const preferencesInput = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']).optional(),
  density: z.enum(['compact', 'normal', 'comfortable']).optional(),
  /** Single-key shortcuts. */
  keys: z.boolean().optional(),
  /** The columns shown in the table of tickets, in their order; null: the usual ones. Unknown names are passed over there. */
  columns: z
    .array(z.string().regex(/^[a-z]{2,20}$/))
    .max(30)
    .readonly()
    .nullish(),
})

/** What is kept has the shape of what may change: a part that was never chosen is absent. */
export type KeptPreferences = z.infer<typeof preferencesInput>

/** Writes the parts that are given and answers with all that is kept; two desks that change different parts keep both. */
export async function keepPreferences(tx: Tx, membershipId: string, change: KeptPreferences): Promise<KeptPreferences> {
  const rows = await tx.$queryRaw<{ preferences: KeptPreferences }[]>`
    UPDATE membership SET preferences = preferences || ${JSON.stringify(change)}::jsonb
    WHERE account_id = current_account_id() AND id = ${membershipId}::uuid RETURNING preferences`
  return rows[0]?.preferences ?? {}
}
