/** Makes and changes endpoints; the account's cursor lives as long as one of them is on. */
import { AppError } from '@/lib/core/errors'
import type { Network } from '@/lib/core/networks'
import type { Ctx } from '@/lib/platform/context'
import type { AccountVault } from '@/lib/platform/crypto/vault'
import type { Tx } from '@/lib/platform/db/in-account'
import { mostEndpoints } from './events'
import type { EndpointChange, EndpointDraft } from './input'
import { acceptAddress, bothSecrets } from './rules'
import { newSecret } from './sign'

/** What the ciphertexts of an endpoint are bound to. */
export const about = {
  url: (id: string): string => `${id} webhook url`,
  secret: (id: string): string => `${id} webhook secret`,
}

const sealed = (vault: AccountVault, plain: string, to: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(vault.seal(plain, to))

/** Who counts endpoints waits here for whoever does, too: two changes at once would each count without the other. */
const lockEndpoints = (tx: Tx, { accountId }: Ctx): Promise<unknown> =>
  tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`webhooks ${accountId}`}, 0))`

/** Where news is followed from: now, when the first endpoint is switched on; nowhere, when the last one is off. */
export async function keepCursor(tx: Tx, ctx: Ctx): Promise<void> {
  const { accountId } = ctx
  await lockEndpoints(tx, ctx)
  const on = await tx.webhookEndpoint.count({ where: { accountId, enabled: true } })
  if (on)
    await tx.$executeRaw`INSERT INTO webhook_cursor (account_id, xid, id) VALUES (${accountId}::uuid, news_horizon(), 0)
      ON CONFLICT (account_id) DO NOTHING`
  else await tx.webhookCursor.deleteMany({ where: { accountId } })
}

/** The secret leaves in clear this once. @throws too_many, webhook_address */
export async function addEndpoint(
  tx: Tx,
  ctx: Ctx,
  vault: AccountVault,
  opened: readonly Network[],
  { url, ...draft }: EndpointDraft,
): Promise<{ id: string; secret: string }> {
  const { accountId } = ctx
  const address = acceptAddress(url, opened)
  await lockEndpoints(tx, ctx)
  if ((await tx.webhookEndpoint.count({ where: { accountId } })) >= mostEndpoints)
    throw new AppError('too_many', { limit: mostEndpoints })
  const [id, secret] = [ctx.newId(), newSecret()]
  await tx.webhookEndpoint.create({
    data: {
      accountId,
      id,
      ...draft,
      url: sealed(vault, address, about.url(id)),
      secret: sealed(vault, secret, about.secret(id)),
      enabled: true,
      createdAt: ctx.now(),
    },
    select: { id: true },
  })
  await keepCursor(tx, ctx)
  return { id, secret }
}

/** @throws not_found, webhook_address */
export async function changeEndpoint(
  tx: Tx,
  ctx: Ctx,
  vault: AccountVault,
  opened: readonly Network[],
  id: string,
  { url, enabled, ...change }: EndpointChange,
): Promise<void> {
  const { count } = await tx.webhookEndpoint.updateMany({
    where: { accountId: ctx.accountId, id },
    data: {
      ...(change.description === undefined ? {} : { description: change.description }),
      ...(change.events ? { events: change.events } : {}),
      ...(url === undefined ? {} : { url: sealed(vault, acceptAddress(url, opened), about.url(id)) }),
      ...(enabled === undefined ? {} : { enabled, offBecause: enabled ? null : 'person' }),
      // Another address, or a fresh start: what was before says nothing about it.
      ...(url === undefined && !enabled ? {} : { failingSince: null, failures: 0, restUntil: null }),
    },
  })
  if (count !== 1) throw new AppError('not_found')
  if (enabled === false) await dropQueued(tx, ctx, id)
  if (enabled !== undefined) await keepCursor(tx, ctx)
}

/** What waited for an endpoint that is off would come as old news when it is on again. */
export async function dropQueued(tx: Tx, ctx: Ctx, endpointId: string): Promise<void> {
  await tx.webhookDelivery.updateMany({
    where: { accountId: ctx.accountId, endpointId, state: 'queued' },
    data: { state: 'dropped', error: 'off', endedAt: ctx.now() },
  })
}

/** With its deliveries. @throws not_found */
export async function removeEndpoint(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  const { count } = await tx.webhookEndpoint.deleteMany({ where: { accountId: ctx.accountId, id } })
  if (count !== 1) throw new AppError('not_found')
  await keepCursor(tx, ctx)
}

/** A new secret; the one before signs beside it for a day. @throws not_found */
export async function rotateWebhookSecret(
  tx: Tx,
  ctx: Ctx,
  vault: AccountVault,
  id: string,
): Promise<{ secret: string; previousUntil: string }> {
  const secret = newSecret()
  const until = new Date(ctx.now().getTime() + bothSecrets)
  const count = await tx.$executeRaw`UPDATE webhook_endpoint
    SET previous_secret = secret, previous_until = ${until}, secret = ${sealed(vault, secret, about.secret(id))}
    WHERE account_id = ${ctx.accountId}::uuid AND id = ${id}::uuid`
  if (count !== 1) throw new AppError('not_found')
  return { secret, previousUntil: until.toISOString() }
}
