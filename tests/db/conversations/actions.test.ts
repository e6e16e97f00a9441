/** Actions on a conversation: what they change, the line and news they leave, and that undo restores exactly. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { assignConversation } from '@/lib/flows/assign'
import { setLabels } from '@/lib/flows/label-conversation'
import { listConversations } from '@/lib/flows/list-conversations'
import { markRead } from '@/lib/flows/mark-read'
import { readConversation, readTranscript } from '@/lib/flows/read-conversation'
import { setPriority } from '@/lib/flows/set-priority'
import { setStatus } from '@/lib/flows/set-status'
import { setTeam } from '@/lib/flows/set-team'
import { snoozeConversation } from '@/lib/flows/snooze'
import { undoChange } from '@/lib/flows/undo-change'
import { wakeSnoozed } from '@/lib/flows/wake-snoozed'
import type { Ctx } from '@/lib/platform/context'
import { createKit, type Kit, type TestAccount } from './kit'

let kit: Kit
let shop: TestAccount
beforeAll(async () => {
  kit = await createKit()
  shop = await kit.account('shop')
})
afterAll(() => kit.close())

const columns = (id: string) => kit.run('SELECT * FROM conversation WHERE id = $1', [id]).then((rows) => rows[0])
/** Everything of the row that a change and its undo must leave as it was; sequences only grow. */
/** All but what only grows: `labelled` says that it ever bore a label. */
const essence = async (id: string) => {
  const { last_sequence: _l, read_sequence: _r, labelled: _e, ...rest } = (await columns(id)) as Record<string, unknown>
  const labels = await kit.run('SELECT label_id FROM conversation_label WHERE conversation_id = $1 ORDER BY 1', [id])
  return { ...rest, labels }
}
const opened = async (text = 'Where is my order?') => (await (await kit.visitor(shop)).say(text)).conversationId

describe('each action changes, tells, writes a line, and is undone exactly', () => {
  const until = new Date('2026-12-01T08:00:00Z')
  const actions = {
    assign: (id: string) => assignConversation(kit.as(shop), { id, assigneeId: shop.other.membershipId }),
    team: (id: string) => setTeam(kit.as(shop), { id, teamId: shop.teams.billing }),
    priority: (id: string) => setPriority(kit.as(shop), { id, priority: 'urgent' }),
    resolve: (id: string) => setStatus(kit.as(shop), { id, status: 'resolved' }),
    pending: (id: string) => setStatus(kit.as(shop), { id, status: 'pending' }),
    snooze: (id: string) => snoozeConversation(kit.as(shop), { id, until }),
    labels: (id: string) => setLabels(kit.as(shop), { id, labelIds: [shop.labels.vip, shop.labels.bug] }),
  }
  test.each(Object.entries(actions))('%s', async (_name, act) => {
    const id = await opened()
    const before = await essence(id)
    const changed = await act(id)
    expect(changed.changeId).not.toBeNull()
    expect(await essence(id)).not.toEqual(before)
    const lines = (await readTranscript(kit.as(shop), { id })).messages.filter((message) => message.kind === 'activity')
    expect(lines.map((line) => [line.id, line.author?.name])).toEqual([[changed.changeId, 'Ana']])
    expect(lines[0]?.activity).not.toHaveProperty('was')
    expect((await kit.events(shop)).at(-1)).toMatchObject({
      type: 'conversation.updated',
      conversation_id: id,
      message_id: changed.changeId,
    })
    // Doing it once more is no change: no line, no news.
    const events = (await kit.events(shop)).length
    if (_name !== 'snooze') expect((await act(id)).changeId).toBeNull()
    expect((await kit.events(shop)).length).toBe(events)

    const undone = await undoChange(kit.as(shop), { id, changeId: changed.changeId as string })
    expect(await essence(id)).toEqual(before)
    expect(undone.conversation).toEqual(changed.previous)
    expect((await kit.events(shop)).at(-1)?.data).toMatchObject({ because: 'undone', removed: changed.changeId })
    expect((await readTranscript(kit.as(shop), { id })).messages.every((message) => message.kind !== 'activity')).toBe(
      true,
    )
  })
})

