/** Opens what is stored of files: beside messages, and one at a time for those who may have it. */
import { type AttachedFile, contentTypes, type FileKind } from '../../core/attachment'
import { AppError } from '../../core/errors'
import { openBytes } from '../../platform/crypto/box'
import type { Box } from '../../platform/crypto/vault'
import type { Tx } from '../../platform/db/in-account'
import { aboutBytes, aboutKey, aboutName } from './sealed'

/** As the database functions that read messages return it. */
interface Stored {
  id: string
  /** Base64. */
  name: string
  kind: FileKind
  size: number
  width: number | null
  height: number | null
}

/** A name that cannot be opened (a damaged row) must not take the message with it. */
function nameOf(box: Box, id: string, sealed: Uint8Array, kind: FileKind): string {
  try {
    return box.open(sealed, aboutName(id))
  } catch {
    return kind
  }
}

/** The files of one message. @param stored null where there are none */
export function openAttached(stored: unknown, box: Box): AttachedFile[] {
  return ((stored ?? []) as Stored[]).map(({ id, name, kind, size, width, height }) => ({
    id,
    name: nameOf(box, id, Buffer.from(name, 'base64'), kind),
    type: contentTypes[kind],
    size,
    ...(width && height ? { width, height } : {}),
  }))
}

export interface FoundFile {
  id: string
  contactId: string
  kind: FileKind
  name: Uint8Array
  key: Uint8Array
}

const columns = {
  id: true,
  contactId: true,
  kind: true,
  name: true,
  key: true,
  authorId: true,
  messageId: true,
} as const

/** Any file of the account. @throws not_found */
export async function findFile(tx: Tx, id: string): Promise<FoundFile> {
  const row = await tx.attachment.findFirst({ where: { id }, select: columns })
  if (!row) throw new AppError('not_found')
  return row as FoundFile
}

/** A file that this visitor may have: their own, or one that came with a public answer to them. @throws not_found */
export async function findVisitorFile(tx: Tx, contactId: string, id: string): Promise<FoundFile> {
  const row = await tx.attachment.findFirst({ where: { id, contactId }, select: columns })
  const answer =
    row?.authorId &&
    row.messageId &&
    (await tx.message.findFirst({ where: { id: row.messageId, private: false }, select: { id: true } }))
  if (!row || (row.authorId && !answer)) throw new AppError('not_found')
  return row as FoundFile
}

/** The name to download it under. */
export const openName = (box: Box, { id, name, kind }: FoundFile): string => nameOf(box, id, name, kind)

/** What was stored of it, opened; throws when a bit differs. */
export const openFile = (box: Box, { id, key }: FoundFile, sealed: Uint8Array): Buffer =>
  openBytes(box.openBytes(key, aboutKey(id)), sealed, aboutBytes(id))
