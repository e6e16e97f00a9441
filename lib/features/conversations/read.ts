/** Reads conversations for the desk: pages of lists, searches, counts, one conversation. Each is one statement. */
import { numberIn } from '@/lib/core/text'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { searchWords } from '@/lib/platform/crypto/words'
import { callInAccount } from '@/lib/platform/db/in-account'
import { type Status, statuses } from './activity'
import { readCursor, writeCursor } from './cursor'
import type { ListInput, Tab } from './input'
import { type ConversationRow, openRow, type StoredRow } from './row'

export interface ConversationPage {
  rows: ConversationRow[]
  /** Give it back as `cursor`; null on the last page. */
  next: string | null
}

/** What the tab shows when nothing else is said. */
const tabStatus: Record<Tab, Status> = {
  mine: 'open',
  unassigned: 'open',
  all: 'open',
  pending: 'pending',
  snoozed: 'snoozed',
  resolved: 'resolved',
}

/** The filter as `desk_conversations` reads it. */
export function filterOf(input: ListInput, member: string | null): Record<string, unknown> {
  const { tab = 'all', status } = input
  const filter: Record<string, unknown> = {
    statuses: status === 'any' ? statuses : [status ?? tabStatus[tab]],
  }
  for (const name of ['priority', 'team', 'label', 'intent', 'sentiment', 'needsPerson', 'ids', 'assignee'] as const)
    if (input[name] !== undefined) filter[name] = input[name]
  if (tab === 'mine') filter.assignee = member ?? 'none'
  if (tab === 'unassigned') filter.assignee = 'none'
  return filter
}

const labelSql = { name: 'desk_labelled', text: 'SELECT * FROM desk_labelled($1, $2, $3)' }
const listSql = { name: 'desk_conversations', text: 'SELECT * FROM desk_conversations($1, $2, $3)' }
const searchSql = {
  name: 'desk_search',
  text: 'SELECT (found).*, hit FROM desk_search($1, $2::bigint[], $3, $4, $5)',
}

/** A label has rows of its own in the list's order; chosen ids are few and looked at one by one. */
export const listSqlOf = (filter: Record<string, unknown>) => (filter.label && !filter.ids ? labelSql : listSql)

/** A page of a list, newest activity first; with `q` a search, newest hit first. */
export async function listPage(ctx: Ctx, input: ListInput, member: string | null): Promise<ConversationPage> {
  const limit = input.limit ?? 30
  const filter = filterOf(input, member)
  const vault = await accountVault(ctx)
  const cursor = input.cursor ? readCursor(input.cursor) : null
  if (cursor?.kind === 'list') {
    filter.beforeAt = cursor.at.toISOString()
    filter.beforeId = cursor.id
  }
  if (input.q?.trim()) {
    filter.number = numberIn(input.q)
    // "#325" asks for a number and for nothing else.
    const said = filter.number !== null && /^\s*[#＃]/.test(input.q) ? '' : input.q
    const words = searchWords(said).map((word) => String(vault.token(word)))
    // Signs without a word in them find nothing, rather than everything.
    if (!words.length && filter.number === null) return { rows: [], next: null }
    const before = cursor?.kind === 'search' ? cursor.hit : null
    const rows = await callInAccount<StoredRow & { hit: string | null }>(ctx.services, searchSql, [
      ctx.accountId,
      words,
      filter,
      before,
      limit,
    ])
    return { rows: rows.map((row) => openRow(row, vault)), next: rows.length < limit ? null : afterFound(rows.at(-1)) }
  }
  const rows = await callInAccount<StoredRow>(ctx.services, listSqlOf(filter), [ctx.accountId, filter, limit + 1])
  const page = rows.slice(0, limit)
  const next = rows.length > limit ? afterFound(page.at(-1)) : null
  return { rows: page.map((row) => openRow(row, vault)), next }
}

const afterFound = (last: (StoredRow & { hit?: string | null }) | undefined): string | null =>
  last
    ? writeCursor(
        last.hit ? { kind: 'search', hit: last.hit } : { kind: 'list', at: last.last_activity_at, id: last.id },
      )
    : null

export type Counts = Record<Tab, number>

const countsSql = { name: 'desk_counts', text: 'SELECT * FROM desk_counts($1, $2)' }

/** How many stand behind each tab: kept numbers, not counted ones. */
export async function readCounts(ctx: Ctx, member: string | null): Promise<Counts> {
  const rows = await callInAccount<{ key: string; n: number }>(ctx.services, countsSql, [ctx.accountId, member])
  const n = (key: string) => rows.find((row) => row.key === key)?.n ?? 0
  return {
    mine: member ? n(`open:assignee:${member}`) : 0,
    unassigned: n('open:unassigned'),
    all: n('status:open'),
    pending: n('status:pending'),
    snoozed: n('status:snoozed'),
    resolved: n('status:resolved'),
  }
}
