/** A file comes in, from a visitor or from an agent: it is looked at, sealed with a key of its own, stored, and waits to be sent. */
import { randomBytes } from 'node:crypto'
import type { AttachedFile } from '../core/attachment'
import { canReply, requireMember } from '../features/accounts/permissions'
import { fileName } from '../features/attachments/names'
import { aboutBytes } from '../features/attachments/sealed'
import { sniff } from '../features/attachments/sniff'
import { noteFile, type Owner } from '../features/attachments/write'
import { contactOf } from '../features/conversations/read-one'
import type { Ctx } from '../platform/context'
import { sealBytes } from '../platform/crypto/box'
import { contactBox } from '../platform/crypto/keyring'
import { inAccount } from '../platform/db/in-account'
import { unlessGone } from './unless-gone'

export interface Upload {
  /** As the sender's device calls it. */
  name: string
  bytes: Buffer
}

/** Resolves once the file survives a crash. */
async function store(ctx: Ctx, owner: Owner, { name, bytes: given }: Upload): Promise<AttachedFile> {
  const { bytes, ...sniffed } = sniff(given)
  const box = await contactBox(ctx, owner.contactId)
  const key = randomBytes(32)
  const file = { ...sniffed, key, name: fileName(name, sniffed.kind), size: bytes.length }
  const noted = await inAccount(ctx, (tx) => noteFile(tx, ctx, box, owner, file))
  await ctx.services.storage.put(ctx.accountId, noted.id, sealBytes(key, bytes, aboutBytes(noted.id)))
  return noted
}

/** @throws attachment_…, too_many_unsent, storage_full, token_invalid (the contact is gone) */
export async function attachAsVisitor(ctx: Ctx, upload: Upload): Promise<AttachedFile> {
  if (ctx.actor.kind !== 'visitor') throw new Error('only visitors attach through this flow')
  return store(ctx, { contactId: ctx.actor.contactId, authorId: null }, upload).catch(unlessGone)
}

/** @param id of the conversation. @throws attachment_…, too_many_unsent, storage_full, not_found */
export async function attachAsMember(ctx: Ctx, { id, ...upload }: { id: string } & Upload): Promise<AttachedFile> {
  const { membershipId } = requireMember(ctx, canReply)
  return store(ctx, { contactId: await contactOf(ctx, id), authorId: membershipId }, upload)
}
