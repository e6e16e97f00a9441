/**
 * Finds a page of tickets: their ids, in order. Every part is a walk along an index that begins with the account and
 * stops when the page is full; rows are opened by whoever asked.
 */
import { numberIn } from '@/lib/core/text'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { searchWords } from '@/lib/platform/crypto/words'
import { Prisma } from '@/lib/platform/db/generated/client'
import type { Tx } from '@/lib/platform/db/in-account'
import { type Place, readPlace, writePlace } from './cursor'
import type { TicketFilter, TicketPage } from './input'
import { priorities, statuses, unresolved, usualDirection } from './rules'

const { sql, join, empty } = Prisma

export interface FoundPage {
  ids: string[]
  /** Give it back as `cursor`; null on the last page. */
  next: string | null
}

interface Found {
  id: string
  display_id: number
  priority: string
  waiting_since: Date | null
  last_activity_at: Date
}

/** A search looks at this many hits, the newest: more would tell nobody anything. */
const mostHits = 5_000
const columns = sql`c.id, c.display_id, c.priority, c.waiting_since, c.last_activity_at`

/** `column = any of these`, where `none` asks for an empty one. */
function oneOf(column: Prisma.Sql, wanted: readonly string[]): Prisma.Sql {
  const ids = wanted.filter((value) => value !== 'none')
  const parts = [
    ...(ids.length === 1
      ? [sql`${column} = ${ids[0]}::uuid`]
      : ids.length
        ? [sql`${column} = ANY(${ids}::uuid[])`]
        : []),
    ...(wanted.includes('none') ? [sql`${column} IS NULL`] : []),
  ]
  return sql`(${join(parts, ' OR ')})`
}

const words = (column: Prisma.Sql, wanted: readonly string[]): Prisma.Sql =>
  wanted.length === 1 ? sql`${column} = ${wanted[0]}` : sql`${column} = ANY(${wanted}::text[])`

/** Conversations in which the words occur, or that bear the number. Signs without a word in them find nothing. */
async function hits(tx: Tx, ctx: Ctx, text: string): Promise<Prisma.Sql> {
  const account = sql`${ctx.accountId}::uuid`
  const vault = await accountVault(ctx, tx)
  const tokens = searchWords(text).map((word) => vault.token(word))
  const parts: Prisma.Sql[] = []
  const number = numberIn(text)
  if (number !== null)
    parts.push(sql`SELECT n.id FROM conversation n WHERE n.account_id = ${account} AND n.display_id = ${number}`)
  if (tokens.length) {
    parts.push(sql`(SELECT m.conversation_id AS id FROM message m WHERE m.account_id = ${account} AND m.tokens @> ${tokens}::bigint[]
      ORDER BY m.id DESC LIMIT ${mostHits})`)
    parts.push(sql`(SELECT n.id FROM contact k JOIN conversation n ON n.account_id = ${account} AND n.contact_id = k.id
      WHERE k.account_id = ${account} AND k.tokens @> ${tokens}::bigint[] LIMIT ${mostHits})`)
  }
  if (!parts.length) return sql` AND false`
  const found = await tx.$queryRaw<{ id: string }[]>`${join(parts, ' UNION ')}`
  return sql` AND c.id = ANY(${found.map((row) => row.id)}::uuid[])`
}

