/** Lists, searches and transcripts: every page once, filters that agree with the table, both languages found. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { addNote } from '@/lib/flows/add-note'
import { assignConversation } from '@/lib/flows/assign'
import { setLabels } from '@/lib/flows/label-conversation'
import { listConversations } from '@/lib/flows/list-conversations'
import { readConversation, readTranscript } from '@/lib/flows/read-conversation'
import { readPeople } from '@/lib/flows/read-people'
import { reply } from '@/lib/flows/reply'
import { searchConversations } from '@/lib/flows/search-conversations'
import { setPriority } from '@/lib/flows/set-priority'
import { setStatus } from '@/lib/flows/set-status'
import { setTeam } from '@/lib/flows/set-team'
import { createKit, type Kit, type TestAccount } from './kit'

let kit: Kit
let shop: TestAccount
let foreign: TestAccount
/** In the order in which they were opened. */
const ids: string[] = []

beforeAll(async () => {
  kit = await createKit()
  shop = await kit.account('shop')
  foreign = await kit.account('foreign')
  await (await kit.visitor(foreign, 'Foreign Person')).say('refund everywhere 退款')
  const texts = [
    'I want a refund',
    '我要退款，太慢了!',
    'Where is my order?',
    'mumble mumble',
    'still unlabelled words',
  ]
  for (let i = 0; i < 25; i++) {
    const visitor = await kit.visitor(shop, i === 7 ? 'Zelda Quill' : `Visitor ${i}`)
    ids.push((await visitor.say(texts[i % 5] as string)).conversationId)
  }
  const as = kit.as(shop)
  for (const [i, id] of ids.entries()) {
    if (i % 3 === 0) await assignConversation(as, { id, assigneeId: shop.agent.membershipId })
    if (i % 4 === 0) await setTeam(as, { id, teamId: shop.teams.billing })
    if (i % 5 === 0) await setPriority(as, { id, priority: 'urgent' })
    if (i % 6 === 0) await setLabels(as, { id, labelIds: [shop.labels.vip] })
    if (i % 7 === 6) await setStatus(as, { id, status: 'resolved' })
  }
})
afterAll(() => kit.close())

const expected = async (where: string) =>
  (
    await kit.run<{ id: string }>(
      `SELECT c.id FROM conversation c WHERE c.account_id = $1 AND ${where} ORDER BY c.last_activity_at DESC, c.id DESC`,
      [shop.id],
    )
  ).map((row) => row.id)

test('pages by cursor give every row once, in order', async () => {
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await listConversations(kit.as(shop), { status: 'any', limit: 4, cursor })
    expect(page.rows.length).toBeLessThanOrEqual(4)
    expect('counts' in page).toBe(cursor === undefined)
    seen.push(...page.rows.map((row) => row.id))
    cursor = page.next ?? undefined
  } while (cursor)
  expect(seen).toEqual(await expected('true'))
})

test('tabs and filters show what the table holds', async () => {
  const me = shop.agent.membershipId
  const cases: [Parameters<typeof listConversations>[1], string][] = [
    [{ tab: 'mine' }, `status = 'open' AND assignee_id = '${me}'`],
    [{ tab: 'unassigned' }, `status = 'open' AND assignee_id IS NULL`],
    [{ tab: 'all' }, `status = 'open'`],
    [{ tab: 'resolved' }, `status = 'resolved'`],
    [{ tab: 'mine', status: 'any' }, `assignee_id = '${me}'`],
    [{ priority: 'urgent' }, `status = 'open' AND priority = 'urgent'`],
    [{ team: shop.teams.billing, status: 'any' }, `team_id = '${shop.teams.billing}'`],
    [{ team: 'none' }, `status = 'open' AND team_id IS NULL`],
    [
      { label: shop.labels.vip },
      `status = 'open' AND EXISTS (SELECT 1 FROM conversation_label l WHERE l.conversation_id = c.id)`,
    ],
    [{ intent: 'refund', sentiment: 'negative' }, `status = 'open' AND intent = 'refund' AND sentiment = 'negative'`],
    [{ needsPerson: true }, `status = 'open' AND needs_person`],
    [{ ids: ids.slice(0, 8) }, `status = 'open' AND id = ANY ('{${ids.slice(0, 8).join(',')}}')`],
  ]
  for (const [input, where] of cases) {
    const { rows } = await listConversations(kit.as(shop), { ...input, limit: 100 })
    const wanted = await expected(where)
    expect(
      rows.map((row) => row.id),
      JSON.stringify(input),
    ).toEqual(wanted)
    expect(wanted.length, JSON.stringify(input)).toBeGreaterThan(0)
  }
})

