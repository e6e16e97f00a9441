/**
 * A website vouches for a visitor: an anonymous one becomes the person it names, and what they wrote before comes along.
 * Only a claim signed with the inbox's identity secret gets here.
 */
import { moveFiles } from '../features/attachments/write'
import {
  addContact,
  type Known,
  knownContact,
  lockContacts,
  removeContact,
  takeOver,
  type VisitorClaim,
  vouchFor,
} from '../features/contacts/write'
import { lockThreads, moveThreads, noteIdentified } from '../features/conversations/move'
import { moveDeliveries } from '../features/webhooks/outbox'
import type { Ctx } from '../platform/context'
import type { AccountVault } from '../platform/crypto/vault'
import type { Tx } from '../platform/db/in-account'

/** @param here whom this browser was until now; somebody else's contact is never touched */
export async function identifyVisitor(
  tx: Tx,
  ctx: Ctx,
  vault: AccountVault,
  claim: VisitorClaim,
  here: Known | null,
): Promise<Known> {
  // Two browsers that become the same new person at once would otherwise make two of them.
  if (claim.userId)
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${ctx.accountId + claim.userId}, 0))`
  const known = await knownContact(tx, vault, claim)
  if (here && (here.externalHash === null ? !known : known?.id === here.id)) {
    await vouchFor(tx, ctx, vault, here, claim)
    if (here.externalHash === null && claim.userId) await noteIdentified(tx, ctx, here.id)
    return here
  }
  const person = known ?? (await addContact(tx, ctx, vault, claim, true))
  if (known) await vouchFor(tx, ctx, vault, known, claim)
  if (known && here?.externalHash === null) await join(tx, ctx, vault, here, known)
  return person
}

/** Everything of the anonymous contact becomes the known one's, in this one transaction. */
async function join(tx: Tx, ctx: Ctx, vault: AccountVault, from: Known, to: Known): Promise<void> {
  const ids = [from.id, to.id]
  await lockThreads(tx, ctx, ids)
  if (!(await lockContacts(tx, ctx, ids))) return
  const party = ({ id, key }: Known) => ({ id, box: vault.contact(id, key) })
  const [giver, taker] = [party(from), party(to)]
  await moveThreads(tx, ctx, giver, taker)
  await moveFiles(tx, giver, taker)
  await moveDeliveries(tx, ctx, from.id, to.id)
  await takeOver(tx, ctx, from.id, to.id)
  await removeContact(tx, from.id)
}
