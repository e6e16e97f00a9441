/** The worker's round of the outbox. */
import { sendDueMails as deliver } from '@/lib/features/mail/deliver'
import type { Services } from '@/lib/platform/context'

/** Sends what is due and returns how many mails left the queue; call it each second. */
export const sendDueMails = (services: Services): Promise<number> => deliver(services)
