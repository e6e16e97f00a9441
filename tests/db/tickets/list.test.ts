/** The ticket table: every order pages without gaps or repeats and equals a plain sort; filters; search; accounts kept apart. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TicketPage, type TicketQuery, ticketPage, ticketQuery } from '@/lib/features/tickets/input'
import { sorts } from '@/lib/features/tickets/rules'
import { assignConversation } from '@/lib/flows/assign'
import { createLabel } from '@/lib/flows/create-label'
import { createTeam } from '@/lib/flows/create-team'
import { setLabels } from '@/lib/flows/label-conversation'
import { listTickets, type Ticket } from '@/lib/flows/list-tickets'
import { setPriority } from '@/lib/flows/set-priority'
import { setStatus } from '@/lib/flows/set-status'
import { setTeam } from '@/lib/flows/set-team'
import type { Ctx } from '@/lib/platform/context'
import { codeOf, createKit, type Kit } from '../settings/kit'

let kit: Kit
let team: string
let label: string
const made: string[] = []

const list = (query: Partial<TicketPage> = {}, ctx: Ctx = kit.shop.as.agent) =>
  listTickets(ctx, { sort: 'activity', limit: 200, ...query })

/** All pages, one after the other. */
async function walk(query: Partial<TicketQuery>, limit: number): Promise<Ticket[]> {
  const all: Ticket[] = []
  let cursor: string | undefined
  do {
    const page = await list({ ...query, limit, ...(cursor ? { cursor } : {}) })
    all.push(...page.tickets)
    cursor = page.next ?? undefined
    expect(page.tickets.length).toBeLessThanOrEqual(limit)
  } while (cursor)
  return all
}

beforeAll(async () => {
  kit = await createKit()
  const agent = kit.shop.as.agent
  team = (await createTeam(kit.shop.as.owner, { name: 'Billing', memberIds: [] })).id
  label = (await createLabel(kit.shop.as.owner, { name: 'VIP', colour: 'grey' })).id
  const heads = ['refund negative', 'invoice neutral', 'order_status positive', 'greeting neutral']
  for (let i = 0; i < 24; i++) {
    const { conversationId: id } = await kit.shop.write(`${heads[i % 4]}: ticket number ${i} 我要退款`)
    made.push(id)
    if (i % 3 === 0) await setTeam(agent, { id, teamId: team })
    if (i % 4 === 0) await assignConversation(agent, { id, assigneeId: kit.shop.members.agent })
    if (i % 5 === 0) await setPriority(agent, { id, priority: i % 2 ? 'urgent' : 'high' })
    if (i % 6 === 0) await setLabels(agent, { id, labelIds: [label] })
    if (i % 7 === 0) await setStatus(agent, { id, status: 'resolved' })
    if (i % 11 === 0) await setStatus(agent, { id, status: 'pending' })
  }
  // Equal times: only the id tells the rows apart.
  await kit.owner.query(`UPDATE conversation SET last_activity_at = '2026-11-01', waiting_since = CASE WHEN waiting_since IS NULL THEN NULL ELSE '2026-11-01'::timestamptz END
    WHERE display_id BETWEEN 5 AND 12`)
  await kit.rival.write('refund negative: secret of the rival')
})
afterAll(() => kit.close())

test('chosen ids are those that the filter finds among them', async () => {
  const numbers = async (query: Partial<TicketPage>) =>
    (await list(query)).tickets.map(({ id }) => made.indexOf(id)).sort()
  const ids = [made[7], made[1], made[5], made[15]] as string[]
  expect(await numbers({ ids })).toEqual([1, 15, 5])
  for (const sort of sorts) expect(await numbers({ ids, sort, priority: ['urgent'] }), sort).toEqual([15, 5])
  expect(await numbers({ ids: [], priority: ['urgent'] })).toEqual([])
  expect(ticketPage.parse({ ids: ids.join(',') }).ids).toEqual(ids)
  expect((await list({ ids }, kit.rival.as.owner)).tickets).toEqual([])
})

const rank = ['urgent', 'high', 'normal', 'low']
const time = (iso: string | null) => (iso ? Date.parse(iso) : null)
const down = (a: string, b: string) => (a < b ? 1 : a > b ? -1 : 0)
/** What a sort means, without a database. */
const plain: Record<(typeof sorts)[number], (a: Ticket, b: Ticket, way: 1 | -1) => number> = {
  activity: (a, b, way) =>
    way * ((time(a.lastActivityAt) ?? 0) - (time(b.lastActivityAt) ?? 0)) || -way * down(a.id, b.id),
  created: (a, b, way) => way * (a.displayId - b.displayId),
  number: (a, b, way) => way * (a.displayId - b.displayId),
  waiting: (a, b, way) => {
    const [one, other] = [time(a.waitingSince), time(b.waitingSince)]
    if (one === null && other === null) return down(a.id, b.id)
    if (one === null || other === null) return one === null ? 1 : -1
    return way * (one - other) || -way * down(a.id, b.id)
  },
  priority: (a, b, way) =>
    -way * (rank.indexOf(a.priority) - rank.indexOf(b.priority)) ||
    (time(b.lastActivityAt) ?? 0) - (time(a.lastActivityAt) ?? 0) ||
    down(a.id, b.id),
}

const everything = { status: ['open', 'pending', 'snoozed', 'resolved'] } satisfies Partial<TicketQuery>

