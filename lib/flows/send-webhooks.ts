/** The worker's rounds of the webhooks: makes deliveries from news, sends what is due, and gives up endpoints at which nothing arrives. */
import { readNetworks } from '@/lib/core/networks'
import { record } from '@/lib/features/audit/write'
import {
  accountsWithWork,
  type ClaimedDelivery,
  claimDeliveries,
  markDelivery,
  type Outcome,
  removeOldDeliveries,
} from '@/lib/features/webhooks/outbox'
import { signedHeaders } from '@/lib/features/webhooks/sign'
import { about } from '@/lib/features/webhooks/write'
import type { Ctx, Services } from '@/lib/platform/context'
import { accountVault, contactBox } from '@/lib/platform/crypto/keyring'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'
import { NotFetched, type Reach, safeFetch } from '@/lib/platform/safe-fetch'
import { deriveWebhooks } from './derive-webhooks'
import { tellManagers } from './tell-owners'
import { writeWebhook } from './write-webhook'

/** Deliveries under way in this process, and of one account: slow endpoints of one leave places for the others. */
const most = 32
const mostOfOne = 4
/** Of an answer so much is kept for people to see, bytes. */
const shown = 1_024

export interface WebhookSender {
  /** Starts what is due and does not wait for it; returns how many were started. Call it each second. */
  round(): Promise<number>
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
  stop(): Promise<void>
}

/** @param reach for tests: how names are looked up */
export function webhookSender(
  services: Services,
  ctxOf: (accountId: string) => Ctx,
  reach: Reach = { opened: readNetworks(services.env.LINGXI_WEBHOOK_PRIVATE) },
): WebhookSender {
  const stopping = new AbortController()
  const running = new Map<string, Set<Promise<void>>>()
  const total = () => [...running.values()].reduce((sum, own) => sum + own.size, 0)

  const start = (ctx: Ctx, delivery: ClaimedDelivery): void => {
    const own = running.get(ctx.accountId) ?? new Set()
    running.set(ctx.accountId, own)
    const work = deliver(ctx, delivery, reach, stopping.signal)
      .catch((error) => services.log.warn({ err: error, delivery: delivery.id }, 'a webhook could not be sent'))
      .then(() => {
        own.delete(work)
        if (!own.size) running.delete(ctx.accountId)
      })
    own.add(work)
  }

  const serve = async (ctx: Ctx, news: boolean): Promise<number> => {
    if (news) await deriveWebhooks(ctx)
    const places = Math.min(mostOfOne - (running.get(ctx.accountId)?.size ?? 0), most - total())
    if (places <= 0) return 0
    const claimed = await inAccount(ctx, (tx) => claimDeliveries(tx, ctx, places))
    for (const delivery of claimed) start(ctx, delivery)
    return claimed.length
  }

  return {
    round: async () => {
      const { now, random } = ctxOf('')
      const found = await asSystem(services, 'find accounts with webhooks to send', (tx) => accountsWithWork(tx, now()))
      // In another order each time: where places are few, everybody's turn comes.
      const accounts = found.map((one) => ({ ...one, turn: random() })).sort((a, b) => a.turn - b.turn)
      let started = 0
      for (const { accountId, news } of accounts) {
        if (stopping.signal.aborted) break
        started += await serve(ctxOf(accountId), news).catch((error) => {
          services.log.warn({ err: error, accountId }, 'webhooks of an account have to wait')
          return 0
        })
      }
      return started
    },
    settled: async () => {
      while (running.size) await Promise.all([...running.values()].flatMap((own) => [...own]))
    },
    stop: async () => {
      stopping.abort()
      await Promise.all([...running.values()].flatMap((own) => [...own]))
    },
  }
}

async function deliver(ctx: Ctx, delivery: ClaimedDelivery, reach: Reach, signal: AbortSignal): Promise<void> {
  const outcome = await attempt(ctx, delivery, reach, signal)
  // Given back by a worker that stops: another takes it when the claim has run out.
  if (!outcome) return
  await inAccount(ctx, async (tx) => {
    const because = await markDelivery(tx, ctx, delivery, outcome)
    if (!because) return
    const { endpointId } = delivery
    const cause = `webhook ${endpointId} off ${ctx.now().toISOString()}`
    const vault = await accountVault(ctx, tx)
    const host = new URL(vault.open(delivery.url, about.url(endpointId))).host
    await tellManagers(tx, ctx, because === 'gone' ? 'webhookGone' : 'webhookFailing', cause, { host })
    await record(tx, ctx, { act: 'webhook.switched_off', thingId: endpointId, facts: { because } })
  })
}

async function attempt(
  ctx: Ctx,
  delivery: ClaimedDelivery,
  reach: Reach,
  signal: AbortSignal,
): Promise<Outcome | null> {
  const body = await writeWebhook(ctx, delivery)
  if (body === null) return { kind: 'gone' }
  const { endpointId, id, previousSecret, previousUntil } = delivery
  const vault = await accountVault(ctx)
  const now = ctx.now()
  const sealed = [delivery.secret, ...(previousSecret && previousUntil && previousUntil > now ? [previousSecret] : [])]
  const secrets = sealed.map((secret) => vault.open(secret, about.secret(endpointId)))
  try {
    const answer = await safeFetch(
      {
        url: vault.open(delivery.url, about.url(endpointId)),
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signedHeaders(secrets, id, now, body) },
        body,
        most: shown,
        cut: true,
        signal,
      },
      reach,
    )
    return { kind: 'answered', status: answer.status, answer: await sealAnswer(ctx, delivery, answer.body) }
  } catch (error) {
    if (signal.aborted) return null
    if (!(error instanceof NotFetched)) throw error
    return { kind: 'unanswered', error: error.reason }
  }
}

/** What the ciphertext of an answer is bound to. */
export const aboutAnswer = (id: string): string => `${id} webhook answer`

/** An answer may repeat what it was told, so it is under the key of the contact whom that was about. */
async function sealAnswer(
  ctx: Ctx,
  { id, contactId, type }: ClaimedDelivery,
  answer: Buffer,
): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!answer.length) return null
  const own = !contactId || type === 'contact.erased'
  const box = own ? await accountVault(ctx) : await contactBox(ctx, contactId).catch(() => null)
  return box && Uint8Array.from(box.seal(answer, aboutAnswer(id)))
}

/** Removes what the log keeps no longer. */
export const pruneWebhooks = (services: Services, now: Date): Promise<unknown> =>
  asSystem(services, 'remove old deliveries of webhooks', (tx) => removeOldDeliveries(tx, now))
