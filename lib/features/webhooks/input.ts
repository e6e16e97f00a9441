/** What an endpoint may be, and how its deliveries are asked for. */
import { z } from 'zod'
import { nameOfAtMost } from '@/lib/core/text'
import { deliveryStates, webhookEvents } from './events'

const url = z.string().trim().min(1).max(2_000)
const description = z.union([z.literal(''), nameOfAtMost(120)])
const events = z
  .array(z.enum(webhookEvents))
  .min(1)
  .transform((chosen) => webhookEvents.filter((event) => chosen.includes(event)))

export const endpointDraft = z.object({ url, description: description.default(''), events })
export type EndpointDraft = z.output<typeof endpointDraft>
export const endpointChange = z
  .object({ url, description, events, enabled: z.boolean() })
  .partial()
  .refine((change) => Object.keys(change).length > 0)
export type EndpointChange = z.output<typeof endpointChange>

export const deliveryPage = z.object({
  state: z.enum(deliveryStates).optional(),
  /** The last one of the page before. */
  before: z.uuid().toLowerCase().optional(),
})
export type DeliveryPage = z.output<typeof deliveryPage>
