/** An inbox gets a new identity secret; signatures made with the old one stop counting, until someone takes it back. */

import { canManageInboxes, requireMember } from '@/lib/features/accounts/permissions'
import { record } from '@/lib/features/audit/write'
import { forgetInboxes } from '@/lib/features/inboxes/read'
import { rotateSecret } from '@/lib/features/inboxes/write'
import { keepUndo } from '@/lib/features/undo/write'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'

/** The secret leaves in clear this once. */
export async function rotateIdentitySecret(
  ctx: Ctx,
  { id }: { id: string },
): Promise<{ identitySecret: string; undoId: string }> {
  requireMember(ctx, canManageInboxes)
  const vault = await accountVault(ctx)
  const done = await inAccount(ctx, async (tx) => {
    const { identitySecret, before } = await rotateSecret(tx, ctx, vault, id)
    // What is kept is the old ciphertext, so the record opens nothing without the account's key.
    const undoId = await keepUndo(tx, ctx, 'identity_secret', { inboxId: id, before })
    await tell(tx, ctx, { type: 'inbox.updated', data: { inboxId: id } })
    await record(tx, ctx, { act: 'inbox.secret_rotated', thingId: id })
    return { identitySecret, undoId }
  })
  forgetInboxes()
  return done
}
