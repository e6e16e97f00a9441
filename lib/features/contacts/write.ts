/** Makes and finds contacts and their browser sessions. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../core/errors'
import type { Ctx } from '../../platform/context'
import type { AccountVault, Box } from '../../platform/crypto/vault'
import { searchWords } from '../../platform/crypto/words'
import type { Tx } from '../../platform/db/in-account'

/**
 * Who a visitor is. The signature is the business's word for the id (or the address, without one) and for nothing else: a name or address
 * beside an id is the visitor's own, shown as such, and joins nobody.
 */
export interface VisitorClaim {
  userId?: string | undefined
  name?: string | undefined
  email?: string | undefined
  /** HMAC-SHA256 of `userId` (or else `email`) with the inbox's identity secret, hex. */
  signature?: string | undefined
}

export interface OpenedSession {
  contactId: string
  sessionId: string
}

/** True when the claim is signed; throws identity_invalid when a signature is there but wrong. */
export function checkClaim(claim: VisitorClaim | undefined, secret: string): boolean {
  if (!claim?.signature) return false
  const expected = createHmac('sha256', secret)
    .update(claim.userId ?? claim.email ?? '')
    .digest()
  const given = Buffer.from(claim.signature, 'hex')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw new AppError('identity_invalid')
  return true
}

const normalEmail = (email: string): string => email.normalize('NFKC').trim().toLowerCase()

const externalHash = (vault: AccountVault, userId: string) => Uint8Array.from(vault.fingerprint(`external ${userId}`))

/** The business's own id of a person, as columns; often it is an address. */
function sealExternal(vault: AccountVault, box: Box, contactId: string, userId: string | undefined) {
  if (!userId) return {}
  return {
    externalId: Uint8Array.from(box.seal(userId, `${contactId} external id`)),
    externalHash: externalHash(vault, userId),
  }
}

/** Seals what is known of a person into contact columns. */
export function sealPerson(
  vault: AccountVault,
  box: Box,
  contactId: string,
  person: { name?: string | undefined; email?: string | undefined },
) {
  return {
    ...(person.name ? { name: Uint8Array.from(box.seal(person.name, `${contactId} name`)) } : {}),
    ...(person.email
      ? {
          email: Uint8Array.from(box.seal(person.email, `${contactId} email`)),
          emailHash: Uint8Array.from(vault.fingerprint(normalEmail(person.email))),
        }
      : {}),
    ...(person.name || person.email
      ? { tokens: searchWords(`${person.name ?? ''} ${person.email ?? ''}`).map((word) => vault.token(word)) }
      : {}),
  }
}

/** Every sealed and hashed column of a person, as they are written for the first time under a key of their own. */
export function sealContact(
  vault: AccountVault,
  id: string,
  { name, email, phone, externalId }: Record<'name' | 'email' | 'phone' | 'externalId', string | null>,
) {
  const key = vault.newContactKey(id)
  const box = vault.contact(id, key)
  const none = { name: null, email: null, emailHash: null, tokens: [], externalId: null, externalHash: null }
  return {
    ...none,
    ...sealPerson(vault, box, id, { name: name ?? undefined, email: email ?? undefined }),
    ...sealExternal(vault, box, id, externalId ?? undefined),
    key,
    phone: phone ? box.seal(phone, `${id} phone`) : null,
  }
}

export interface Known {
  id: string
  key: Uint8Array
  /** Keyed hash of the business's own id of the person; null while they are nobody in particular. */
  externalHash: Uint8Array | null
}
const whole = { id: true, key: true, externalHash: true } as const

/** The contact whom a signed claim names. */
export async function knownContact(
  tx: Tx,
  vault: AccountVault,
  claim: VisitorClaim | undefined,
): Promise<Known | null> {
  if (!claim?.userId) return null
  return tx.contact.findFirst({ where: { externalHash: externalHash(vault, claim.userId) }, select: whole })
}

/** The contact of a session that lives; null when it was revoked or went with its contact. */
export async function contactOfSession(
  tx: Tx,
  session: { contactId: string; sessionId: string },
): Promise<Known | null> {
  const where = { id: session.sessionId, contactId: session.contactId, revokedAt: null }
  return (await tx.contactSession.findFirst({ where, select: { contact: { select: whole } } }))?.contact ?? null
}

/** A person's columns anew; whoever says a name only is still found by the address of before, and by nothing that was given up. */
async function personAnew(tx: Tx, vault: AccountVault, { id, key }: Known, claim: VisitorClaim) {
  const box = vault.contact(id, key)
  const sealed = sealPerson(vault, box, id, claim)
  if (!sealed.tokens || (claim.name && claim.email)) return sealed
  const had = await tx.contact.findFirst({ where: { id }, select: { name: true, email: true } })
  const { tokens } = sealPerson(vault, box, id, {
    name: claim.name || (had?.name ? box.open(had.name, `${id} name`) : ''),
    email: claim.email || (had?.email ? box.open(had.email, `${id} email`) : ''),
  })
  return { ...sealed, tokens }
}

/** Writes a claim whose id the business vouches for; a contact that was nobody's becomes the person's. */
export async function vouchFor(
  tx: Tx,
  ctx: Ctx,
  vault: AccountVault,
  known: Known,
  claim: VisitorClaim,
): Promise<void> {
  await tx.contact.updateMany({
    where: { id: known.id },
    data: {
      ...sealExternal(vault, vault.contact(known.id, known.key), known.id, claim.userId),
      ...(await personAnew(tx, vault, known, claim)),
      lastSeenAt: ctx.now(),
    },
  })
}

