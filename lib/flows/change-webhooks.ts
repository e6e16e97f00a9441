/** Endpoints of an account: added, changed, removed, given another secret, and tried. */
import { readNetworks } from '@/lib/core/networks'
import { canManageWebhooks, requireMember } from '@/lib/features/accounts/permissions'
import { factsOf, type NewEntry, record } from '@/lib/features/audit/write'
import type { EndpointChange, EndpointDraft } from '@/lib/features/webhooks/input'
import { queueTest, sendAgain } from '@/lib/features/webhooks/outbox'
import { addEndpoint, changeEndpoint, removeEndpoint, rotateWebhookSecret } from '@/lib/features/webhooks/write'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import type { AccountVault } from '@/lib/platform/crypto/vault'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'

async function changing<T>(
  ctx: Ctx,
  entry: (done: T) => NewEntry,
  work: (tx: Tx, vault: AccountVault) => Promise<T>,
): Promise<T> {
  requireMember(ctx, canManageWebhooks)
  const vault = await accountVault(ctx)
  return inAccount(ctx, async (tx) => {
    const done = await work(tx, vault)
    await tell(tx, ctx, { type: 'account.updated', data: { part: 'webhooks' } })
    await record(tx, ctx, entry(done))
    return done
  })
}

const openedBy = (ctx: Ctx) => readNetworks(ctx.services.env.LINGXI_WEBHOOK_PRIVATE)

/** The secret leaves in clear this once. @throws too_many, webhook_address */
export const createWebhook = (ctx: Ctx, draft: EndpointDraft): Promise<{ id: string; secret: string }> =>
  changing(
    ctx,
    ({ id }) => ({ act: 'webhook.created', thingId: id, facts: { name: draft.description } }),
    (tx, vault) => addEndpoint(tx, ctx, vault, openedBy(ctx), draft),
  )

/** @throws not_found, webhook_address */
export const updateWebhook = (ctx: Ctx, { id, ...change }: EndpointChange & { id: string }): Promise<void> =>
  changing(
    ctx,
    () => ({ act: 'webhook.changed', thingId: id, facts: factsOf(change) }),
    (tx, vault) => changeEndpoint(tx, ctx, vault, openedBy(ctx), id, change),
  )

/** @throws not_found */
export const deleteWebhook = (ctx: Ctx, { id }: { id: string }): Promise<void> =>
  changing(
    ctx,
    () => ({ act: 'webhook.deleted', thingId: id }),
    (tx) => removeEndpoint(tx, ctx, id),
  )

/** The secret leaves in clear this once; the one before signs beside it for a day. @throws not_found */
export const rotateWebhook = (ctx: Ctx, { id }: { id: string }): Promise<{ secret: string; previousUntil: string }> =>
  changing(
    ctx,
    () => ({ act: 'webhook.secret_rotated', thingId: id }),
    (tx, vault) => rotateWebhookSecret(tx, ctx, vault, id),
  )

/** @throws not_found, webhook_off */
export const testWebhook = (ctx: Ctx, { id }: { id: string }): Promise<{ id: string }> =>
  changing(
    ctx,
    () => ({ act: 'webhook.tested', thingId: id }),
    async (tx) => ({ id: await queueTest(tx, ctx, id) }),
  )

/** @throws not_found, webhook_off */
export const sendWebhookAgain = (ctx: Ctx, { id, delivery }: { id: string; delivery: string }): Promise<void> =>
  changing(
    ctx,
    () => ({ act: 'webhook.sent_again', thingId: id, facts: { delivery } }),
    (tx) => sendAgain(tx, ctx, id, delivery),
  )
