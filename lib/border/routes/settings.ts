/** Settings of an account: inboxes, labels, teams, routing, and taking a change back. */
import { z } from 'zod'
import {
  canManageInboxes,
  canManageLabels,
  canManageRouting,
  canManageTeams,
  canReply,
  canViewInbox,
} from '@/lib/features/accounts/permissions'
import { inboxChange, inboxDraft } from '@/lib/features/inboxes/input'
import { labelChange, labelDraft } from '@/lib/features/labels/input'
import { routingTableDraft, ruleDraft } from '@/lib/features/routing/input'
import { teamChange, teamDraft } from '@/lib/features/teams/input'
import { createInbox } from '@/lib/flows/create-inbox'
import { createLabel } from '@/lib/flows/create-label'
import { createTeam } from '@/lib/flows/create-team'
import { deleteLabel } from '@/lib/flows/delete-label'
import { deleteTeam } from '@/lib/flows/delete-team'
import { readInboxes } from '@/lib/flows/read-inboxes'
import { readLabels } from '@/lib/flows/read-labels'
import { readRouting } from '@/lib/flows/read-routing'
import { readTeams } from '@/lib/flows/read-teams'
import { rotateIdentitySecret } from '@/lib/flows/rotate-identity-secret'
import { saveRouting } from '@/lib/flows/save-routing'
import { takeBack } from '@/lib/flows/take-back'
import { tryRouting } from '@/lib/flows/try-routing'
import { updateInbox } from '@/lib/flows/update-inbox'
import { updateLabel } from '@/lib/flows/update-label'
import { updateTeam } from '@/lib/flows/update-team'
import { idOf } from '../path-id'
import { defineRoute, Reply } from '../route'

const nothing = z.object({})
const at = <P extends string>(path: P) => `/api/v1/:account/${path}` as const
/** A routing table of fifty lines with every intent in each. */
const large = { body: 262_144, rate: [120, 60] } as const

const labels = [
  defineRoute({ method: 'GET', path: at('labels'), who: { member: canViewInbox }, input: nothing, handle: readLabels }),
  defineRoute({
    method: 'POST',
    path: at('labels'),
    who: { member: canManageLabels },
    input: labelDraft,
    handle: async (ctx, input) => new Reply(201, await createLabel(ctx, input)),
  }),
  defineRoute({
    method: 'PATCH',
    path: at('labels/:id'),
    who: { member: canManageLabels },
    input: labelChange,
    handle: (ctx, input, call) => updateLabel(ctx, { ...input, id: idOf(call) }),
  }),
  defineRoute({
    method: 'DELETE',
    path: at('labels/:id'),
    who: { member: canManageLabels },
    input: nothing,
    handle: (ctx, _input, call) => deleteLabel(ctx, { id: idOf(call) }),
  }),
]

const teams = [
  defineRoute({ method: 'GET', path: at('teams'), who: { member: canViewInbox }, input: nothing, handle: readTeams }),
  defineRoute({
    method: 'POST',
    path: at('teams'),
    who: { member: canManageTeams },
    limits: large,
    input: teamDraft,
    handle: async (ctx, input) => new Reply(201, await createTeam(ctx, input)),
  }),
  defineRoute({
    method: 'PATCH',
    path: at('teams/:id'),
    who: { member: canManageTeams },
    limits: large,
    input: teamChange,
    handle: (ctx, input, call) => updateTeam(ctx, { ...input, id: idOf(call) }),
  }),
  defineRoute({
    method: 'DELETE',
    path: at('teams/:id'),
    who: { member: canManageTeams },
    input: nothing,
    handle: (ctx, _input, call) => deleteTeam(ctx, { id: idOf(call) }),
  }),
]

const inboxes = [
  defineRoute({
    method: 'GET',
    path: at('inboxes'),
    who: { member: canViewInbox },
    input: nothing,
    handle: readInboxes,
  }),
  defineRoute({
    method: 'POST',
    path: at('inboxes'),
    who: { member: canManageInboxes },
    input: inboxDraft,
    handle: async (ctx, input) => new Reply(201, await createInbox(ctx, input)),
  }),
  defineRoute({
    method: 'PATCH',
    path: at('inboxes/:id'),
    who: { member: canManageInboxes },
    limits: { body: 65_536, rate: [120, 60] },
    input: inboxChange,
    handle: (ctx, input, call) => updateInbox(ctx, { ...input, id: idOf(call) }),
  }),
  defineRoute({
    method: 'POST',
    path: at('inboxes/:id/identity-secret'),
    who: { member: canManageInboxes },
    limits: { body: 1_024, rate: [10, 60] },
    input: nothing,
    handle: async (ctx, _input, call) => new Reply(201, await rotateIdentitySecret(ctx, { id: idOf(call) })),
  }),
]

const routing = [
  defineRoute({
    method: 'GET',
    path: at('routing'),
    who: { member: canViewInbox },
    input: nothing,
    handle: readRouting,
  }),
  defineRoute({
    method: 'PUT',
    path: at('routing'),
    who: { member: canManageRouting },
    limits: large,
    input: routingTableDraft,
    handle: saveRouting,
  }),
  defineRoute({
    method: 'POST',
    path: at('routing/try'),
    who: { member: canViewInbox },
    limits: { body: 262_144, rate: [60, 60] },
    input: z.object({ text: z.string().trim().min(1).max(8_000), rules: z.array(ruleDraft).max(50).optional() }),
    handle: tryRouting,
  }),
]

const undo = defineRoute({
  method: 'POST',
  path: at('undo/:id'),
  who: { member: canReply },
  input: nothing,
  handle: (ctx, _input, call) => takeBack(ctx, { id: idOf(call) }),
})

export const settingsRoutes = [...labels, ...teams, ...inboxes, ...routing, undo]
