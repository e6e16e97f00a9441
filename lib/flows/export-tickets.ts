/** The tickets of a filter as a CSV, page by page: neither memory nor a connection is held for the whole of it. */

import { publicUrl } from '@/lib/core/env'
import { canExport, requireMember } from '@/lib/features/accounts/permissions'
import { listMembers, readAccount } from '@/lib/features/accounts/read'
import { record } from '@/lib/features/audit/write'
import { listIntents } from '@/lib/features/intents/read'
import { listLabels } from '@/lib/features/labels/read'
import { listTeams } from '@/lib/features/teams/read'
import { csvLines, csvMark, csvTime } from '@/lib/features/tickets/csv'
import type { TicketQuery } from '@/lib/features/tickets/input'
import { findTickets } from '@/lib/features/tickets/read'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { say } from '@/lib/words/say'
import { type Ticket, ticketsOf } from './list-tickets'

const pageSize = 200

interface Names {
  people: Map<string, string>
  teams: Map<string, string>
  labels: Map<string, string>
  /** Those that the account named itself. */
  intents: Map<string, string>
  timeZone: string
  slug: string
}

/** Columns in order; their heads are words of the reader's language. */
const heads = [
  'number',
  'preview',
  'contact',
  'status',
  'priority',
  'owner',
  'team',
  'labels',
  'intent',
  'sentiment',
  'language',
  'waiting',
  'created',
  'activity',
  'firstReply',
  'resolved',
  'messages',
  'link',
] as const

async function namesOf(ctx: Ctx): Promise<Names> {
  return inAccount(ctx, async (tx) => {
    const { slug } = await readAccount(tx, ctx)
    const account = await tx.account.findFirstOrThrow({ where: { id: ctx.accountId }, select: { timeZone: true } })
    const pairs = (rows: { id: string; name: string }[]) => new Map(rows.map((row) => [row.id, row.name]))
    return {
      people: pairs(await listMembers(tx, ctx)),
      teams: pairs(await listTeams(tx, ctx)),
      labels: pairs(await listLabels(tx, ctx)),
      intents: new Map((await listIntents(tx, ctx)).flatMap(({ key, name }) => (name ? [[key, name]] : []))),
      timeZone: account.timeZone,
      slug,
    }
  })
}

function cellsOf(ctx: Ctx, ticket: Ticket, names: Names): string[] {
  const word = (key: string) => say(ctx.locale, 'tickets', key) ?? key
  const time = (iso: string | null) => csvTime(iso, names.timeZone)
  const intentName = (key: string | null) =>
    key ? (names.intents.get(key) ?? say(ctx.locale, 'intents', `name.${key}`) ?? key) : ''
  const cells: Record<(typeof heads)[number], string> = {
    number: String(ticket.displayId),
    preview: ticket.preview ?? '',
    contact: ticket.contact.name ?? word('visitor'),
    status: word(`status.${ticket.status}`),
    priority: word(`priority.${ticket.priority}`),
    owner: names.people.get(ticket.assigneeId ?? '') ?? '',
    team: names.teams.get(ticket.teamId ?? '') ?? '',
    labels: ticket.labelIds.flatMap((id) => names.labels.get(id) ?? []).join(', '),
    intent: intentName(ticket.intent),
    sentiment: ticket.sentiment ? (say(ctx.locale, 'common', `sentiment.${ticket.sentiment}`) ?? '') : '',
    language: ticket.language ? (say(ctx.locale, 'routing', `language.${ticket.language}`) ?? ticket.language) : '',
    waiting: time(ticket.waitingSince),
    created: time(ticket.createdAt),
    activity: time(ticket.lastActivityAt),
    firstReply: time(ticket.firstReplyAt),
    resolved: time(ticket.resolvedAt),
    messages: String(ticket.messageCount),
    link: `${publicUrl(ctx.services.env)}/${names.slug}/inbox/${ticket.displayId}`,
  }
  return heads.map((head) => cells[head])
}

/** Parts of the file, the first with the heads; ends early when nobody reads on. */
export async function* exportTickets(ctx: Ctx, query: TicketQuery): AsyncGenerator<string> {
  requireMember(ctx, canExport)
  const names = await namesOf(ctx)
  await inAccount(ctx, (tx) => record(tx, ctx, { act: 'export.tickets' }))
  const head = heads.map((key) => say(ctx.locale, 'tickets', `csv.${key}`, { zone: names.timeZone }) ?? key)
  yield csvMark + csvLines([head])
  let cursor: string | undefined
  do {
    const page = await inAccount(ctx, (tx) =>
      findTickets(tx, ctx, { ...query, limit: pageSize, ...(cursor ? { cursor } : {}) }),
    )
    const tickets = await ticketsOf(ctx, page.ids)
    if (tickets.length) yield csvLines(tickets.map((ticket) => cellsOf(ctx, ticket, names)))
    cursor = page.next ?? undefined
  } while (cursor)
}