test('a row is opened and says what a list needs', async () => {
  const { rows } = await listConversations(kit.as(shop), { status: 'any', limit: 100 })
  const row = rows.find((each) => each.id === ids[1])
  expect(row).toMatchObject({
    contact: { name: 'Visitor 1', locale: 'en' },
    preview: '我要退款，太慢了!',
    previewKind: 'incoming',
    intent: 'refund',
    sentiment: 'negative',
    urgency: 'high',
    language: 'zh',
    unread: true,
    needsPerson: false,
  })
  expect(row?.intentProbability).toBeCloseTo(0.88)
  expect(rows.find((each) => each.id === ids[3])).toMatchObject({ needsPerson: false, priority: 'normal' })
  expect(rows.find((each) => each.id === ids[23])).toMatchObject({ needsPerson: true })
  expect(rows.find((each) => each.id === ids[4])).toMatchObject({ intent: null, sentiment: null })
})

test('search finds words in both languages, names, and never another account', async () => {
  const find = async (q: string, more = {}) =>
    (await searchConversations(kit.as(shop), { q, limit: 50, ...more })).rows.map((row) => row.id)
  expect((await find('REFUND')).sort()).toEqual(ids.filter((_, i) => i % 5 === 0).sort())
  expect((await find('退款')).sort()).toEqual(ids.filter((_, i) => i % 5 === 1).sort())
  expect((await find('我要 太慢')).sort()).toEqual(ids.filter((_, i) => i % 5 === 1).sort())
  expect(await find('zelda')).toEqual([ids[7]])
  expect(await find('foreign')).toEqual([])
  expect(await find('refund order')).toEqual([])
  expect(await find('!?')).toEqual([])
  expect((await find('refund', { priority: 'urgent', status: 'open' })).sort()).toEqual(
    ids.filter((_, i) => i % 5 === 0 && i % 7 !== 6).sort(),
  )
})

test('search pages: newest hit first, every conversation once', async () => {
  const wanted = (await searchConversations(kit.as(shop), { q: 'order', limit: 50 })).rows.map((row) => row.id)
  expect(wanted).toEqual(ids.filter((_, i) => i % 5 === 2).reverse())
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await searchConversations(kit.as(shop), { q: 'order', limit: 2, cursor })
    seen.push(...page.rows.map((row) => row.id))
    cursor = page.next ?? undefined
  } while (cursor)
  expect(seen).toEqual(wanted)
})

test('a name that many bear pages to its end, those found by words follow, and a number finds its conversation', async () => {
  const named: string[] = []
  for (let i = 0; i < 23; i++) {
    const visitor = await kit.visitor(shop, `Quillon ${i}`)
    named.push((await visitor.say(i === 3 ? 'I am quillon' : 'hello there')).conversationId)
  }
  const other = await kit.visitor(shop, 'Somebody Else')
  const { conversationId: said } = await other.say('quillon told me so')
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await searchConversations(kit.as(shop), { q: 'quillon', limit: 5, cursor })
    seen.push(...page.rows.map((row) => row.id))
    cursor = page.next ?? undefined
  } while (cursor)
  expect(seen).toEqual([...named.reverse(), said])

  const { displayId } = (await searchConversations(kit.as(shop), { q: 'quillon', limit: 1 })).rows[0] ?? {}
  for (const q of [`#${displayId}`, ` ＃${displayId} `, `${displayId}`])
    expect((await searchConversations(kit.as(shop), { q })).rows[0]?.displayId, q).toBe(displayId)
  expect((await searchConversations(kit.as(foreign), { q: `#${displayId}` })).rows).toEqual([])
  expect((await searchConversations(kit.as(shop), { q: '#99999999999' })).rows).toEqual([])
})

test('answers and notes are found too', async () => {
  const id = ids[2] as string
  await reply(kit.as(shop), { id, clientId: newId(), text: 'The parcel left Rotterdam' })
  await addNote(kit.as(shop), { id, clientId: newId(), text: '客户是老朋友' })
  expect((await searchConversations(kit.as(shop), { q: 'rotterdam' })).rows.map((row) => row.id)).toEqual([id])
  expect((await searchConversations(kit.as(shop), { q: '老朋友' })).rows.map((row) => row.id)).toEqual([id])
})

