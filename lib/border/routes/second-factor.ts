/** A person's second factor, and whether an account asks for one. */
import { z } from 'zod'
import { canRequireSecondFactor } from '@/lib/features/accounts/permissions'
import { readSecondFactor, renewRecoveryCodes, switchSecondFactorOff } from '@/lib/flows/change-second-factor'
import { renewSession } from '@/lib/flows/renew-session'
import { requireSecondFactor } from '@/lib/flows/require-second-factor'
import { confirmSecondFactor, offerSecondFactor } from '@/lib/flows/set-up-second-factor'
import { defineRoute } from '../route'
import { forgetWho, requireSession } from '../who'

const none = z.object({})
const password = z.string().max(800)
const code = z.string().min(1).max(100)
const proof = z.object({ code: code.optional(), password: password.optional() })
/** The flows count tries per person besides. */
const doors = { body: 4_096, rate: [30, 60] } as const

export const secondFactorRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/me/second-factor',
  who: 'user',
  input: none,
  handle: (ctx) => readSecondFactor(ctx),
})

export const offerRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/me/second-factor/offer',
  who: 'user',
  limits: doors,
  input: z.object({ password: password.default('') }),
  handle: async (ctx, input, call) => {
    const { sessionId } = await requireSession(ctx.services, call)
    return offerSecondFactor(ctx, { ...input, sessionId })
  },
})

export const confirmFactorRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/me/second-factor/confirm',
  who: 'user',
  limits: doors,
  input: z.object({ code }),
  handle: async (ctx, input, call) => {
    const { userId, sessionId } = await requireSession(ctx.services, call)
    const made = await confirmSecondFactor(ctx, { ...input, sessionId })
    // Whoever holds a copy of this browser's cookie never gave a code.
    const cookie = await renewSession(ctx, { userId, sessionId }, 0)
    if (cookie) call.set('set-cookie', cookie)
    forgetWho()
    return made
  },
})

export const recoveryCodesRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/me/second-factor/codes',
  who: 'user',
  limits: doors,
  input: proof,
  handle: (ctx, input) => renewRecoveryCodes(ctx, input),
})

export const factorOffRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/me/second-factor/off',
  who: 'user',
  limits: doors,
  input: proof,
  handle: async (ctx, input) => {
    await switchSecondFactorOff(ctx, input)
    forgetWho()
  },
})

/** Who gets in is nothing that waits for a payment. */
export const requireFactorRoute = defineRoute({
  method: 'PUT',
  path: '/api/v1/:account/second-factor',
  who: { member: canRequireSecondFactor },
  whileUnpaid: true,
  input: z.object({ required: z.boolean() }),
  handle: async (ctx, input) => {
    await requireSecondFactor(ctx, input)
    forgetWho()
  },
})

export const secondFactorRoutes = [
  secondFactorRoute,
  offerRoute,
  confirmFactorRoute,
  recoveryCodesRoute,
  factorOffRoute,
  requireFactorRoute,
]
