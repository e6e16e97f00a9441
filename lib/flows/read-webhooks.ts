/** Endpoints of an account, and what was sent to one of them. */
import { canManageWebhooks, requireMember } from '@/lib/features/accounts/permissions'
import { type DeliveryState, type DeliveryType, mostEndpoints } from '@/lib/features/webhooks/events'
import type { DeliveryPage } from '@/lib/features/webhooks/input'
import { findDeliveries, type ListedEndpoint, type LoggedDelivery, listEndpoints } from '@/lib/features/webhooks/read'
import type { Ctx } from '@/lib/platform/context'
import { accountVault, contactBox } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'
import { aboutAnswer } from './send-webhooks'

export interface Webhooks {
  endpoints: ListedEndpoint[]
  most: number
  /** The operator lets them go to networks of their own, and in clear. */
  opened: boolean
}

export async function readWebhooks(ctx: Ctx): Promise<Webhooks> {
  requireMember(ctx, canManageWebhooks)
  const vault = await accountVault(ctx)
  const endpoints = await inAccount(ctx, (tx) => listEndpoints(tx, ctx, vault))
  return { endpoints, most: mostEndpoints, opened: ctx.services.env.LINGXI_WEBHOOK_PRIVATE !== '' }
}

export interface Delivery {
  id: string
  type: DeliveryType
  state: DeliveryState
  attempts: number
  happenedAt: string
  /** When it is tried next; null when it is over. */
  dueAt: string | null
  endedAt: string | null
  /** Number of the conversation it is about. */
  conversation: number | null
  status: number | null
  error: string | null
  /** Its beginning; null when there was none, or when the person it was about is gone. */
  answer: string | null
}

export interface Deliveries {
  deliveries: Delivery[]
  more: boolean
}

const page = 50

/** The newest first. @throws not_found */
export async function readDeliveries(ctx: Ctx, { id, ...asked }: DeliveryPage & { id: string }): Promise<Deliveries> {
  requireMember(ctx, canManageWebhooks)
  const rows = await inAccount(ctx, (tx) => findDeliveries(tx, ctx, id, asked, page + 1))
  const deliveries = await Promise.all(rows.slice(0, page).map((row) => opened(ctx, row)))
  return { deliveries, more: rows.length > page }
}

async function opened(ctx: Ctx, { contactId, facts, ...row }: LoggedDelivery): Promise<Delivery> {
  const own = !contactId || row.type === 'contact.erased'
  const open = async (sealed: Uint8Array) =>
    (own ? await accountVault(ctx) : await contactBox(ctx, contactId)).open(sealed, aboutAnswer(row.id))
  return {
    ...row,
    conversation: (facts as { conversation?: { number: number } }).conversation?.number ?? null,
    happenedAt: row.happenedAt.toISOString(),
    dueAt: row.state === 'queued' ? row.dueAt.toISOString() : null,
    endedAt: row.endedAt?.toISOString() ?? null,
    answer: row.answer && (await open(row.answer).catch(() => null)),
  }
}
