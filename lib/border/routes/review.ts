/** The review: what to label next, what was labelled, and what people send there. */
import { z } from 'zod'
import { intentKey } from '@/lib/core/intent-key'
import { flagReasons, reviewedStates, reviewReasons } from '@/lib/core/learning'
import { canCorrect } from '@/lib/features/accounts/permissions'
import { asked, datasetPage, labelledAtOnce, reviewed } from '@/lib/features/learning/input'
import { flagMessage, unflagMessage } from '@/lib/flows/flag-message'
import { labelMessages } from '@/lib/flows/label-messages'
import { discardReview, readReview, readReviewed, restoreReview } from '@/lib/flows/review-messages'
import { defineRoute } from '../route'

const at = <P extends string>(path: P) => `/api/v1/:account/${path}` as const

export const reviewRoutes = [
  defineRoute({
    method: 'GET',
    path: at('review'),
    who: { member: canCorrect },
    input: z.object({ reason: z.enum(reviewReasons).optional(), intent: intentKey.optional() }),
    handle: readReview,
  }),
  defineRoute({
    method: 'GET',
    path: at('review/done'),
    who: { member: canCorrect },
    input: datasetPage.extend({ state: z.enum(reviewedStates).default('submitted') }),
    handle: readReviewed,
  }),
  defineRoute({
    method: 'POST',
    path: at('review/flag'),
    who: { member: canCorrect },
    input: z.object({ messageId: z.uuid().toLowerCase(), reason: z.enum(flagReasons) }),
    handle: flagMessage,
  }),
  defineRoute({
    method: 'POST',
    path: at('review/unflag'),
    who: { member: canCorrect },
    input: z.object({ messageId: z.uuid().toLowerCase() }),
    handle: unflagMessage,
  }),
  defineRoute({
    method: 'POST',
    path: at('review/label'),
    who: { member: canCorrect },
    input: labelledAtOnce,
    handle: labelMessages,
  }),
  defineRoute({
    method: 'POST',
    path: at('review/discard'),
    who: { member: canCorrect },
    input: asked,
    handle: discardReview,
  }),
  defineRoute({
    method: 'POST',
    path: at('review/restore'),
    who: { member: canCorrect },
    input: reviewed,
    handle: restoreReview,
  }),
]
