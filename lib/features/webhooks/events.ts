/** What an endpoint can be told of. Pure: browsers load it. */

export const webhookEvents = [
  'conversation.created',
  'conversation.resolved',
  'conversation.reopened',
  'conversation.assigned',
  'conversation.updated',
  'message.created',
  'message.labelled',
  'contact.erased',
] as const
export type WebhookEvent = (typeof webhookEvents)[number]

/** Sent when somebody asks for it, to the endpoint they ask for. */
export const testEvent = 'webhook.test'
export type DeliveryType = WebhookEvent | typeof testEvent

/** Endpoints of an account. */
export const mostEndpoints = 10

/**
 * queued: to be sent, or sent again · sent: answered with 2xx · failed: given up · dropped: what it was about is gone, or its endpoint
 * was switched off
 */
export const deliveryStates = ['queued', 'sent', 'failed', 'dropped'] as const
export type DeliveryState = (typeof deliveryStates)[number]
