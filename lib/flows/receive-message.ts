/** A visitor writes: the text is labelled within a budget, routed, and stored durably before the answer. */
import { AppError, isAppError } from '../core/errors'
import type { Understanding } from '../core/ports'
import { ingestItem, type Stored, storeIncoming } from '../features/conversations/ingest'
import { nextTurn, routingTable } from '../features/routing/read'
import { decideRoute } from '../features/routing/rules'
import type { Ctx } from '../platform/context'
import { accountVault, contactBox } from '../platform/crypto/keyring'

/** What the label may cost the visitor, milliseconds; later labels come from label-later. */
const labelBudget = 150

export interface Received {
  id: string
  conversationId: string
  sequence: number
  createdAt: string
}

/** Storage never waits for the label beyond its budget, and never depends on it. */
async function understand(ctx: Ctx, text: string): Promise<Understanding | null> {
  return ctx.services.classifier.classify({ text, bundle: 'base' }, labelBudget).catch(() => null)
}

export async function receiveMessage(
  ctx: Ctx,
  input: { clientId: string; text: string },
): Promise<{ received: Received; repeated: boolean }> {
  if (ctx.actor.kind !== 'visitor') throw new Error('only visitors send through this flow')
  const { contactId, inboxId } = ctx.actor
  const gone = (error: unknown) => {
    // A contact that was erased leaves a token that opens nothing.
    throw isAppError(error) && error.code === 'not_found' ? new AppError('token_invalid') : error
  }
  const [label, table, vault, box] = await Promise.all([
    understand(ctx, input.text),
    routingTable(ctx),
    accountVault(ctx).catch(gone),
    contactBox(ctx, contactId).catch(gone),
  ])
  const route = label ? decideRoute(label, table.rules, table.teams, nextTurn(ctx.accountId)) : null
  const message = {
    accountId: ctx.accountId,
    inboxId,
    contactId,
    messageId: ctx.newId(),
    conversationId: ctx.newId(),
    clientId: input.clientId,
    text: input.text,
    at: ctx.now(),
    label,
    route,
  }
  const stored: Stored = await storeIncoming(ctx.services, ingestItem(message, vault, box))
  if (stored.outcome === 'stored') ctx.services.bus.wake(ctx.accountId)
  return {
    received: {
      id: stored.id,
      conversationId: stored.conversationId,
      sequence: stored.sequence,
      createdAt: stored.createdAt.toISOString(),
    },
    repeated: stored.outcome === 'repeat',
  }
}
