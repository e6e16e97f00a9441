/** Who belongs to an account: members, roles, invitations. */
import { z } from 'zod'
import { canManageBilling, canManageMembers, canViewInbox } from '@/lib/features/accounts/permissions'
import { preferencesInput } from '@/lib/features/accounts/preferences'
import { beAvailable } from '@/lib/flows/be-available'
import { changeRole } from '@/lib/flows/change-role'
import { givePlace } from '@/lib/flows/give-place'
import { inviteMember, resendInvitation, withdrawInvitation } from '@/lib/flows/invite-member'
import { keepPreferences } from '@/lib/flows/keep-preferences'
import { readInvitations, readMembers, readMyself } from '@/lib/flows/read-team'
import { removeMember } from '@/lib/flows/remove-member'
import { roles } from '@/lib/platform/context'
import { idOf } from '../path-id'
import { defineRoute, Reply } from '../route'
import { forgetWho } from '../who'

const none = z.object({})
const role = z.enum(roles)
/** Invitations send mails: a person may cause so many in a while. */
const mailing = { body: 4_096, rate: [30, 600] } as const

export const myselfRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/:account/me',
  who: { member: canViewInbox },
  input: none,
  handle: (ctx) => readMyself(ctx),
})

export const preferencesRoute = defineRoute({
  method: 'PATCH',
  path: '/api/v1/:account/me/preferences',
  whileUnpaid: true,
  whileWaiting: true,
  who: { member: canViewInbox },
  input: preferencesInput,
  handle: async (ctx, input) => ({ preferences: await keepPreferences(ctx, input) }),
})

/** Whether work may be given to the person while a desk of theirs is open. */
export const availabilityRoute = defineRoute({
  method: 'PUT',
  path: '/api/v1/:account/me/availability',
  whileUnpaid: true,
  whileWaiting: true,
  who: { member: canViewInbox },
  input: z.object({ availability: z.enum(['online', 'away']) }),
  handle: beAvailable,
})

export const membersRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/:account/members',
  who: { member: canViewInbox },
  input: none,
  handle: async (ctx) => ({ members: await readMembers(ctx) }),
})

export const roleRoute = defineRoute({
  method: 'PATCH',
  path: '/api/v1/:account/members/:id',
  who: { member: canManageMembers },
  input: z.object({ role }),
  handle: async (ctx, input, call) => {
    await changeRole(ctx, { id: idOf(call), ...input })
    forgetWho()
  },
})

export const placeRoute = defineRoute({
  method: 'PUT',
  path: '/api/v1/:account/members/:id/place',
  // Of several owners one may be among those who wait.
  whileUnpaid: true,
  whileWaiting: true,
  who: { member: canManageBilling },
  input: none,
  handle: (ctx, _input, call) => givePlace(ctx, { id: idOf(call) }),
})

/** Everyone may leave, whatever the account owes and whoever waits; only managers with a place remove others (the flow asks). */
export const removeRoute = defineRoute({
  method: 'DELETE',
  path: '/api/v1/:account/members/:id',
  whileUnpaid: true,
  whileWaiting: true,
  who: { member: canViewInbox },
  input: none,
  handle: async (ctx, _input, call) => {
    await removeMember(ctx, { id: idOf(call) })
    forgetWho()
  },
})

export const invitationsRoute = defineRoute({
  method: 'GET',
  path: '/api/v1/:account/invitations',
  who: { member: canManageMembers },
  input: none,
  handle: async (ctx) => ({ invitations: await readInvitations(ctx) }),
})

export const inviteRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/:account/invitations',
  who: { member: canManageMembers },
  limits: mailing,
  input: z.object({ email: z.string().min(1).max(1_000), role }),
  handle: async (ctx, input) => new Reply(201, await inviteMember(ctx, input)),
})

export const resendRoute = defineRoute({
  method: 'POST',
  path: '/api/v1/:account/invitations/:id/resend',
  who: { member: canManageMembers },
  limits: mailing,
  input: none,
  handle: (ctx, _input, call) => resendInvitation(ctx, { id: idOf(call) }),
})

/** An open invitation is a place on the Free plan, and an account that owes may have fewer. */
export const withdrawRoute = defineRoute({
  method: 'DELETE',
  path: '/api/v1/:account/invitations/:id',
  whileUnpaid: true,
  who: { member: canManageMembers },
  input: none,
  handle: (ctx, _input, call) => withdrawInvitation(ctx, { id: idOf(call) }),
})

export const memberRoutes = [
  myselfRoute,
  preferencesRoute,
  availabilityRoute,
  membersRoute,
  placeRoute,
  roleRoute,
  removeRoute,
  invitationsRoute,
  inviteRoute,
  resendRoute,
  withdrawRoute,
]