/** The filter but for statuses, which each order treats in its own way. */
async function conditions(tx: Tx, ctx: Ctx, filter: TicketFilter & Pick<TicketPage, 'ids'>): Promise<Prisma.Sql> {
  const me = ctx.actor.kind === 'member' ? ctx.actor.membershipId : 'none'
  const parts: Prisma.Sql[] = []
  if (filter.ids) parts.push(sql`c.id = ANY(${filter.ids}::uuid[])`)
  if (filter.priority?.length) parts.push(words(sql`c.priority`, filter.priority))
  if (filter.team?.length) parts.push(oneOf(sql`c.team_id`, filter.team))
  if (filter.owner?.length) {
    const owners = filter.owner.map((owner) => (owner === 'me' ? me : owner))
    parts.push(oneOf(sql`c.assignee_id`, owners))
  }
  if (filter.intent?.length) parts.push(words(sql`c.intent`, filter.intent))
  if (filter.sentiment?.length) parts.push(words(sql`c.sentiment`, filter.sentiment))
  if (filter.label?.length)
    parts.push(sql`c.id IN (SELECT l.conversation_id FROM conversation_label l
      WHERE l.account_id = ${ctx.accountId}::uuid AND l.label_id = ANY(${filter.label}::uuid[]))`)
  const all = parts.length ? sql` AND ${join(parts, ' AND ')}` : empty
  return filter.q?.trim() ? sql`${all}${await hits(tx, ctx, filter.q)}` : all
}

export const wantedStatuses = (filter: TicketFilter): readonly string[] =>
  filter.status?.length ? filter.status : unresolved

interface Search {
  account: Prisma.Sql
  where: Prisma.Sql
  statuses: readonly string[]
  /** `DESC` or `ASC`, and the sign that leads further that way. */
  way: Prisma.Sql
  beyond: Prisma.Sql
  after: Place | null
  most: number
}

const inStatuses = ({ statuses: wanted }: Search): Prisma.Sql =>
  wanted.length === statuses.length ? empty : sql` AND ${words(sql`c.status`, wanted)}`

/** The ends of every status' own list, merged: short however many tickets there are. */
function byActivity(tx: Tx, s: Search): Promise<Found[]> {
  const [at] = s.after?.values ?? []
  const from = s.after
    ? sql` AND (c.last_activity_at, c.id) ${s.beyond} (${new Date(at ?? 0)}::timestamptz, ${s.after.id}::uuid)`
    : empty
  // Each status is written out rather than joined: only then does the planner know how rare it is.
  const ends = s.statuses.map(
    (
      status,
    ) => sql`(SELECT ${columns} FROM conversation c WHERE c.account_id = ${s.account} AND c.status = ${status}${s.where}${from}
      ORDER BY c.last_activity_at ${s.way}, c.id ${s.way} LIMIT ${s.most})`,
  )
  return tx.$queryRaw<Found[]>`SELECT ${columns} FROM (${join(ends, ' UNION ALL ')}) c
    ORDER BY c.last_activity_at ${s.way}, c.id ${s.way} LIMIT ${s.most}`
}

/** Numbers are given in the order in which conversations begin, so "created" is the same order. */
function byNumber(tx: Tx, s: Search): Promise<Found[]> {
  const from = s.after ? sql` AND c.display_id ${s.beyond} ${s.after.values[0] ?? 0}::int` : empty
  return tx.$queryRaw<
    Found[]
  >`SELECT ${columns} FROM conversation c WHERE c.account_id = ${s.account}${inStatuses(s)}${s.where}${from}
    ORDER BY c.display_id ${s.way} LIMIT ${s.most}`
}

/** Those who wait come first, whichever way; then the others, the newest first. */
async function byWaiting(tx: Tx, s: Search): Promise<Found[]> {
  const at = s.after?.values[0]
  const found: Found[] = []
  if (!s.after || at != null) {
    const from =
      at == null
        ? empty
        : sql` AND (c.waiting_since, c.id) ${s.beyond} (${new Date(at)}::timestamptz, ${s.after?.id}::uuid)`
    found.push(
      ...(await tx.$queryRaw<Found[]>`SELECT ${columns} FROM conversation c
        WHERE c.account_id = ${s.account} AND c.waiting_since IS NOT NULL${inStatuses(s)}${s.where}${from}
        ORDER BY c.waiting_since ${s.way}, c.id ${s.way} LIMIT ${s.most}`),
    )
  }
  if (found.length < s.most) {
    const from = s.after && at == null ? sql` AND c.id < ${s.after.id}::uuid` : empty
    found.push(
      ...(await tx.$queryRaw<Found[]>`SELECT ${columns} FROM conversation c
        WHERE c.account_id = ${s.account} AND c.waiting_since IS NULL${inStatuses(s)}${s.where}${from}
        ORDER BY c.id DESC LIMIT ${s.most - found.length}`),
    )
  }
  return found
}