describe('orders', () => {
  for (const sort of sorts)
    for (const direction of ['asc', 'desc'] as const)
      test.each([1, 5, 24])(`${sort} ${direction}, pages of %i`, async (limit) => {
        const all = await walk({ ...everything, sort, direction }, limit)
        expect(new Set(all.map((ticket) => ticket.id)).size).toBe(24)
        const wanted = [...all].sort((a, b) => plain[sort](a, b, direction === 'asc' ? 1 : -1))
        expect(all.map((ticket) => ticket.displayId)).toEqual(wanted.map((ticket) => ticket.displayId))
      })

  test('a place of another order, or no place at all, is refused', async () => {
    const { next } = await list({ sort: 'number', limit: 2 })
    expect(await codeOf(list({ sort: 'waiting', cursor: next ?? '' }))).toBe('invalid_input')
    for (const cursor of ['x', 'e30', Buffer.from('["number","desc",[1],"nope"]').toString('base64url')])
      expect(await codeOf(list({ sort: 'number', cursor }))).toBe('invalid_input')
  })
})

describe('filters', () => {
  const all = () => walk(everything, 100)
  test.each<[string, Partial<TicketQuery>, (ticket: Ticket) => boolean]>([
    ['nothing: what is still work', {}, (t) => t.status !== 'resolved'],
    ['one status', { status: ['resolved'] }, (t) => t.status === 'resolved'],
    ['two statuses', { status: ['resolved', 'pending'] }, (t) => t.status === 'resolved' || t.status === 'pending'],
    [
      'priorities',
      { ...everything, priority: ['urgent', 'high'] },
      (t) => t.priority === 'urgent' || t.priority === 'high',
    ],
    ['no team', { ...everything, team: ['none'] }, (t) => t.teamId === null],
    ['my own', { ...everything, owner: ['me'] }, (t) => t.assigneeId === kit.shop.members.agent],
    ['mine or nobody’s', { ...everything, owner: ['me', 'none'] }, () => true],
    [
      'intents',
      { ...everything, intent: ['refund', 'invoice'] },
      (t) => t.intent === 'refund' || t.intent === 'invoice',
    ],
    ['sentiment', { ...everything, sentiment: ['negative'] }, (t) => t.sentiment === 'negative'],
  ])('%s, in every order', async (_name, query, fits) => {
    const wanted = (await all())
      .filter(fits)
      .map((ticket) => ticket.id)
      .sort()
    expect(wanted.length).toBeGreaterThan(0)
    for (const sort of sorts)
      expect((await walk({ ...query, sort }, 7)).map((ticket) => ticket.id).sort(), sort).toEqual(wanted)
  })

  test('team and label, alone and together', async () => {
    const rows = await all()
    const found = async (query: Partial<TicketQuery>) =>
      (await walk({ ...everything, ...query }, 7)).map((t) => t.id).sort()
    const wanted = (fits: (t: Ticket) => boolean) =>
      rows
        .filter(fits)
        .map((t) => t.id)
        .sort()
    expect(await found({ team: [team] })).toEqual(wanted((t) => t.teamId === team))
    expect(await found({ label: [label] })).toEqual(wanted((t) => t.labelIds.includes(label)))
    expect(await found({ team: [team, 'none'], label: [label], priority: ['high'] })).toEqual(
      wanted((t) => t.labelIds.includes(label) && t.priority === 'high'),
    )
  })

  test('words in both languages, a name, a number', async () => {
    const numbers = async (q: string) => (await walk({ ...everything, q }, 50)).map((ticket) => ticket.displayId)
    expect(await numbers('退款')).toHaveLength(24)
    expect(await numbers('number 17')).toEqual([18])
    expect(await numbers('#7')).toContain(7)
    expect(await numbers('7')).toEqual([8, 7])
    expect(await numbers('absent')).toEqual([])
    expect(await numbers('!!!')).toEqual([])
    expect(await numbers('99999999999')).toEqual([])
  })

  test('the total is known for statuses alone', async () => {
    expect((await list()).total).toBe((await walk({}, 100)).length)
    expect((await list({ status: ['resolved'] })).total).toBe((await walk({ status: ['resolved'] }, 100)).length)
    expect((await list({ sentiment: ['negative'] })).total).toBeNull()
    expect((await list({ limit: 2, cursor: (await list({ limit: 2 })).next ?? '' })).total).toBeUndefined()
  })
})

describe('accounts', () => {
  test('see their own tickets only, whatever they ask for', async () => {
    const theirs = await list(everything, kit.rival.as.owner)
    expect(theirs.tickets).toHaveLength(1)
    expect(theirs.tickets[0]?.preview).toContain('secret of the rival')
    expect((await list({ ...everything, team: [team] }, kit.rival.as.owner)).tickets).toEqual([])
    expect((await list({ ...everything, label: [label] }, kit.rival.as.owner)).tickets).toEqual([])
    expect((await list({ ...everything, q: 'rival' })).tickets).toEqual([])
  })
})

test('addresses: lists by comma, nonsense refused', () => {
  expect(ticketQuery.parse({ status: 'open,open,pending', owner: 'me,none' })).toMatchObject({
    status: ['open', 'pending'],
    owner: ['me', 'none'],
    sort: 'activity',
  })
  for (const bad of [
    { status: 'closed' },
    { owner: 'you' },
    { team: 'x' },
    { sort: 'name' },
    { limit: '0' },
    { limit: '1000' },
  ])
    expect(ticketPage.safeParse(bad).success, JSON.stringify(bad)).toBe(false)
})
