/** The visitor's API: open a session, write, read, follow. */
import { z } from 'zod'
import { sentMessage } from '../../core/text'
import { inkOn } from '../../features/inboxes/rules'
import { openSession } from '../../flows/open-session'
import { readThread } from '../../flows/read-thread'
import { receiveMessage } from '../../flows/receive-message'
import { services } from '../../start'
import { isOwnPage } from '../caller'
import { streamThread } from '../live'
import { defineRoute, Reply } from '../route'
import { makeVisitorToken, readVisitorToken, type VisitorIdentity } from '../visitor'

/** A word of a website: numbers are written out; empty, null and what is no word say nothing, and shut the chat for nobody. */
const word = (max: number, cut = false) =>
  z.unknown().transform((said) => {
    const text = typeof said === 'number' ? `${said}` : typeof said === 'string' ? said : ''
    return (cut ? text.slice(0, max).replace(/[\ud800-\udbff]$/, '') : text.length > max ? '' : text) || undefined
  })

/** Who a website says is there. `user && { … }` of nobody, or an id alone, says nothing either. */
const claim = z.preprocess(
  (said) => (said && typeof said === 'object' && !Array.isArray(said) ? said : undefined),
  z
    .strictObject({
      userId: word(200).optional(),
      name: word(200, true).optional(),
      email: word(254).optional(),
      signature: word(128).optional(),
    })
    .optional(),
)

/** The token a returning browser still holds, if it is good. */
function heldToken(secret: string, authorization: unknown, now: Date): VisitorIdentity | undefined {
  if (typeof authorization !== 'string' || !authorization.startsWith('Bearer ')) return undefined
  try {
    return readVisitorToken(secret, authorization.slice(7), now)
  } catch {
    return undefined
  }
}

export const openSessionRoute = defineRoute({
  method: 'POST',
  path: '/api/widget/sessions',
  who: 'public',
  // The inbox knows which pages may hold its chat.
  anyOrigin: true,
  limits: { body: 16_384, rate: [60, 60] },
  input: z.object({
    siteKey: z.string(),
    locale: z.enum(['en', 'zh-CN']).optional(),
    page: z.string().max(2_000).optional(),
    identity: claim,
  }),
  handle: async (ctx, input, call) => {
    const locale = input.locale ?? ctx.locale
    const host = typeof call.headers.host === 'string' ? call.headers.host : undefined
    const own = isOwnPage(ctx.services.env, call.origin ?? '', host)
    const opened = await openSession(
      { ...ctx, locale },
      {
        siteKey: input.siteKey,
        page: input.page,
        identity: input.identity,
        held: heldToken(ctx.services.env.LINGXI_TOKEN_SECRET, call.headers.authorization, ctx.now()),
        // Which pages may hold the frame its policy says; what the frame itself asks is ours.
        origin: own ? undefined : call.origin,
        host,
      },
    )
    const { inbox, accountId, contactId, sessionId } = opened
    const token = makeVisitorToken(
      ctx.services.env.LINGXI_TOKEN_SECRET,
      { accountId, inboxId: inbox.id, contactId, sessionId },
      ctx.now(),
    )
    return new Reply(201, {
      token,
      contactId,
      inbox: {
        name: inbox.name,
        accent: inbox.accent,
        ink: inkOn(inbox.accent),
        online: inbox.online,
        ...inbox.texts[locale],
        ...(inbox.disclosure ? {} : { disclosure: '' }),
      },
    })
  },
})

export const sendRoute = defineRoute({
  method: 'POST',
  path: '/api/widget/messages',
  who: 'visitor',
  limits: { body: 65_536, rate: [30, 30] },
  input: sentMessage,
  handle: async (ctx, input) => {
    const { received, repeated } = await receiveMessage(ctx, input)
    return new Reply(repeated ? 200 : 201, received)
  },
})

export const readRoute = defineRoute({
  method: 'GET',
  path: '/api/widget/messages',
  who: 'visitor',
  limits: { body: 0, rate: [120, 60] },
  input: z.object({
    after: z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number)
      .default(0),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    token: z.string().optional(),
  }),
  handle: async (ctx, input) => {
    const messages = await readThread(ctx, input.after, input.limit)
    return { messages, last: messages.at(-1)?.sequence ?? input.after }
  },
})

export const followRoute = defineRoute({
  method: 'GET',
  path: '/api/widget/events',
  who: 'visitor',
  limits: { body: 0, rate: [30, 60] },
  input: z.object({ token: z.string().optional(), after: z.string().optional() }),
  stream: (ctx, _input, _call, stream) => streamThread(ctx, services().follower, stream),
})

export const widgetRoutes = [openSessionRoute, sendRoute, readRoute, followRoute]
