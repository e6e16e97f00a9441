/** Makes and finds contacts and their browser sessions. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '../../core/errors'
import type { Ctx } from '../../platform/context'
import type { AccountVault, Box } from '../../platform/crypto/vault'
import { searchWords } from '../../platform/crypto/words'
import type { Tx } from '../../platform/db/in-account'

/** What a business says about a visitor it knows; believed only with its signature. */
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
    tokens: searchWords(`${person.name ?? ''} ${person.email ?? ''}`).map((word) => vault.token(word)),
  }
}

/**
 * A contact for a browser: the known person when the claim is signed, else a new one. An unsigned claim is kept as what
 * the visitor says of themselves and never joins them to somebody else's thread.
 */
export async function openContact(
  tx: Tx,
  ctx: Ctx,
  vault: AccountVault,
  claim: VisitorClaim | undefined,
  signed: boolean,
): Promise<string> {
  if (signed && claim?.userId) {
    const known = await tx.contact.findFirst({ where: { externalId: claim.userId }, select: { id: true, key: true } })
    if (known) {
      const box = vault.contact(known.id, known.key)
      await tx.contact.updateMany({
        where: { id: known.id },
        data: { ...sealPerson(vault, box, known.id, claim), lastSeenAt: ctx.now() },
      })
      return known.id
    }
  }
  const id = ctx.newId()
  const key = vault.newContactKey(id)
  await tx.contact.create({
    data: {
      accountId: ctx.accountId,
      id,
      key: Uint8Array.from(key),
      externalId: signed ? (claim?.userId ?? null) : null,
      locale: ctx.locale,
      createdAt: ctx.now(),
      lastSeenAt: ctx.now(),
      ...sealPerson(vault, vault.contact(id, key), id, claim ?? {}),
    },
    select: { id: true },
  })
  return id
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
