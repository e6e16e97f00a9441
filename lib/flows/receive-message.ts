/** A visitor writes: the text is labelled within a budget, routed, and stored durably before the answer. */
import { isAppError } from '../core/errors'
import type { Understanding } from '../core/ports'
import { type Claimed, claimFiles } from '../features/attachments/write'
import { ingestItem, type Stored, storeIncoming } from '../features/conversations/ingest'
import { nextTurn, routingTable } from '../features/routing/read'
import { decideRoute } from '../features/routing/rules'
import type { Ctx } from '../platform/context'
import { accountVault, contactBox } from '../platform/crypto/keyring'
import { inAccount } from '../platform/db/in-account'
import { understand } from './understand'
import { unlessGone } from './unless-gone'

/** What the label may cost the visitor, milliseconds; later labels come from label-later. */
const labelBudget = 150

export interface Received {
  id: string
  conversationId: string
  sequence: number
  createdAt: string
}

/** Storage never waits for the label beyond its budget, and never depends on it. Files alone say nothing to the model. */
async function labelOf(ctx: Ctx, text: string, contactId: string): Promise<Understanding | null> {
  if (!text) return null
  return understand(ctx, text, labelBudget, contactId).catch(() => null)
}

export interface VisitorMessage {
  clientId: string
  /** Empty only with files. */
  text: string
  /** Ids of the visitor's files. */
  attachments?: readonly string[]
}

/** The files are the message's before it is stored: once it is, it has them. */
async function claimed(ctx: Ctx, contactId: string, input: VisitorMessage): Promise<Claimed | null> {
  const { clientId, text, attachments: ids = [] } = input
  if (!ids.length) return null
  const [vault, box] = [await accountVault(ctx), await contactBox(ctx, contactId)]
  const claim = vault.fingerprint([clientId, text, ...ids.toSorted()].join('\0'))
  const take = () => inAccount(ctx, (tx) => claimFiles(tx, ctx, box, { contactId, authorId: null }, ids, claim))
  // The same message twice at once: the second look finds what the first one claimed.
  return take().catch((error) =>
    isAppError(error) && error.code === 'attachment_missing' ? take() : Promise.reject(error),
  )
}

export async function receiveMessage(
  ctx: Ctx,
  input: VisitorMessage,
): Promise<{ received: Received; repeated: boolean }> {
  if (ctx.actor.kind !== 'visitor') throw new Error('only visitors send through this flow')
  const { contactId, inboxId } = ctx.actor
  const [label, table, vault, box, carried] = await Promise.all([
    labelOf(ctx, input.text, contactId),
    routingTable(ctx),
    accountVault(ctx).catch(unlessGone),
    contactBox(ctx, contactId).catch(unlessGone),
    claimed(ctx, contactId, input).catch(unlessGone),
  ])
  const route = label ? decideRoute(label, table.rules, table.teams, nextTurn(ctx.accountId)) : null
  const message = {
    accountId: ctx.accountId,
    inboxId,
    contactId,
    messageId: carried?.messageId ?? ctx.newId(),
    conversationId: ctx.newId(),
    clientId: input.clientId,
    text: input.text,
    files: carried?.files,
    at: ctx.now(),
    label,
    route,
  }
  const stored: Stored = await storeIncoming(ctx.services, ingestItem(message, vault, box))
  // With files, the second time has the id of the first.
  const repeated = carried?.known || stored.outcome === 'repeat'
  if (!repeated) ctx.services.bus.wake(ctx.accountId)
  return {
    received: {
      id: stored.id,
      conversationId: stored.conversationId,
      sequence: stored.sequence,
      createdAt: stored.createdAt.toISOString(),
    },
    repeated,
  }
}
