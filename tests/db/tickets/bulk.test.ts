/** Bulk actions: one line for each ticket, one undo for all; refusals of single tickets do not stop the others. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { bulkChange } from '@/lib/features/tickets/input'
import { bulkUpdate } from '@/lib/flows/bulk-update'
import { createLabel } from '@/lib/flows/create-label'
import { createTeam } from '@/lib/flows/create-team'
import { listTickets } from '@/lib/flows/list-tickets'
import { setPriority } from '@/lib/flows/set-priority'
import { takeBack } from '@/lib/flows/take-back'
import { codeOf, createKit, type Kit } from '../settings/kit'

let kit: Kit
let team: string
let labels: string[]
let ids: string[]
beforeAll(async () => {
  kit = await createKit()
  team = (await createTeam(kit.shop.as.owner, { name: 'Billing', memberIds: [] })).id
  labels = [
    (await createLabel(kit.shop.as.owner, { name: 'One', colour: 'grey' })).id,
    (await createLabel(kit.shop.as.owner, { name: 'Two', colour: 'grey' })).id,
  ]
  ids = []
  for (let i = 0; i < 6; i++) ids.push((await kit.shop.write(`refund: ${i}`)).conversationId)
})
afterAll(() => kit.close())

const all = async () => {
  const query = {
    status: ['open', 'pending', 'snoozed', 'resolved'] as ('open' | 'resolved')[],
    sort: 'number' as const,
    direction: 'asc' as const,
    limit: 200,
  }
  return (await listTickets(kit.shop.as.agent, query)).tickets
}
const lines = async () =>
  (
    await kit.owner.query(
      `SELECT activity ->> 'type' AS type FROM message WHERE account_id = $1 AND kind = 'activity'`,
      [kit.shop.accountId],
    )
  ).rows.map((row: { type: string }) => row.type)

describe('a bulk action', () => {
  test('changes each with a line of its own, and is taken back whole', async () => {
    const before = await all()
    const change = {
      assigneeId: kit.shop.members.agent,
      teamId: team,
      priority: 'high',
      status: 'resolved',
      addLabelIds: [labels[0] as string],
    } as const
    const done = await bulkUpdate(kit.shop.as.agent, {
      ids,
      change: { ...change, addLabelIds: [...change.addLabelIds] },
    })
    expect(done).toMatchObject({ changed: 6, unchanged: 0, refused: 0 })
    for (const ticket of await all())
      expect(ticket).toMatchObject({
        assigneeId: kit.shop.members.agent,
        teamId: team,
        priority: 'high',
        status: 'resolved',
        labelIds: [labels[0]],
      })
    expect((await lines()).sort()).toEqual(
      ['assigned', 'labels', 'priority', 'status', 'team'].flatMap((type) => Array(6).fill(type)),
    )
    expect(await takeBack(kit.shop.as.agent, { id: done.undoId ?? '' })).toEqual({ restored: 6, kept: 0 })
    expect(await lines()).toEqual([])
    const same = ({ lastSequence: _s, unread: _u, ...ticket }: (typeof before)[number]) => ticket
    expect((await all()).map(same)).toEqual(before.map(same))
  })

  test('leaves what is so already, and what somebody changed since stays', async () => {
    await setPriority(kit.shop.as.agent, { id: ids[0] as string, priority: 'urgent' })
    const done = await bulkUpdate(kit.shop.as.agent, { ids, change: { priority: 'urgent' } })
    expect(done).toMatchObject({ changed: 5, unchanged: 1, refused: 0 })
    await setPriority(kit.shop.as.admin, { id: ids[1] as string, priority: 'low' })
    expect(await takeBack(kit.shop.as.agent, { id: done.undoId ?? '' })).toEqual({ restored: 4, kept: 1 })
    expect((await all()).map((ticket) => ticket.priority)).toEqual([
      'urgent',
      'low',
      'normal',
      'normal',
      'normal',
      'normal',
    ])
    expect(await bulkUpdate(kit.shop.as.agent, { ids: [ids[0] as string], change: { priority: 'urgent' } })).toEqual({
      changed: 0,
      unchanged: 1,
      refused: 0,
      undoId: null,
    })
  })

  test('adds and removes labels without touching the others', async () => {
    const [one, two] = labels as [string, string]
    await bulkUpdate(kit.shop.as.agent, { ids: ids.slice(0, 2), change: { addLabelIds: [one] } })
    await bulkUpdate(kit.shop.as.agent, { ids: ids.slice(0, 3), change: { addLabelIds: [two] } })
    await bulkUpdate(kit.shop.as.agent, { ids, change: { removeLabelIds: [one] } })
    expect((await all()).map((ticket) => ticket.labelIds)).toEqual([[two], [two], [two], [], [], []])
  })

  test('goes past tickets that are gone or another account’s', async () => {
    const foreign = (await kit.rival.write('refund: theirs')).conversationId
    const done = await bulkUpdate(kit.shop.as.agent, {
      ids: [foreign, ids[5] as string, newId()],
      change: { status: 'pending' },
    })
    expect(done).toMatchObject({ changed: 1, refused: 2 })
    const { rows } = await kit.owner.query('SELECT status FROM conversation WHERE id = $1', [foreign])
    expect(rows[0].status).toBe('open')
  })

  test('a change that can be right for none is refused', async () => {
    expect(await codeOf(bulkUpdate(kit.shop.as.agent, { ids, change: { teamId: newId() } }))).toBe('invalid_input')
    expect(await codeOf(bulkUpdate(kit.shop.as.agent, { ids, change: { assigneeId: kit.rival.members.agent } }))).toBe(
      'invalid_input',
    )
    // Not even in part: the priority would have been right.
    const before = await all()
    const part = { priority: 'urgent' as const, addLabelIds: [labels[0] as string], assigneeId: newId() }
    expect(await codeOf(bulkUpdate(kit.shop.as.agent, { ids, change: part }))).toBe('invalid_input')
    expect(await codeOf(bulkUpdate(kit.shop.as.agent, { ids, change: { ...part, addLabelIds: [newId()] } }))).toBe(
      'invalid_input',
    )
    expect(await all()).toEqual(before)
    expect(await codeOf(bulkUpdate(kit.shop.as.viewer, { ids, change: { priority: 'low' } }))).toBe('forbidden')
    expect(bulkChange.safeParse({}).success).toBe(false)
    expect(bulkChange.safeParse({ status: 'snoozed' }).success).toBe(false)
  })

  test('only its author takes it back, once', async () => {
    const { undoId } = await bulkUpdate(kit.shop.as.agent, { ids, change: { priority: 'low' } })
    expect(await codeOf(takeBack(kit.shop.as.admin, { id: undoId ?? '' }))).toBe('not_found')
    expect(await codeOf(takeBack(kit.rival.as.owner, { id: undoId ?? '' }))).toBe('not_found')
    const tries = await Promise.all([1, 2, 3].map(() => codeOf(takeBack(kit.shop.as.agent, { id: undoId ?? '' }))))
    expect(tries.filter((each) => each === 'worked')).toHaveLength(1)
  })
})
