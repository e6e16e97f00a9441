/** Models made to order: the account's consent and its word on a version, and what the operator starts. */
import { z } from 'zod'
import { canConsent, canTrain } from '@/lib/features/accounts/permissions'
import { decideOnOrder, orderTraining, readConsenting, setConsent } from '@/lib/flows/order-training'
import { idOf } from '../path-id'
import { defineRoute, Reply } from '../route'

const nothing = z.object({})

export const madeToOrderRoutes = [
  defineRoute({
    method: 'PUT',
    path: '/api/v1/:account/learning/consent',
    who: { member: canConsent },
    input: z.strictObject({ given: z.boolean() }),
    handle: setConsent,
  }),
  defineRoute({
    method: 'PUT',
    path: '/api/v1/:account/learning/versions/:id/decision',
    who: { member: canTrain },
    input: z.strictObject({ decision: z.enum(['accepted', 'declined']).nullable() }),
    handle: (ctx, { decision }, call) => decideOnOrder(ctx, { id: idOf(call), decision }),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/operator/models',
    who: 'operator',
    input: nothing,
    handle: readConsenting,
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/operator/models/:id/train',
    who: 'operator',
    input: nothing,
    handle: async (ctx, _input, call) => new Reply(201, await orderTraining(ctx, { accountId: idOf(call) })),
  }),
]
