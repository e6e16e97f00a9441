/** Two accounts, somebody's server, and a worker's rounds whose clock the test moves. */
import { makeCtx } from '@/lib/border/caller'
import type { WebhookEvent } from '@/lib/features/webhooks/events'
import { createWebhook } from '@/lib/flows/change-webhooks'
import { deriveWebhooks } from '@/lib/flows/derive-webhooks'
import { webhookSender } from '@/lib/flows/send-webhooks'
import type { Ctx } from '@/lib/platform/context'
import { OwnReceiver } from '../../kit/own-receiver'
import { createKit, type Kit, type Shop } from '../settings/kit'

export interface WebhookKit extends Kit {
  receiver: OwnReceiver
  /** Milliseconds that the worker's clock is ahead. */
  ahead: number
  system(accountId: string): Ctx
  endpoint(shop: Shop, events: WebhookEvent[], path?: string): Promise<{ id: string; secret: string }>
  /** Rounds until nothing is due any more. */
  work(): Promise<void>
  /** News become deliveries, and nothing is sent. */
  derive(shop: Shop): Promise<number>
  /** What arrived since the last time it was asked. */
  arrived(): OwnReceiver['hooks']
  /** Behind the policies, the oldest first. */
  rows(): Promise<Record<string, unknown>[]>
}

export async function createWebhookKit(): Promise<WebhookKit> {
  const kit = await createKit()
  kit.services.env.LINGXI_WEBHOOK_PRIVATE = '127.0.0.0/8'
  const receiver = await new OwnReceiver().start()
  let seen = 0
  const system = (accountId: string): Ctx => ({
    ...makeCtx(kit.services, { kind: 'system', reason: 'test' }, accountId, 'en'),
    now: () => new Date(Date.now() + made.ahead),
  })
  const sender = webhookSender(kit.services, system)
  const made: WebhookKit = {
    ...kit,
    receiver,
    ahead: 0,
    system,
    endpoint: (shop, events, path = '') =>
      createWebhook(shop.as.admin, { url: receiver.url + path, description: 'CRM', events }),
    work: async () => {
      for (let idle = 0; idle < 2; ) {
        const started = await sender.round()
        await sender.settled()
        // On a crowded machine an attempt may not get its database in time: as if its claim had run out.
        const lost = await kit.owner.query(
          `UPDATE webhook_delivery SET due_at = created_at WHERE state = 'queued' AND attempts > 0 AND status IS NULL AND error IS NULL`,
        )
        idle = started || lost.rowCount ? 0 : idle + 1
      }
    },
    derive: (shop) => deriveWebhooks(system(shop.accountId)),
    arrived: () => {
      const news = receiver.hooks.slice(seen)
      seen = receiver.hooks.length
      return news
    },
    rows: async () =>
      (await kit.owner.query('SELECT * FROM webhook_delivery ORDER BY created_at, happened_at, type')).rows,
    close: async () => {
      await sender.stop()
      await receiver.stop()
      await kit.close()
    },
  }
  return made
}
