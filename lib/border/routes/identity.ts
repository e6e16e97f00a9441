/** Signing up and out, one's own profile and sessions, mailed links, invitations from the invited side, the operator's outbox. */
import { z } from 'zod'
import { nameOfAtMost } from '@/lib/core/text'
import { forgetCookie } from '@/lib/features/identity/cookie'
import { acceptInvitation, joinAsNewPerson, showInvitation } from '@/lib/flows/accept-invitation'
import { changePassword } from '@/lib/flows/change-password'
import { changeProfile } from '@/lib/flows/change-profile'
import { confirmAddress } from '@/lib/flows/confirm-address'
import { createAccount } from '@/lib/flows/create-account'
import { readMe, readSessions } from '@/lib/flows/read-me'
import { readOutbox, resendMail } from '@/lib/flows/read-outbox'
import { renewSession } from '@/lib/flows/renew-session'
import { requestConfirmation } from '@/lib/flows/request-confirmation'
import { requestLink } from '@/lib/flows/request-link'
import { resetPassword } from '@/lib/flows/reset-password'
import { revokeSession } from '@/lib/flows/revoke-session'
import { signOut } from '@/lib/flows/sign-out'
import { signOutEverywhere } from '@/lib/flows/sign-out-everywhere'
import { signUp } from '@/lib/flows/sign-up'
import { switchAccount } from '@/lib/flows/switch-account'
import { idOf } from '../path-id'
import { defineRoute, Reply } from '../route'
import { forgetWho, requireSession } from '../who'

const none = z.object({})
const name = nameOfAtMost(100)
const email = z.string().min(1).max(1_000)
const password = z.string().max(800)
const token = z.string().max(200)
const timeZone = z
  .string()
  .max(64)
  .regex(/^[A-Za-z0-9_+\-/]+$/)
  .optional()
/** Doors that strangers knock on; the flows count tries per person and address besides. */
const doors = { body: 4_096, rate: [30, 60] } as const

export const signUpRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/sign-up',
  who: 'public',
  limits: doors,
  input: z.object({ name, email, password, accountName: name, timeZone }),
  handle: async (ctx, input, call) => {
    const { slug } = await signUp(ctx, input, call.address)
    return new Reply(201, { slug })
  },
})

export const linkRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/links',
  who: 'public',
  limits: doors,
  input: z.object({ email, purpose: z.enum(['sign_in', 'reset']) }),
  handle: async (ctx, input, call) => {
    await requestLink(ctx, input, call.address)
    // The same words for everyone: they tell nothing about who has an account.
    return new Reply(202, { mailed: true })
  },
})

export const resetRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/passwords/reset',
  who: 'public',
  limits: doors,
  input: z.object({ token, password }),
  handle: async (ctx, input, call) => {
    const done = await resetPassword(ctx, input, call.address)
    forgetWho()
    return done
  },
})

export const signOutRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/sign-out',
  who: 'user',
  input: none,
  handle: async (ctx, _input, call) => {
    await signOut(ctx, await requireSession(ctx.services, call))
    forgetWho()
    call.set('set-cookie', forgetCookie(ctx.services.env))
  },
})

export const meRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/me',
  who: 'user',
  input: none,
  handle: (ctx) => readMe(ctx),
})

export const profileRoute = defineRoute({
  method: 'PATCH',
  path: '/api/v1/me',
  who: 'user',
  input: z.object({ name: name.optional(), locale: z.enum(['en', 'zh-CN']).optional() }),
  handle: async (ctx, input) => {
    await changeProfile(ctx, input)
    forgetWho()
    return readMe(ctx)
  },
})

export const passwordRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/me/password',
  who: 'user',
  limits: doors,
  input: z.object({ current: password.default(''), password }),
  handle: async (ctx, input, call) => {
    const { userId, sessionId } = await requireSession(ctx.services, call)
    await changePassword(ctx, { ...input, sessionId })
    // Whoever holds a copy of this browser's cookie must not keep it either.
    const cookie = await renewSession(ctx, { userId, sessionId }, 0)
    if (cookie) call.set('set-cookie', cookie)
    forgetWho()
  },
})

export const sessionsRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/me/sessions',
  who: 'user',
  input: none,
  handle: async (ctx, _input, call) => {
    const { sessionId } = await requireSession(ctx.services, call)
    return { sessions: await readSessions(ctx, sessionId) }
  },
})

export const revokeSessionRoute = defineRoute({
  method: 'DELETE',
  path: '/api/v1/me/sessions/:id',
  who: 'user',
  input: none,
  handle: async (ctx, _input, call) => {
    await revokeSession(ctx, { id: idOf(call) })
    forgetWho()
  },
})

export const everywhereRoute = defineRoute({
  method: 'DELETE',
  path: '/api/v1/me/sessions',
  who: 'user',
  input: none,
  handle: async (ctx, _input, call) => {
    await signOutEverywhere(ctx)
    forgetWho()
    call.set('set-cookie', forgetCookie(ctx.services.env))
  },
})

export const switchRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/me/account',
  who: 'user',
  input: z.object({ slug: z.string().max(60) }),
  handle: (ctx, input) => switchAccount(ctx, input),
})

export const confirmRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/me/confirm',
  who: 'user',
  limits: doors,
  input: z.object({ token }),
  handle: (ctx, input) => confirmAddress(ctx, input),
})

export const mailConfirmationRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/me/confirm/mail',
  who: 'user',
  limits: doors,
  input: none,
  handle: (ctx) => requestConfirmation(ctx),
})

export const openAccountRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/accounts',
  who: 'user',
  limits: { body: 4_096, rate: [10, 3_600] },
  input: z.object({ name, timeZone }),
  handle: async (ctx, input) => {
    const { slug } = await createAccount(ctx, input)
    return new Reply(201, { slug })
  },
})

export const showInvitationRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/invitations/show',
  who: 'public',
  limits: doors,
  input: z.object({ token }),
  handle: (ctx, input, call) => showInvitation(ctx, input, call.address),
})

export const acceptRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/invitations/accept',
  who: 'user',
  limits: doors,
  input: z.object({ token }),
  handle: (ctx, input) => acceptInvitation(ctx, input),
})

export const joinRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/invitations/join',
  who: 'public',
  limits: doors,
  input: z.object({ token, name, password }),
  handle: async (ctx, input, call) => new Reply(201, await joinAsNewPerson(ctx, input, call.address)),
})

export const outboxRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/operator/outbox',
  who: 'operator',
  input: none,
  handle: (ctx) => readOutbox(ctx),
})

export const resendMailRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/operator/outbox/:id/resend',
  who: 'operator',
  input: none,
  handle: (ctx, _input, call) => resendMail(ctx, { id: idOf(call) }),
})

export const identityRoutes = [
  signUpRoute,
  linkRoute,
  resetRoute,
  signOutRoute,
  meRoute,
  profileRoute,
  passwordRoute,
  sessionsRoute,
  revokeSessionRoute,
  everywhereRoute,
  switchRoute,
  confirmRoute,
  mailConfirmationRoute,
  openAccountRoute,
  showInvitationRoute,
  acceptRoute,
  joinRoute,
  outboxRoute,
  resendMailRoute,
]