test('undo refuses what somebody changed since, and what somebody else did', async () => {
  const id = await opened()
  const mine = await setPriority(kit.as(shop), { id, priority: 'high' })
  await expect(undoChange(kit.as(shop, shop.other), { id, changeId: mine.changeId as string })).rejects.toMatchObject({
    code: 'not_found',
  })
  await setPriority(kit.as(shop, shop.other), { id, priority: 'urgent' })
  await expect(undoChange(kit.as(shop), { id, changeId: mine.changeId as string })).rejects.toMatchObject({
    code: 'conflict',
  })
})

test('undo does not touch what others changed beside it', async () => {
  const id = await opened()
  const mine = await setPriority(kit.as(shop), { id, priority: 'high' })
  await setTeam(kit.as(shop, shop.other), { id, teamId: shop.teams.shipping })
  await undoChange(kit.as(shop), { id, changeId: mine.changeId as string })
  expect(await columns(id)).toMatchObject({ priority: 'normal', team_id: shop.teams.shipping })
})

test('resolving ends the waiting; a new message reopens and the waiting begins anew', async () => {
  const visitor = await kit.visitor(shop)
  const { conversationId: id } = await visitor.say('Where is my order?')
  await setStatus(kit.as(shop), { id, status: 'resolved' })
  expect(await readConversation(kit.as(shop), { id })).toMatchObject({ status: 'resolved', waitingSince: null })
  const again = await visitor.say('still nothing')
  expect(again.conversationId).toBe(id)
  const now = await readConversation(kit.as(shop), { id })
  expect(now).toMatchObject({ status: 'open', resolvedAt: null, waitingSince: again.createdAt })
})

test('a conversation that goes on elsewhere stays resolved', async () => {
  const visitor = await kit.visitor(shop)
  const first = await visitor.say('first')
  const resolved = await setStatus(kit.as(shop), { id: first.conversationId, status: 'resolved' })
  kit.pass(20 * 86_400_000)
  const second = await visitor.say('second')
  expect(second.conversationId).not.toBe(first.conversationId)
  const id = first.conversationId
  const detail = await readConversation(kit.as(shop), { id })
  const newer = await readConversation(kit.as(shop), { id: second.conversationId })
  expect(detail.supersededBy).toBe(newer.displayId)
  expect(newer.others.map((other) => other.displayId)).toEqual([detail.displayId])
  const refused = { code: 'conversation_superseded' }
  await expect(setStatus(kit.as(shop), { id, status: 'open' })).rejects.toMatchObject(refused)
  await expect(
    snoozeConversation(kit.as(shop), { id, until: new Date(kit.now().getTime() + 1_000) }),
  ).rejects.toMatchObject(refused)
  await expect(undoChange(kit.as(shop), { id, changeId: resolved.changeId as string })).rejects.toMatchObject(refused)
})

test('what cannot be is refused', async () => {
  const id = await opened()
  const invalid = { code: 'invalid_input' }
  await expect(assignConversation(kit.as(shop), { id, assigneeId: newId() })).rejects.toMatchObject(invalid)
  await expect(assignConversation(kit.as(shop), { id, assigneeId: shop.viewer.membershipId })).rejects.toMatchObject(
    invalid,
  )
  await expect(setTeam(kit.as(shop), { id, teamId: newId() })).rejects.toMatchObject(invalid)
  await expect(setLabels(kit.as(shop), { id, labelIds: [newId()] })).rejects.toMatchObject(invalid)
  await expect(snoozeConversation(kit.as(shop), { id, until: kit.now() })).rejects.toMatchObject({
    code: 'snooze_in_past',
  })
  await expect(setPriority(kit.as(shop, shop.viewer), { id, priority: 'low' })).rejects.toMatchObject({
    code: 'forbidden',
  })
})

