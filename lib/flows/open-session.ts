/** A browser opens the chat: the inbox is found by its site key, the visitor gets a contact, a session and a token's contents. */
import { AppError } from '../core/errors'
import { readSiteKey } from '../core/site-key'
import {
  addContact,
  checkClaim,
  contactOfSession,
  noteClaim,
  openContactSession,
  touchContactSession,
  type VisitorClaim,
} from '../features/contacts/write'
import { allowsOrigin, type Inbox, inboxOf } from '../features/inboxes/read'
import type { Ctx } from '../platform/context'
import { accountVault, forgetContact } from '../platform/crypto/keyring'
import { inAccount } from '../platform/db/in-account'
import { identifyVisitor } from './identify-visitor'

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
  const claim = request.identity
  const opened = await inAccount(ctx, async (tx) => {
    const { held } = request
    const mine = held?.accountId === accountId && held.inboxId === inbox.id ? held : undefined
    const here = mine ? await contactOfSession(tx, mine) : null
    const identified = signed && claim ? await identifyVisitor(tx, ctx, vault, claim, here) : null
    if (mine && here && (!identified || identified.id === here.id)) {
      if (!identified && claim) await noteClaim(tx, vault, here, claim)
      await touchContactSession(tx, ctx, vault.contact(here.id, here.key), mine, request.page)
      return { contactId: here.id, sessionId: mine.sessionId }
    }
    const contact = identified ?? (await addContact(tx, ctx, vault, claim, signed))
    const box = vault.contact(contact.id, contact.key)
    const sessionId = await openContactSession(tx, ctx, box, contact.id, inbox.id, request.page)
    return { contactId: contact.id, sessionId, left: here && here.externalHash === null ? here.id : null }
  })
  if (opened.left) forgetContact(ctx, opened.left)
  return { accountId, inbox, contactId: opened.contactId, sessionId: opened.sessionId }
}
