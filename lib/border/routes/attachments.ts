/** Files of messages: put in by visitors and agents before a message carries them, and handed out to those who may have them. */
import { z } from 'zod'
import { largestFile } from '@/lib/core/attachment'
import { canReply, canViewInbox } from '@/lib/features/accounts/permissions'
import { disposition } from '@/lib/features/attachments/names'
import { attachAsMember, attachAsVisitor } from '@/lib/flows/attach-file'
import { type OpenedFile, readAttachment, readVisitorAttachment } from '@/lib/flows/read-attachment'
import { idOf } from '../path-id'
import { type Call, defineRoute, type Limits, Raw, Reply } from '../route'

/** A few files at a time; a page full of pictures asks often. */
const uploading: Limits = { body: largestFile, rate: [30, 60] }
const reading: Limits = { body: 0, rate: [600, 60] }

/** In a header, percent-encoded: addresses end up in the logs of every proxy on the way. */
function nameOf({ headers }: Call): string {
  try {
    return decodeURIComponent(String(headers['x-file-name'] ?? ''))
  } catch {
    return ''
  }
}

const pictures = new Set(['png', 'jpeg', 'gif', 'webp'])

/** Whatever is in a file, it runs nowhere: opened as a page it has no rights and loads nothing. */
function send(call: Call, { name, kind, type, bytes }: OpenedFile): Raw {
  call.set('content-disposition', disposition(pictures.has(kind) ? 'inline' : 'attachment', name))
  call.set('content-length', String(bytes.length))
  call.set('x-content-type-options', 'nosniff')
  call.set('content-security-policy', "sandbox; default-src 'none'")
  call.set('cross-origin-resource-policy', 'same-origin')
  return new Raw(bytes, type, 'private, max-age=3600')
}

const nothing = z.object({})

export const attachmentRoutes = [
  defineRoute({
    method: 'POST',
    path: '/api/widget/attachments',
    who: 'visitor',
    file: true,
    input: nothing,
    limits: uploading,
    handle: async (ctx, _input, call) =>
      new Reply(201, await attachAsVisitor(ctx, { name: nameOf(call), bytes: call.bytes })),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/widget/attachments/:id',
    who: 'visitor',
    input: nothing,
    limits: reading,
    handle: async (ctx, _input, call) => send(call, await readVisitorAttachment(ctx, idOf(call))),
  }),
  defineRoute({
    method: 'POST',
    path: '/api/v1/:account/conversations/:id/attachments',
    who: { member: canReply },
    file: true,
    input: nothing,
    limits: uploading,
    handle: async (ctx, _input, call) =>
      new Reply(201, await attachAsMember(ctx, { id: idOf(call), name: nameOf(call), bytes: call.bytes })),
  }),
  defineRoute({
    method: 'GET',
    path: '/api/v1/:account/attachments/:id',
    who: { member: canViewInbox },
    input: nothing,
    limits: reading,
    handle: async (ctx, _input, call) => send(call, await readAttachment(ctx, idOf(call))),
  }),
]