test('a line of the desk leaves a read conversation read and an unread one unread', async () => {
  const visitor = await kit.visitor(shop)
  const { conversationId: id, sequence } = await visitor.say('hello')
  const unread = async () => (await readConversation(kit.as(shop), { id })).unread
  await setPriority(kit.as(shop), { id, priority: 'high' })
  expect(await unread()).toBe(true)
  await markRead(kit.as(shop), { id, sequence: sequence + 99 })
  expect(await unread()).toBe(false)
  await setPriority(kit.as(shop), { id, priority: 'low' })
  expect(await unread()).toBe(false)
  await visitor.say('anyone?')
  expect(await unread()).toBe(true)
  await markRead(kit.as(shop), { id, sequence: 0 })
  expect(await unread()).toBe(true)
})

test('what was read stays read, unless somebody wants it unread again', async () => {
  const { conversationId: id, sequence } = await (await kit.visitor(shop)).say('hello')
  const read = async (input: { sequence: number; back?: boolean }) => {
    const { unread } = await markRead(kit.as(shop), { id, ...input })
    expect((await readConversation(kit.as(shop), { id })).unread).toBe(unread)
    return unread
  }
  expect(await read({ sequence })).toBe(false)
  expect(await read({ sequence: sequence - 1 })).toBe(false)
  expect(await read({ sequence: sequence - 1, back: true })).toBe(true)
  expect(await read({ sequence })).toBe(false)
})

test('the kept counts stay right while many act at once', async () => {
  const ids = await Promise.all(Array.from({ length: 12 }, () => opened('count me')))
  await Promise.all(
    ids.flatMap((id, i) => [
      assignConversation(kit.as(shop), { id, assigneeId: (i % 2 ? shop.agent : shop.other).membershipId }),
      setStatus(kit.as(shop), { id, status: i % 3 ? 'resolved' : 'pending' }),
      setStatus(kit.as(shop, shop.other), { id, status: i % 2 ? 'open' : 'resolved' }),
    ]),
  )
  const { counts } = await listConversations(kit.as(shop))
  const [real] = await kit.run<Record<string, number>>(
    `SELECT count(*) FILTER (WHERE status = 'open')::int AS all, count(*) FILTER (WHERE status = 'open' AND assignee_id IS NULL)::int AS unassigned,
      count(*) FILTER (WHERE status = 'open' AND assignee_id = $2)::int AS mine, count(*) FILTER (WHERE status = 'pending')::int AS pending,
      count(*) FILTER (WHERE status = 'snoozed')::int AS snoozed, count(*) FILTER (WHERE status = 'resolved')::int AS resolved
     FROM conversation WHERE account_id = $1`,
    [shop.id, shop.agent.membershipId],
  )
  expect(counts).toEqual(real)
})

test('a snooze that ends by itself opens the conversation, says so in the transcript, and tells once', async () => {
  const id = await opened()
  const until = new Date(kit.as(shop).now().getTime() + 60_000)
  await snoozeConversation(kit.as(shop), { id, until })
  const ctxOf = (at: Date) => (accountId: string) =>
    ({ ...kit.as(shop), accountId, actor: { kind: 'system', reason: 'test' }, now: () => at }) as Ctx
  const before = (await kit.events(shop)).length
  await wakeSnoozed(kit.services, ctxOf(new Date(until.getTime() - 1)))
  expect(await columns(id)).toMatchObject({ status: 'snoozed' })
  // Two workers at once.
  await Promise.all([1, 2].map(() => wakeSnoozed(kit.services, ctxOf(until))))
  expect(await columns(id)).toMatchObject({ status: 'open', snoozed_until: null })
  const lines = (await readTranscript(kit.as(shop), { id })).messages.filter(({ kind }) => kind === 'activity')
  expect(lines.map(({ activity, author }) => [activity, author])).toEqual([
    [{ type: 'snoozed', from: 'open', until: until.toISOString() }, expect.objectContaining({ name: 'Ana' })],
    [{ type: 'awake' }, null],
  ])
  const news = (await kit.events(shop)).slice(before).filter((event) => event.conversation_id === id)
  expect(news).toMatchObject([{ type: 'conversation.updated', message_id: lines[1]?.id }])
})
