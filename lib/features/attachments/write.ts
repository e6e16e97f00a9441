/** Notes files down as they come in, and hands them to the message that carries them. */
import type { AttachedFile } from '../../core/attachment'
import { contentTypes } from '../../core/attachment'
import { AppError } from '../../core/errors'
import type { Ctx } from '../../platform/context'
import type { Box } from '../../platform/crypto/vault'
import type { Tx } from '../../platform/db/in-account'
import { aboutKey, aboutName } from './sealed'
import type { Sniffed } from './sniff'

/** Whose files: a visitor's own, or those that a member brings to this visitor. */
export interface Owner {
  contactId: string
  authorId: string | null
}

/** A file that is not sent within a day cannot be sent any more; an hour later it is removed. Milliseconds. */
export const sendable = 24 * 3_600_000
export const kept = sendable + 3_600_000
/** Files of one owner that wait to be sent: nobody fills the disk with what nobody sees. */
const mostUnsent = 20

/** Writes the row; the bytes are stored after it, so that there never are bytes that no row knows. @throws too_many_unsent */
export async function noteFile(
  tx: Tx,
  ctx: Ctx,
  box: Box,
  owner: Owner,
  file: { name: string; key: Uint8Array; size: number } & Omit<Sniffed, 'bytes'>,
): Promise<AttachedFile> {
  // Those that come at the same moment would not see each other.
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`unsent ${ctx.accountId} ${owner.contactId}`}, 0))`
  if ((await tx.attachment.count({ where: { ...owner, messageId: null } })) >= mostUnsent)
    throw new AppError('too_many_unsent', { limit: mostUnsent, retryAfter: 60 })
  const id = ctx.newId()
  const { name, key, kind, size, width, height } = file
  const pixels = width && height ? { width, height } : {}
  await tx.attachment.create({
    data: {
      accountId: ctx.accountId,
      id,
      ...owner,
      kind,
      name: Uint8Array.from(box.seal(name, aboutName(id))),
      key: Uint8Array.from(box.seal(key, aboutKey(id))),
      size,
      ...pixels,
      createdAt: ctx.now(),
    },
    select: { id: true },
  })
  return { id, name, type: contentTypes[kind], size, ...pixels }
}

/** A file with what the message's preview and search need of it. */
export interface Carried {
  id: string
  name: string
}

interface Row {
  id: string
  name: Uint8Array
  messageId: string | null
  claim: Uint8Array | null
}

async function rowsOf(tx: Tx, ctx: Ctx, owner: Owner, ids: readonly string[]): Promise<Row[]> {
  const since = new Date(ctx.now().getTime() - sendable)
  const rows = await tx.attachment.findMany({
    where: { ...owner, id: { in: [...ids] }, OR: [{ messageId: { not: null } }, { createdAt: { gt: since } }] },
    select: { id: true, name: true, messageId: true, claim: true },
    orderBy: { id: 'asc' },
  })
  if (rows.length !== new Set(ids).size) throw new AppError('attachment_missing')
  return rows
}

const carried = (rows: readonly Row[], box: Box): Carried[] =>
  rows.map(({ id, name }) => ({ id, name: box.open(name, aboutName(id)) }))

/** The owner's files by their ids, sent or not. @throws attachment_missing */
export const carriedFiles = async (tx: Tx, ctx: Ctx, box: Box, owner: Owner, ids: readonly string[]) =>
  carried(await rowsOf(tx, ctx, owner, ids), box)

/** Hands unsent files to a message. @throws attachment_missing (sent already, or not theirs) */
export async function handOver(
  tx: Tx,
  owner: Owner,
  ids: readonly string[],
  to: { messageId: string; claim?: Uint8Array<ArrayBuffer> },
): Promise<void> {
  const where = { ...owner, id: { in: [...ids] }, messageId: null }
  const { count } = await tx.attachment.updateMany({ where, data: to })
  if (count !== ids.length) throw new AppError('attachment_missing')
}

export interface Claimed {
  /** The id the message has, or is to be stored under. */
  messageId: string
  files: Carried[]
  /** True when that message is there already: this is a repeat. */
  known: boolean
}

/**
 * Hands a visitor's files to a message that is stored after this, outside the transaction. Who comes again with the same claim
 * gets the same message id. Until the message is stored nobody sees them.
 * @param claim keyed hash of the whole message. @throws attachment_missing, client_id_reused
 */
export async function claimFiles(
  tx: Tx,
  ctx: Ctx,
  box: Box,
  owner: Owner,
  ids: readonly string[],
  claim: Buffer,
): Promise<Claimed> {
  const rows = await rowsOf(tx, ctx, owner, ids)
  const files = carried(rows, box)
  const messageId = rows[0]?.messageId
  if (rows.every((row) => row.messageId === null)) {
    const to = { messageId: ctx.newId(), claim: Uint8Array.from(claim) }
    await handOver(tx, owner, ids, to)
    return { messageId: to.messageId, files, known: false }
  }
  if (!messageId || !rows.every((row) => row.claim && claim.equals(row.claim))) throw new AppError('client_id_reused')
  const message = await tx.message.findFirst({ where: { id: messageId }, select: { id: true } })
  return { messageId, files, known: message !== null }
}

/** A contact and the box of its key. */
interface Party {
  id: string
  box: Box
}

/** Gives one contact's files to another: names and keys are sealed anew, the bytes stay as they lie. */
export async function moveFiles(tx: Tx, from: Party, to: Party): Promise<void> {
  const rows = await tx.attachment.findMany({
    where: { contactId: from.id },
    select: { id: true, name: true, key: true },
  })
  for (const { id, name, key } of rows)
    await tx.attachment.updateMany({
      where: { id },
      data: {
        contactId: to.id,
        name: Uint8Array.from(to.box.seal(from.box.open(name, aboutName(id)), aboutName(id))),
        key: Uint8Array.from(to.box.seal(from.box.openBytes(key, aboutKey(id)), aboutKey(id))),
      },
    })
}
