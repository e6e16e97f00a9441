/** Webhooks of an account: its endpoints, and the log of what was sent. */
import { z } from 'zod'
import { canManageWebhooks } from '@/lib/features/accounts/permissions'
import { deliveryPage, endpointChange, endpointDraft } from '@/lib/features/webhooks/input'
import {
  createWebhook,
  deleteWebhook,
  rotateWebhook,
  sendWebhookAgain,
  testWebhook,
  updateWebhook,
} from '@/lib/flows/change-webhooks'
import { readDeliveries, readWebhooks } from '@/lib/flows/read-webhooks'
import { idOf } from '../path-id'
import { defineRoute, Reply } from '../route'

const nothing = z.object({})
const who = { member: canManageWebhooks }
const at = <P extends string>(path: P) => `/api/v1/:account/webhooks${path}` as const
/** Each makes the product ask somebody's server. */
const few = { body: 1_024, rate: [30, 60] } as const

export const webhookRoutes = [
  defineRoute({ method: 'GET', path: at(''), who, input: nothing, handle: readWebhooks }),
  defineRoute({
    method: 'POST',
    path: at(''),
    who,
    input: endpointDraft,
    handle: async (ctx, input) => new Reply(201, await createWebhook(ctx, input)),
  }),
  defineRoute({
    method: 'PATCH',
    path: at('/:id'),
    who,
    input: endpointChange,
    handle: (ctx, input, call) => updateWebhook(ctx, { ...input, id: idOf(call) }),
  }),
  defineRoute({
    method: 'DELETE',
    path: at('/:id'),
    who,
    input: nothing,
    handle: (ctx, _input, call) => deleteWebhook(ctx, { id: idOf(call) }),
  }),
  defineRoute({
    method: 'POST',
    path: at('/:id/secret'),
    who,
    limits: few,
    input: nothing,
    handle: async (ctx, _input, call) => new Reply(201, await rotateWebhook(ctx, { id: idOf(call) })),
  }),
  defineRoute({
    method: 'POST',
    path: at('/:id/test'),
    who,
    limits: few,
    input: nothing,
    handle: async (ctx, _input, call) => new Reply(201, await testWebhook(ctx, { id: idOf(call) })),
  }),
  defineRoute({
    method: 'GET',
    path: at('/:id/deliveries'),
    who,
    input: deliveryPage,
    handle: (ctx, input, call) => readDeliveries(ctx, { ...input, id: idOf(call) }),
  }),
  defineRoute({
    method: 'POST',
    path: at('/:id/deliveries/:delivery/resend'),
    who,
    limits: few,
    input: nothing,
    handle: (ctx, _input, call) => sendWebhookAgain(ctx, { id: idOf(call), delivery: idOf(call, 'delivery') }),
  }),
]