test('a conversation is found by id and by number; a transcript pages backwards and catches up', async () => {
  const visitor = await kit.visitor(shop, 'Long Talker')
  const { conversationId: id } = await visitor.say('message 1')
  for (let i = 2; i <= 12; i++) await visitor.say(`message ${i}`)
  const one = await readConversation(kit.as(shop), { id })
  expect((await readConversation(kit.as(shop), { id: String(one.displayId) })).id).toBe(id)
  for (const wrong of ['999999', '99999999999', 'abc', newId(), "1'; --"])
    await expect(readConversation(kit.as(shop), { id: wrong })).rejects.toMatchObject({ code: 'not_found' })
  const texts = (page: { messages: { text: string | null }[] }) => page.messages.map((message) => message.text)
  const newest = await readTranscript(kit.as(shop), { id, limit: 5 })
  expect(texts(newest)).toEqual([8, 9, 10, 11, 12].map((i) => `message ${i}`))
  expect(newest.more).toBe(true)
  const older = await readTranscript(kit.as(shop), { id, limit: 5, before: newest.messages[0]?.sequence })
  expect(texts(older)).toEqual([3, 4, 5, 6, 7].map((i) => `message ${i}`))
  const oldest = await readTranscript(kit.as(shop), { id, limit: 5, before: older.messages[0]?.sequence })
  expect(texts(oldest)).toEqual(['message 1', 'message 2'])
  expect(oldest.more).toBe(false)
  const missed = await readTranscript(kit.as(shop), { id, after: 10 })
  expect(texts(missed)).toEqual(['message 11', 'message 12'])
  const chosen = [newest.messages[4]?.id as string, oldest.messages[0]?.id as string]
  expect(texts(await readTranscript(kit.as(shop), { id, ids: chosen }))).toEqual(['message 1', 'message 12'])
  expect(newest.messages[0]).toMatchObject({
    kind: 'incoming',
    labelState: 'labelled',
    prediction: { modelVersion: 'test-1', intent: 'order_status', inScope: true, latencyMs: 1.5 },
    corrections: [],
    flag: null,
  })
})

test('a damaged value does not take the list with it', async () => {
  const { conversationId: id } = await (await kit.visitor(shop, 'Damaged')).say('will break')
  await kit.run(`UPDATE conversation SET preview = '\\x0102' WHERE id = $1`, [id])
  const { rows } = await listConversations(kit.as(shop), { limit: 3 })
  expect(rows.find((row) => row.id === id)).toMatchObject({ preview: null, contact: { name: 'Damaged' } })
})

test('cursors that are none are refused', async () => {
  for (const cursor of ['x', 'bA', Buffer.from('lzz.nope').toString('base64url')])
    await expect(listConversations(kit.as(shop), { cursor })).rejects.toMatchObject({ code: 'invalid_input' })
})

test('pickers offer the account’s own people, teams and labels', async () => {
  const people = await readPeople(kit.as(shop))
  expect(people.me).toBe(shop.agent.membershipId)
  expect(people.members.map((member) => member.name)).toEqual(['Ana', 'Bo', 'Vi'])
  expect(people.teams.map((team) => team.name)).toEqual(['Billing', 'Shipping'])
  expect(people.labels.map((each) => each.name)).toEqual(['Bug', 'VIP'])
})

test('the list of a label follows what happens to its conversations, page by page and beside other filters', async () => {
  const labelled = `EXISTS (SELECT 1 FROM conversation_label l WHERE l.conversation_id = c.id AND l.label_id = '${shop.labels.bug}')`
  const chosen = [ids[1], ids[4], ids[8], ids[10], ids[13]] as string[]
  for (const id of chosen) await setLabels(kit.as(shop), { id, labelIds: [shop.labels.bug] })
  const all = async (input: Parameters<typeof listConversations>[1]) => {
    const seen: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page = await listConversations(kit.as(shop), { label: shop.labels.bug, limit: 2, cursor, ...input })
      seen.push(...page.rows.map((row) => row.id))
      if (!page.next) return seen
      cursor = page.next
    }
  }
  expect(await all({ status: 'any' })).toEqual(await expected(labelled))
  // A word moves a conversation to the top, an end takes it to the other tab; a label that is taken off takes it away.
  await reply(kit.as(shop), { id: chosen[0] as string, clientId: newId(), text: 'here' })
  await setStatus(kit.as(shop), { id: chosen[1] as string, status: 'resolved' })
  expect((await all({ tab: 'all' }))[0]).toBe(chosen[0])
  expect(await all({ tab: 'all' })).toEqual(await expected(`status = 'open' AND ${labelled}`))
  expect(await all({ tab: 'resolved' })).toEqual(await expected(`status = 'resolved' AND ${labelled}`))
  expect(await all({ status: 'any', priority: 'urgent' })).toEqual(
    await expected(`priority = 'urgent' AND ${labelled}`),
  )
  await setLabels(kit.as(shop), { id: chosen[2] as string, labelIds: [] })
  expect(await all({ status: 'any' })).toEqual(await expected(labelled))
  const stale = await kit.run(
    `SELECT l.conversation_id FROM conversation_label l JOIN conversation c ON c.account_id = l.account_id AND c.id = l.conversation_id
     WHERE (l.status, l.last_activity_at) IS DISTINCT FROM (c.status, c.last_activity_at)`,
  )
  expect(stale).toEqual([])
})
