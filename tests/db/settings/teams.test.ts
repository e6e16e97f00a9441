/** Teams: made, filled, removed and brought back with members, lines and conversations; never across accounts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTeam } from '@/lib/flows/create-team'
import { deleteTeam } from '@/lib/flows/delete-team'
import { readRouting } from '@/lib/flows/read-routing'
import { readTeams } from '@/lib/flows/read-teams'
import { saveRouting } from '@/lib/flows/save-routing'
import { setTeam } from '@/lib/flows/set-team'
import { takeBack } from '@/lib/flows/take-back'
import { updateTeam } from '@/lib/flows/update-team'
import { codeOf, createKit, type Kit, newsOf } from './kit'

let kit: Kit
beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.close())

const team = async (id: string) => (await readTeams(kit.shop.as.viewer)).find((each) => each.id === id)
const teamOf = async (conversationId: string) =>
  (await kit.owner.query('SELECT team_id FROM conversation WHERE id = $1', [conversationId])).rows[0].team_id

describe('teams', () => {
  test('a new one has its members, in both orders of asking', async () => {
    const { id } = await createTeam(kit.shop.as.admin, { name: 'Billing', memberIds: [kit.shop.members.agent] })
    expect(await team(id)).toMatchObject({
      name: 'Billing',
      members: [{ id: kit.shop.members.agent, name: 'shop agent' }],
    })
    await updateTeam(kit.shop.as.admin, { id, memberIds: [kit.shop.members.owner, kit.shop.members.admin] })
    expect((await team(id))?.members.map((member) => member.name)).toEqual(['shop admin', 'shop owner'])
    expect(await newsOf(kit, kit.shop)).toContain('account.updated teams')
    expect(await readTeams(kit.rival.as.owner)).toEqual([])
  })

  test('strangers and former members cannot be put in', async () => {
    const stranger = { name: 'Strange', memberIds: [kit.rival.members.agent] }
    expect(await codeOf(createTeam(kit.shop.as.owner, stranger))).toBe('invalid_input')
    expect((await readTeams(kit.shop.as.owner)).map((each) => each.name)).toEqual(['Billing'])
  })

  test('only managers, only their own account, no name twice', async () => {
    const [billing] = await readTeams(kit.shop.as.owner)
    const id = billing?.id ?? ''
    expect(await codeOf(createTeam(kit.shop.as.agent, { name: 'x', memberIds: [] }))).toBe('forbidden')
    expect(await codeOf(updateTeam(kit.rival.as.owner, { id, name: 'x' }))).toBe('not_found')
    expect(await codeOf(updateTeam(kit.rival.as.owner, { id, memberIds: [kit.rival.members.agent] }))).toBe('not_found')
    expect(await codeOf(deleteTeam(kit.rival.as.owner, { id }))).toBe('not_found')
    expect(await codeOf(createTeam(kit.shop.as.owner, { name: 'BILLING', memberIds: [] }))).toBe('name_taken')
  })

  test('a removed team frees what pointed at it, and brings it back', async () => {
    const { id } = await createTeam(kit.shop.as.owner, { name: 'Returns', memberIds: [kit.shop.members.agent] })
    const { conversationId } = await kit.shop.write('refund: back please')
    const { conversationId: moved } = await kit.shop.write('refund: me too')
    for (const each of [conversationId, moved]) await setTeam(kit.shop.as.agent, { id: each, teamId: id })
    await saveRouting(kit.shop.as.owner, {
      rules: [
        {
          name: 'To returns',
          enabled: true,
          when: { intents: ['return_item'] },
          teamId: id,
          priority: null,
          assign: 'none',
        },
      ],
    })
    const done = await deleteTeam(kit.shop.as.owner, { id })
    expect(done).toMatchObject({ conversations: 2, lines: 1 })
    expect(await team(id)).toBeUndefined()
    expect(await teamOf(conversationId)).toBeNull()
    expect((await readRouting(kit.shop.as.owner)).rules[0]?.teamId).toBeNull()
    // One of them finds another team before the undo: it stays there.
    const other = await createTeam(kit.shop.as.owner, { name: 'Others', memberIds: [] })
    await setTeam(kit.shop.as.agent, { id: moved, teamId: other.id })
    await takeBack(kit.shop.as.owner, { id: done.undoId })
    expect(await team(id)).toMatchObject({ name: 'Returns', lines: 1, members: [{ id: kit.shop.members.agent }] })
    expect(await teamOf(conversationId)).toBe(id)
    expect(await teamOf(moved)).toBe(other.id)
  })
})