const newestFirst = { way: sql`DESC`, beyond: sql`<`, after: null }

/** One priority after another, each by its newest activity. */
async function byPriority(tx: Tx, s: Search, direction: 'asc' | 'desc'): Promise<Found[]> {
  const order = direction === 'desc' ? [...priorities] : [...priorities].reverse()
  const [rank = 0, at = null] = s.after?.values ?? []
  const found: Found[] = []
  for (const priority of order.slice(rank ?? 0)) {
    const going = s.after && priority === order[rank ?? 0]
    const from = going
      ? sql` AND (c.last_activity_at, c.id) < (${new Date(at ?? 0)}::timestamptz, ${s.after?.id}::uuid)`
      : empty
    const left = s.most - found.length
    // The unusual priorities have an index of their own; the usual one is most of every status' list.
    const part =
      priority === 'normal'
        ? byActivity(tx, {
            ...s,
            where: sql`${s.where} AND c.priority = ${priority}${from}`,
            ...newestFirst,
            most: left,
          })
        : tx.$queryRaw<Found[]>`SELECT ${columns} FROM conversation c
            WHERE c.account_id = ${s.account} AND c.priority = ${priority}${inStatuses(s)}${s.where}${from}
            ORDER BY c.last_activity_at DESC, c.id DESC LIMIT ${left}`
    found.push(...(await part))
    if (found.length >= s.most) break
  }
  return found
}

/** The values of a row that its order goes by. */
function placeOf(row: Found, page: TicketPage, direction: 'asc' | 'desc'): Place {
  const at = row.last_activity_at.getTime()
  const rank = (priorities as readonly string[]).indexOf(row.priority)
  const values = {
    activity: [at],
    created: [row.display_id],
    number: [row.display_id],
    waiting: [row.waiting_since?.getTime() ?? null],
    priority: [direction === 'desc' ? rank : priorities.length - 1 - rank, at],
  }[page.sort]
  return { values, id: row.id }
}

export async function findTickets(tx: Tx, ctx: Ctx, page: TicketPage): Promise<FoundPage> {
  const direction = page.direction ?? usualDirection(page.sort)
  const search: Search = {
    account: sql`${ctx.accountId}::uuid`,
    where: await conditions(tx, ctx, page),
    statuses: wantedStatuses(page),
    way: direction === 'desc' ? sql`DESC` : sql`ASC`,
    beyond: direction === 'desc' ? sql`<` : sql`>`,
    after: page.cursor ? readPlace(page.cursor, page.sort, direction) : null,
    most: page.limit + 1,
  }
  const rows = await {
    activity: () => byActivity(tx, search),
    created: () => byNumber(tx, search),
    number: () => byNumber(tx, search),
    waiting: () => byWaiting(tx, search),
    priority: () => byPriority(tx, search, direction),
  }[page.sort]()
  const shown = rows.slice(0, page.limit)
  const last = shown.at(-1)
  return {
    ids: shown.map((row) => row.id),
    next: rows.length > page.limit && last ? writePlace(page.sort, direction, placeOf(last, page, direction)) : null,
  }
}

/** How many tickets stand behind a filter by status alone (kept numbers); null when anything else is asked. */
export async function countTickets(tx: Tx, ctx: Ctx, filter: TicketFilter): Promise<number | null> {
  const others = [
    filter.priority,
    filter.team,
    filter.owner,
    filter.label,
    filter.intent,
    filter.sentiment,
    filter.q?.trim(),
  ]
  if (others.some((asked) => asked && asked.length > 0)) return null
  const rows = await tx.conversationCount.findMany({
    where: { accountId: ctx.accountId, key: { in: wantedStatuses(filter).map((status) => `status:${status}`) } },
  })
  return rows.reduce((sum, row) => sum + row.n, 0)
}
