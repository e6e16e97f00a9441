/** One file, opened, for a visitor whose thread it is in or for any member of the account. */
import { contentTypes, type FileKind } from '../core/attachment'
import { AppError } from '../core/errors'
import { requireMember } from '../features/accounts/permissions'
import { type FoundFile, findFile, findVisitorFile, openFile, openName } from '../features/attachments/read'
import type { Ctx } from '../platform/context'
import { contactBox } from '../platform/crypto/keyring'
import { inAccount, type Tx } from '../platform/db/in-account'

export interface OpenedFile {
  name: string
  kind: FileKind
  type: string
  bytes: Buffer
}

/** Whole: of a file that was changed on the disk not one byte may leave, and that is known at its end only. */
async function open(ctx: Ctx, find: (tx: Tx) => Promise<FoundFile>): Promise<OpenedFile> {
  const file = await inAccount(ctx, find)
  const [box, sealed] = await Promise.all([
    contactBox(ctx, file.contactId),
    ctx.services.storage.get(ctx.accountId, file.id),
  ])
  if (!sealed) throw new AppError('not_found')
  const { kind } = file
  return {
    name: openName(box, file),
    kind,
    type: contentTypes[kind],
    bytes: openFile(box, file, sealed),
  }
}

/** @throws not_found */
export async function readVisitorAttachment(ctx: Ctx, id: string): Promise<OpenedFile> {
  if (ctx.actor.kind !== 'visitor') throw new Error('only visitors read through this flow')
  const { contactId } = ctx.actor
  return open(ctx, (tx) => findVisitorFile(tx, contactId, id))
}

/** @throws not_found */
export async function readAttachment(ctx: Ctx, id: string): Promise<OpenedFile> {
  requireMember(ctx)
  return open(ctx, (tx) => findFile(tx, id))
}
