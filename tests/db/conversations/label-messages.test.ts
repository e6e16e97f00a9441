/** One choice for many messages: all or none, their conversations follow, and one press takes all of it back. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { correctLabel, undoCorrection } from '@/lib/flows/correct-label'
import { labelMessages } from '@/lib/flows/label-messages'
import { readConversation } from '@/lib/flows/read-conversation'
import { takeBack } from '@/lib/flows/take-back'
import { createKit, type Kit, type TestAccount } from './kit'

let kit: Kit
let shop: TestAccount
beforeAll(async () => {
  kit = await createKit()
  shop = await kit.account('shop')
})
afterAll(() => kit.close())

const shown = async (id: string) => (await readConversation(kit.as(shop), { id })).intent
const standing = async (ids: string[]) => {
  const rows = await kit.run('SELECT 1 FROM correction WHERE undone_at IS NULL AND message_id = ANY($1::uuid[])', [ids])
  return rows.length
}

test('messages of several conversations take one intent; the newest of each speaks for it; undo gives all of it back', async () => {
  const visitor = await kit.visitor(shop)
  const first = await visitor.say('mumble')
  const second = await visitor.say('mumble again')
  const later = await visitor.say('something else')
  const other = await (await kit.visitor(shop)).say('mumbling')
  const ids = [first.id, second.id, other.id]
  const done = await labelMessages(kit.as(shop), { messageIds: ids, intent: 'refund' })
  expect(done.labelled).toBe(3)
  expect(await standing(ids)).toBe(3)
  expect(await shown(other.conversationId)).toBe('refund')
  // A later message speaks for the first one.
  expect(await shown(later.conversationId)).toBe('order_status')

  expect(await takeBack(kit.as(shop), { id: done.undoId as string })).toEqual({ restored: 3, kept: 0 })
  expect(await standing(ids)).toBe(0)
  expect(await shown(other.conversationId)).toBe('order_status')
  await expect(takeBack(kit.as(shop), { id: done.undoId as string })).rejects.toMatchObject({ code: 'not_found' })
})

test('what carries it already is not said again; what was taken back alone is kept; what is gone is left out', async () => {
  const one = await (await kit.visitor(shop)).say('mumble')
  const two = await (await kit.visitor(shop)).say('mumble')
  const ids = [one.id, two.id]
  const { correctionId } = await correctLabel(kit.as(shop), { messageId: one.id, field: 'intent', value: 'refund' })
  const both = await labelMessages(kit.as(shop), { messageIds: [...ids, newId()], intent: 'refund' })
  expect(both.labelled).toBe(2)
  expect(await standing(ids)).toBe(2)
  expect(await labelMessages(kit.as(shop), { messageIds: ids, intent: 'refund' })).toEqual({
    labelled: 2,
    undoId: null,
    answered: [],
  })
  expect(await takeBack(kit.as(shop), { id: both.undoId as string })).toEqual({ restored: 1, kept: 0 })
  expect(await shown(one.conversationId)).toBe('refund')
  await undoCorrection(kit.as(shop), { correctionId: correctionId as string })

  const again = await labelMessages(kit.as(shop), { messageIds: ids, intent: 'complaint' })
  await kit.run('UPDATE correction SET undone_at = now() WHERE message_id = $1', [one.id])
  expect(await takeBack(kit.as(shop), { id: again.undoId as string })).toEqual({ restored: 1, kept: 1 })
})

test('all or none: an unknown intent, messages of others, and a failure on the way leave nothing behind', async () => {
  const one = await (await kit.visitor(shop)).say('mumble')
  const two = await (await kit.visitor(shop)).say('mumble')
  const messageIds = [one.id, two.id]
  const refused = (code: string) => expect.objectContaining({ code })
  await expect(labelMessages(kit.as(shop), { messageIds, intent: 'nonsense' })).rejects.toEqual(
    refused('invalid_input'),
  )
  const foreign = await kit.account('foreign')
  await expect(labelMessages(kit.as(foreign), { messageIds, intent: 'refund' })).rejects.toEqual(refused('not_found'))
  // The news of the second conversation cannot be written.
  await kit.run(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.message_id = '${two.id}' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$`)
  await kit.run('CREATE TRIGGER refuse BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION refuse()')
  await expect(labelMessages(kit.as(shop), { messageIds, intent: 'refund' })).rejects.toThrow()
  await kit.run('DROP TRIGGER refuse ON event')
  expect(await standing(messageIds)).toBe(0)
  expect(await shown(one.conversationId)).toBe('order_status')
  expect((await labelMessages(kit.as(shop), { messageIds, intent: 'refund' })).labelled).toBe(2)
})

test('two presses at once over the same conversations both end, and the later one holds', async () => {
  const said = await Promise.all(Array.from({ length: 6 }, async () => (await kit.visitor(shop)).say('mumble')))
  const ids = said.map(({ id }) => id)
  const presses = [
    labelMessages(kit.as(shop), { messageIds: ids, intent: 'refund' }),
    labelMessages(kit.as(shop, shop.other), { messageIds: [...ids].reverse(), intent: 'complaint' }),
  ]
  expect((await Promise.all(presses)).map(({ labelled }) => labelled)).toEqual([6, 6])
  const shownNow = new Set(await Promise.all(said.map(({ conversationId }) => shown(conversationId))))
  expect(shownNow.size).toBe(1)
})
