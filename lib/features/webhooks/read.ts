/** Reads endpoints and the log of their deliveries. */
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import type { AccountVault } from '@/lib/platform/crypto/vault'
import type { Tx } from '@/lib/platform/db/in-account'
import type { DeliveryState, DeliveryType, WebhookEvent } from './events'
import type { DeliveryPage } from './input'
import { about } from './write'

export interface ListedEndpoint {
  id: string
  url: string
  description: string
  events: WebhookEvent[]
  enabled: boolean
  offBecause: 'person' | 'failing' | 'gone' | null
  failingSince: string | null
  /** Until then the secret before the last change signs, too. */
  previousUntil: string | null
  createdAt: string
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null

/** The oldest first. */
export async function listEndpoints(tx: Tx, ctx: Ctx, vault: AccountVault): Promise<ListedEndpoint[]> {
  const rows = await tx.webhookEndpoint.findMany({
    where: { accountId: ctx.accountId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  })
  return rows.map(({ id, url, description, events, enabled, offBecause, failingSince, previousUntil, createdAt }) => ({
    id,
    url: vault.open(url, about.url(id)),
    description,
    events: events as WebhookEvent[],
    enabled,
    offBecause: offBecause as ListedEndpoint['offBecause'],
    failingSince: iso(failingSince),
    previousUntil: previousUntil && previousUntil > ctx.now() ? iso(previousUntil) : null,
    createdAt: createdAt.toISOString(),
  }))
}

/** As stored; whose key opens the answer is known to the caller. */
export interface LoggedDelivery {
  id: string
  type: DeliveryType
  state: DeliveryState
  attempts: number
  happenedAt: Date
  dueAt: Date
  endedAt: Date | null
  facts: unknown
  contactId: string | null
  status: number | null
  error: string | null
  answer: Uint8Array | null
}

const columns = {
  ...{ id: true, type: true, state: true, attempts: true, happenedAt: true, dueAt: true, endedAt: true },
  ...{ facts: true, contactId: true, status: true, error: true, answer: true },
} as const

/** The newest first. @throws not_found when there is no such endpoint */
export async function findDeliveries(
  tx: Tx,
  ctx: Ctx,
  endpointId: string,
  { state, before }: DeliveryPage,
  take: number,
): Promise<LoggedDelivery[]> {
  const { accountId } = ctx
  if (!(await tx.webhookEndpoint.count({ where: { accountId, id: endpointId } }))) throw new AppError('not_found')
  const last = before
    ? await tx.webhookDelivery.findFirst({
        where: { accountId, endpointId, id: before },
        select: { createdAt: true },
      })
    : null
  const older = last
    ? { OR: [{ createdAt: { lt: last.createdAt } }, { createdAt: last.createdAt, id: { lt: before as string } }] }
    : {}
  const rows = await tx.webhookDelivery.findMany({
    where: { accountId, endpointId, ...(state ? { state } : {}), ...older },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take,
    select: columns,
  })
  return rows as LoggedDelivery[]
}
