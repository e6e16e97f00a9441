/** Labels: made, renamed, removed and brought back with their conversations; never across accounts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { labelDraft } from '@/lib/features/labels/input'
import { labelColours } from '@/lib/features/labels/rules'
import { createLabel } from '@/lib/flows/create-label'
import { deleteLabel } from '@/lib/flows/delete-label'
import { setLabels } from '@/lib/flows/label-conversation'
import { readLabels } from '@/lib/flows/read-labels'
import { takeBack } from '@/lib/flows/take-back'
import { updateLabel } from '@/lib/flows/update-label'
import { codeOf, createKit, type Kit, newsOf } from './kit'

let kit: Kit
beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.close())

const names = async () => (await readLabels(kit.shop.as.viewer)).map((label) => label.name)

describe('labels', () => {
  test('a new one is there for everyone, and told', async () => {
    await createLabel(kit.shop.as.admin, { name: 'VIP', colour: 'orange' })
    expect(await readLabels(kit.shop.as.viewer)).toMatchObject([{ name: 'VIP', colour: 'orange', conversations: 0 }])
    expect(await newsOf(kit, kit.shop)).toContain('account.updated labels')
    expect(await readLabels(kit.rival.as.owner)).toEqual([])
  })

  test('a name is taken whatever its case, also when two people hurry', async () => {
    expect(await codeOf(createLabel(kit.shop.as.owner, { name: 'vip', colour: 'grey' }))).toBe('name_taken')
    const both = await Promise.all(
      [1, 2].map(() => codeOf(createLabel(kit.shop.as.owner, { name: 'Twice', colour: 'grey' }))),
    )
    expect(both.sort()).toEqual(['name_taken', 'worked'])
    // Another account may use the same name.
    expect(await codeOf(createLabel(kit.rival.as.owner, { name: 'VIP', colour: 'grey' }))).toBe('worked')
  })

  test('signs that are patterns elsewhere are signs in a name', async () => {
    for (const name of ['100%', '\\', '_', 'V_P'])
      expect(await codeOf(createLabel(kit.shop.as.owner, { name, colour: 'grey' }))).toBe('worked')
    expect(await codeOf(createLabel(kit.shop.as.owner, { name: 'v_p', colour: 'grey' }))).toBe('name_taken')
    for (const { id, name } of await readLabels(kit.shop.as.viewer))
      if (name !== 'VIP' && name !== 'Twice') await deleteLabel(kit.shop.as.owner, { id })
  })

  test('agents and viewers may not change them', async () => {
    const [label] = await readLabels(kit.shop.as.agent)
    for (const role of ['agent', 'viewer'] as const) {
      expect(await codeOf(createLabel(kit.shop.as[role], { name: 'x', colour: 'grey' }))).toBe('forbidden')
      expect(await codeOf(updateLabel(kit.shop.as[role], { id: label?.id ?? '', name: 'x' }))).toBe('forbidden')
      expect(await codeOf(deleteLabel(kit.shop.as[role], { id: label?.id ?? '' }))).toBe('forbidden')
    }
  })

  test('renaming keeps identity; another account cannot touch it', async () => {
    const { id } = await createLabel(kit.shop.as.owner, { name: 'Old', colour: 'sky' })
    expect(await codeOf(updateLabel(kit.rival.as.owner, { id, name: 'Stolen' }))).toBe('not_found')
    expect(await codeOf(deleteLabel(kit.rival.as.owner, { id }))).toBe('not_found')
    await updateLabel(kit.shop.as.owner, { id, name: 'New' })
    await updateLabel(kit.shop.as.owner, { id, name: 'new' })
    expect(await names()).toContain('new')
    expect(await codeOf(updateLabel(kit.shop.as.owner, { id, name: 'VIP' }))).toBe('name_taken')
  })

  test('a removed label comes back on its conversations, once, for the one who removed it', async () => {
    const { id } = await createLabel(kit.shop.as.owner, { name: 'Gone', colour: 'red' })
    const first = await kit.shop.write('refund: hello')
    const second = await kit.shop.write('refund: hello again')
    for (const { conversationId } of [first, second])
      await setLabels(kit.shop.as.agent, { id: conversationId, labelIds: [id] })
    const done = await deleteLabel(kit.shop.as.owner, { id })
    expect(done.conversations).toBe(2)
    expect(await names()).not.toContain('Gone')
    expect(await codeOf(takeBack(kit.shop.as.admin, { id: done.undoId }))).toBe('not_found')
    expect(await codeOf(takeBack(kit.rival.as.owner, { id: done.undoId }))).toBe('not_found')
    // One conversation is erased meanwhile: the rest still comes back.
    await kit.owner.query('DELETE FROM conversation WHERE id = $1', [second.conversationId])
    await takeBack(kit.shop.as.owner, { id: done.undoId })
    expect((await readLabels(kit.shop.as.owner)).find((label) => label.id === id)).toMatchObject({
      name: 'Gone',
      colour: 'red',
      conversations: 1,
    })
    expect(await codeOf(takeBack(kit.shop.as.owner, { id: done.undoId }))).toBe('not_found')
  })

  test('a name that is taken meanwhile keeps the removed label away, and the undo can be tried again', async () => {
    const { id } = await createLabel(kit.shop.as.owner, { name: 'Busy', colour: 'red' })
    const { undoId } = await deleteLabel(kit.shop.as.owner, { id })
    const other = await createLabel(kit.shop.as.owner, { name: 'busy', colour: 'red' })
    expect(await codeOf(takeBack(kit.shop.as.owner, { id: undoId }))).toBe('name_taken')
    await deleteLabel(kit.shop.as.owner, { id: other.id })
    expect(await codeOf(takeBack(kit.shop.as.owner, { id: undoId }))).toBe('worked')
  })

  test('undo ends after a day', async () => {
    const { id } = await createLabel(kit.shop.as.owner, { name: 'Late', colour: 'red' })
    const { undoId } = await deleteLabel(kit.shop.as.owner, { id })
    const later = { ...kit.shop.as.owner, now: () => new Date(Date.now() + 90_000_000) }
    expect(await codeOf(takeBack(later, { id: undoId }))).toBe('not_found')
  })

  test('names are trimmed and bounded; colours are the eight of the desk', async () => {
    expect(labelDraft.parse({ name: '  a \n b ', colour: 'pink' }).name).toBe('a b')
    for (const name of ['', '   ', 'x'.repeat(41), 'a\u0000b', '\ud800'])
      expect(labelDraft.safeParse({ name, colour: 'pink' }).success, JSON.stringify(name)).toBe(false)
    expect(labelDraft.safeParse({ name: 'x', colour: '#fff' }).success).toBe(false)
    const { dotColours } = await import('@/app/_ui/chip')
    expect([...labelColours]).toEqual([...dotColours])
  })
})