/** A new contact. An unsigned claim is kept as what the visitor says of themselves and never joins them to somebody else. */
export async function addContact(
  tx: Tx,
  ctx: Ctx,
  vault: AccountVault,
  claim: VisitorClaim | undefined,
  signed: boolean,
): Promise<Known> {
  const id = ctx.newId()
  const key = Uint8Array.from(vault.newContactKey(id))
  const box = vault.contact(id, key)
  const external = sealExternal(vault, box, id, signed ? claim?.userId : undefined)
  await tx.contact.create({
    data: {
      accountId: ctx.accountId,
      id,
      key,
      ...external,
      locale: ctx.locale,
      createdAt: ctx.now(),
      lastSeenAt: ctx.now(),
      ...sealPerson(vault, box, id, claim ?? {}),
    },
    select: { id: true },
  })
  return { id, key, externalHash: external.externalHash ?? null }
}

/** Locks both until the transaction ends; false when one of them has gone meanwhile. */
export async function lockContacts(tx: Tx, ctx: Ctx, ids: readonly string[]): Promise<boolean> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM contact WHERE account_id = ${ctx.accountId}::uuid AND id = ANY (${ids}::uuid[]) ORDER BY id FOR UPDATE`
  return rows.length === ids.length
}

/** What holds of both when a stranger turns out to be a known person; both must be locked. */
export async function takeOver(tx: Tx, ctx: Ctx, from: string, to: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE contact t SET former_ids = t.former_ids || f.former_ids || f.id,
      training_consent = CASE WHEN f.training_consent = 'refused' THEN 'refused' ELSE t.training_consent END
    FROM contact f
    WHERE t.account_id = ${ctx.accountId}::uuid AND t.id = ${to}::uuid
      AND f.account_id = t.account_id AND f.id = ${from}::uuid`
}

/** Whom a contact was before the site vouched for them. */
export const formerIds = async (tx: Tx, ctx: Ctx, id: string): Promise<string[]> =>
  (await tx.contact.findFirst({ where: { accountId: ctx.accountId, id }, select: { formerIds: true } }))?.formerIds ??
  []

/** Removes a contact whose threads have moved; its sessions and its key go with it. */
export async function removeContact(tx: Tx, id: string): Promise<void> {
  await tx.contact.deleteMany({ where: { id } })
}

/** A browser session of a contact. */
export async function openContactSession(
  tx: Tx,
  ctx: Ctx,
  box: Box,
  contactId: string,
  inboxId: string,
  page: string | undefined,
): Promise<string> {
  const id = ctx.newId()
  await tx.contactSession.create({
    data: {
      accountId: ctx.accountId,
      id,
      contactId,
      inboxId,
      locale: ctx.locale,
      page: page ? Uint8Array.from(box.seal(page, `${id} page`)) : null,
      createdAt: ctx.now(),
      lastSeenAt: ctx.now(),
    },
    select: { id: true },
  })
  return id
}

/** A browser comes back: when, on which page and in which language. */
export async function touchContactSession(
  tx: Tx,
  ctx: Ctx,
  box: Box,
  session: { contactId: string; sessionId: string },
  page: string | undefined,
): Promise<void> {
  const { contactId, sessionId: id } = session
  const seen = { lastSeenAt: ctx.now(), locale: ctx.locale }
  const sealed = page ? { page: Uint8Array.from(box.seal(page, `${id} page`)) } : {}
  await tx.contactSession.updateMany({ where: { id, contactId }, data: { ...seen, ...sealed } })
  await tx.contact.updateMany({ where: { id: contactId }, data: seen })
}

/** What visitors say of themselves is kept while nobody vouches for who they are, and joins them to nobody. */
export async function noteClaim(tx: Tx, vault: AccountVault, known: Known, claim: VisitorClaim): Promise<void> {
  if (known.externalHash !== null) return
  const data = await personAnew(tx, vault, known, claim)
  await tx.contact.updateMany({ where: { id: known.id, externalHash: null }, data })
}

/** Some contacts behind one of them, in the order of their ids: of whom nothing is left and who were not seen since. They may come back meanwhile. */
export const someContacts = (
  tx: Tx,
  ctx: Ctx,
  before: Date,
  after: string,
  take: number,
): Promise<{ id: string; idle: boolean }[]> =>
  tx.$queryRaw`
    SELECT c.id, c.last_seen_at < ${before}
      AND NOT EXISTS (SELECT FROM conversation o WHERE o.account_id = ${ctx.accountId}::uuid AND o.contact_id = c.id)
      AND NOT EXISTS (SELECT FROM attachment f WHERE f.account_id = ${ctx.accountId}::uuid AND f.contact_id = c.id) AS idle
    FROM (SELECT id, last_seen_at FROM contact WHERE account_id = ${ctx.accountId}::uuid AND id > ${after}::uuid
      ORDER BY id LIMIT ${take}) c ORDER BY c.id`

/** Removes a contact who has no conversation left and was not seen since; files that were never sent are removed by their own job. */
export async function removeContactIfIdle(tx: Tx, ctx: Ctx, id: string, before: Date): Promise<boolean> {
  const { accountId } = ctx
  if (!(await lockContacts(tx, ctx, [id]))) return false
  const where = { accountId, contactId: id }
  if ((await tx.conversation.count({ where })) || (await tx.attachment.count({ where }))) return false
  return (await tx.contact.deleteMany({ where: { accountId, id, lastSeenAt: { lt: before } } })).count > 0
}

/** What a contact said about being learned from. False when there is no such contact. */
export async function noteConsent(
  tx: Tx,
  ctx: Ctx,
  id: string,
  trainingConsent: 'given' | 'refused' | null,
): Promise<boolean> {
  const { count } = await tx.contact.updateMany({ where: { accountId: ctx.accountId, id }, data: { trainingConsent } })
  return count > 0
}
