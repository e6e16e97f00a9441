/** A browser opens the chat: the inbox is found by its site key, the visitor gets a contact, a session and a token's contents. */
import { AppError } from '../core/errors'
import { readSiteKey } from '../core/site-key'
import { checkClaim, openContact, openContactSession, type VisitorClaim } from '../features/contacts/write'
import { allowsOrigin, type Inbox, inboxOf } from '../features/inboxes/read'
import type { Ctx } from '../platform/context'
import { accountVault } from '../platform/crypto/keyring'
import { inAccount } from '../platform/db/in-account'

export interface SessionRequest {
  siteKey: string
  page?: string | undefined
  identity?: VisitorClaim | undefined
  /** Whose session this browser had: it goes on, with the inbox as it is today. */
  held?: { accountId: string; inboxId: string; contactId: string; sessionId: string } | undefined
  origin: string | undefined
  /** Host this installation is reached at. */
  host: string | undefined
}

export interface OpenedChat {
  accountId: string
  inbox: Inbox
  contactId: string
  sessionId: string
}

export async function openSession(outside: Ctx, request: SessionRequest): Promise<OpenedChat> {
  const accountId = readSiteKey(request.siteKey)
  if (!accountId) throw new AppError('unknown_site_key')
  const ctx: Ctx = { ...outside, accountId }
  const inbox = await inboxOf(ctx, request.siteKey)
  if (!allowsOrigin(inbox, request.origin, request.host)) throw new AppError('foreign_origin')
  const vault = await accountVault(ctx)
  const signed = checkClaim(request.identity, vault.open(inbox.identitySecret, `${inbox.id} identity`))
  const { held } = request
  return inAccount(ctx, async (tx) => {
    if (held?.accountId === accountId && held.inboxId === inbox.id) {
      const { contactId, sessionId } = held
      const goesOn = await tx.contactSession.findFirst({ where: { id: sessionId, contactId, revokedAt: null } })
      if (goesOn) return { accountId, inbox, contactId, sessionId }
    }
    const contactId = await openContact(tx, ctx, vault, request.identity, signed)
    const row = await tx.contact.findFirstOrThrow({ where: { id: contactId }, select: { key: true } })
    const sessionId = await openContactSession(
      tx,
      ctx,
      vault.contact(contactId, row.key),
      contactId,
      inbox.id,
      request.page,
    )
    return { accountId, inbox, contactId, sessionId }
  })
}
