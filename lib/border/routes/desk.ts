/** The desk's API: lists, transcripts, answers, actions with their undo, corrections, and the news as a stream. */
import { z } from 'zod'
import { charactersOf, longestText, sentMessage } from '@/lib/core/text'
import {
  canAssign,
  canChangeStatus,
  canCorrect,
  canLabel,
  canReply,
  canViewInbox,
} from '@/lib/features/accounts/permissions'
import {
  assignInput,
  labelsInput,
  listInput,
  priorityInput,
  readInput,
  snoozeInput,
  statusInput,
  teamInput,
  transcriptInput,
  undoInput,
} from '@/lib/features/conversations/input'
import { correctedFields } from '@/lib/features/predictions/corrections'
import { addNote } from '@/lib/flows/add-note'
import { assignConversation } from '@/lib/flows/assign'
import { correctLabel, undoCorrection } from '@/lib/flows/correct-label'
import { explainLabel } from '@/lib/flows/explain-label'
import { setLabels } from '@/lib/flows/label-conversation'
import { listConversations } from '@/lib/flows/list-conversations'
import { markRead } from '@/lib/flows/mark-read'
import { readConversation, readTranscript } from '@/lib/flows/read-conversation'
import { readPeople } from '@/lib/flows/read-people'
import { reply } from '@/lib/flows/reply'
import { setPriority } from '@/lib/flows/set-priority'
import { setStatus } from '@/lib/flows/set-status'
import { setTeam } from '@/lib/flows/set-team'
import { snoozeConversation } from '@/lib/flows/snooze'
import { undoChange } from '@/lib/flows/undo-change'
import type { Ctx } from '@/lib/platform/context'
import { services } from '@/lib/start'
import { streamAccount } from '../live'
import { defineRoute, type Limits, Reply, type Who } from '../route'

const account = '/api/v1/:account'
const one = `${account}/conversations/:id`
/** A person clicks; a desk that follows a busy account asks often. */
const acting: Limits = { body: 16_384, rate: [120, 60] }
const reading: Limits = { body: 0, rate: [1_200, 60] }
const viewer: Who = { member: canViewInbox }

/** An action on one conversation. */
const action = <I extends z.ZodType>(
  name: string,
  member: (typeof viewer)['member'],
  input: I,
  run: (ctx: Ctx, input: { id: string } & z.output<I>) => Promise<unknown>,
) =>
  defineRoute({
    method: 'POST',
    path: `${one}/${name}`,
    who: { member },
    input,
    limits: acting,
    handle: (ctx, given, call) =>
      run(ctx, { ...(given as object), id: call.params.id } as { id: string } & z.output<I>),
  })

/** A message of an agent: 201 when it was stored, 200 when this client id had been stored before. */
const writing = (name: string, write: typeof reply) =>
  defineRoute({
    method: 'POST',
    path: `${one}/${name}`,
    who: { member: canReply },
    input: sentMessage,
    limits: { body: 65_536, rate: [120, 60] },
    handle: async (ctx, input, call) => {
      const { repeated, ...written } = await write(ctx, { id: call.params.id as string, ...input })
      return new Reply(repeated ? 200 : 201, written)
    },
  })

const lists = [
  defineRoute({
    method: 'GET',
    path: `${account}/conversations`,
    who: viewer,
    input: listInput,
    limits: reading,
    handle: (ctx, input) => listConversations(ctx, input),
  }),
  defineRoute({
    method: 'GET',
    path: one,
    who: viewer,
    input: z.object({}),
    limits: reading,
    handle: (ctx, _input, call) => readConversation(ctx, { id: call.params.id as string }),
  }),
  defineRoute({
    method: 'GET',
    path: `${one}/messages`,
    who: viewer,
    input: transcriptInput,
    limits: reading,
    handle: (ctx, input, call) => readTranscript(ctx, { id: call.params.id as string, ...input }),
  }),
  defineRoute({
    method: 'GET',
    path: `${account}/people`,
    who: viewer,
    input: z.object({}),
    limits: reading,
    handle: (ctx) => readPeople(ctx),
  }),
]

const actions = [
  writing('reply', reply),
  writing('note', addNote),
  action('assign', canAssign, assignInput, assignConversation),
  action('team', canAssign, teamInput, setTeam),
  action('priority', canAssign, priorityInput, setPriority),
  action('status', canChangeStatus, statusInput, setStatus),
  action('snooze', canChangeStatus, snoozeInput, snoozeConversation),
  action('labels', canLabel, labelsInput, setLabels),
  // What somebody has seen is theirs, whatever the account owes.
  { ...action('read', canReply, readInput, markRead), whileUnpaid: true as const, whileWaiting: true as const },
  action('undo', canAssign, undoInput, undoChange),
]

const corrections = [
  defineRoute({
    method: 'POST',
    path: `${account}/correct`,
    who: { member: canCorrect },
    input: z.object({
      messageId: z.uuid().toLowerCase(),
      field: z.enum(correctedFields),
      value: z.string().min(1).max(100),
    }),
    limits: acting,
    handle: (ctx, input) => correctLabel(ctx, input),
  }),
  defineRoute({
    method: 'POST',
    path: `${account}/correct/undo`,
    who: { member: canCorrect },
    input: z.object({ correctionId: z.uuid().toLowerCase() }),
    limits: acting,
    handle: (ctx, input) => undoCorrection(ctx, input),
  }),
]

const live = defineRoute({
  method: 'GET',
  path: `${account}/live`,
  who: viewer,
  input: z.object({ after: z.string().max(60).optional() }),
  limits: { body: 0, rate: [60, 60] },
  stream: (ctx, _input, _call, stream) => streamAccount(ctx, services().follower, stream),
})

const why = defineRoute({
  method: 'POST',
  path: `${account}/explain`,
  who: viewer,
  input: z
    .object({
      field: z.enum(correctedFields),
      messageId: z.uuid().toLowerCase().optional(),
      text: z
        .string()
        .refine((text) => charactersOf(text) <= longestText, 'text_too_long')
        .optional(),
      versionId: z.uuid().toLowerCase().optional(),
      brief: z.boolean().optional(),
    })
    // Both: other words, to the model that labelled the message.
    .refine(({ messageId, text }) => messageId !== undefined || text !== undefined),
  limits: { body: 65_536, rate: [120, 60] },
  // It changes nothing: whoever only reads may ask why.
  whileUnpaid: true,
  whileWaiting: true,
  handle: explainLabel,
})

export const deskRoutes = [...lists, ...actions, ...corrections, why, live]
