/** Answers and notes: stored once, seen by whom they are for, refused where they do not belong. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { addNote } from '@/lib/flows/add-note'
import { readConversation, readTranscript } from '@/lib/flows/read-conversation'
import { readThread } from '@/lib/flows/read-thread'
import { reply } from '@/lib/flows/reply'
import { setStatus } from '@/lib/flows/set-status'
import { createKit, type Kit, type TestAccount } from './kit'

let kit: Kit
let shop: TestAccount
beforeAll(async () => {
  kit = await createKit()
  shop = await kit.account('shop')
})
afterAll(() => kit.close())

const visitorThread = (contactId: string) =>
  readThread(kit.ctx(shop, { kind: 'visitor', contactId, sessionId: newId(), inboxId: shop.inboxId }), 0, 100)

test('an answer reaches the visitor, ends the waiting and keeps the time of the first one', async () => {
  const visitor = await kit.visitor(shop)
  const { conversationId: id } = await visitor.say('Where is my order?')
  kit.pass(60_000)
  const first = await reply(kit.as(shop), { id, clientId: newId(), text: 'On its way 🚚 “soon”' })
  const one = await readConversation(kit.as(shop), { id })
  expect(one).toMatchObject({
    waitingSince: null,
    firstReplyAt: first.createdAt,
    previewKind: 'outgoing',
    preview: 'On its way 🚚 “soon”',
    unread: false,
    needsPerson: false,
  })
  kit.pass(60_000)
  await reply(kit.as(shop, shop.other), { id, clientId: newId(), text: 'Anything else?' })
  expect((await readConversation(kit.as(shop), { id })).firstReplyAt).toBe(first.createdAt)
  const seen = await visitorThread(visitor.contactId)
  expect(seen.map((message) => [message.from, message.text, message.authorName])).toEqual([
    ['visitor', 'Where is my order?', undefined],
    ['agent', 'On its way 🚚 “soon”', 'Ana'],
    ['agent', 'Anything else?', 'Bo'],
  ])
  const news = (await kit.events(shop)).filter((event) => event.message_id === first.id)
  expect(news).toEqual([
    {
      type: 'message.created',
      conversation_id: id,
      message_id: first.id,
      data: { sequence: first.sequence, contactId: visitor.contactId, private: false },
    },
  ])
})

test('the same client id stores once, also when it is sent many times at once', async () => {
  const { conversationId: id } = await (await kit.visitor(shop)).say('hello')
  const draft = { id, clientId: newId(), text: 'Hello!' }
  const answers = await Promise.all(Array.from({ length: 6 }, () => reply(kit.as(shop), draft)))
  expect(new Set(answers.map((answer) => answer.id)).size).toBe(1)
  expect(answers.filter((answer) => !answer.repeated)).toHaveLength(1)
  const page = await readTranscript(kit.as(shop), { id })
  expect(page.messages.filter((message) => message.kind === 'outgoing')).toHaveLength(1)
  // Another author may use the same id; the same author may not use it for another text or kind.
  expect((await reply(kit.as(shop, shop.other), draft)).repeated).toBe(false)
  await expect(reply(kit.as(shop), { ...draft, text: 'Other' })).rejects.toMatchObject({ code: 'client_id_reused' })
  await expect(addNote(kit.as(shop), draft)).rejects.toMatchObject({ code: 'client_id_reused' })
})

test('one client id in two conversations at once is stored in one of them', async () => {
  const a = await (await kit.visitor(shop)).say('a')
  const b = await (await kit.visitor(shop)).say('b')
  const clientId = newId()
  const sent = await Promise.allSettled(
    [a, b].map(({ conversationId: id }) => reply(kit.as(shop), { id, clientId, text: 'same' })),
  )
  expect(sent.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
  expect(sent.find((one) => one.status === 'rejected')).toMatchObject({ reason: { code: 'client_id_reused' } })
})

test('a note stays inside: not in the visitor’s thread, not an answer', async () => {
  const visitor = await kit.visitor(shop)
  const { conversationId: id } = await visitor.say('I am angry')
  const note = await addNote(kit.as(shop), { id, clientId: newId(), text: 'Careful with this one' })
  expect(await readConversation(kit.as(shop), { id })).toMatchObject({
    firstReplyAt: null,
    previewKind: 'note',
    preview: 'Careful with this one',
    unread: true,
  })
  expect((await readConversation(kit.as(shop), { id })).waitingSince).not.toBeNull()
  expect((await visitorThread(visitor.contactId)).map((message) => message.text)).toEqual(['I am angry'])
  expect((await kit.events(shop)).find((event) => event.message_id === note.id)?.data).toMatchObject({ private: true })
})

test('sequences never clash while visitor and agents write at once', async () => {
  const visitor = await kit.visitor(shop)
  const { conversationId: id } = await visitor.say('start')
  await Promise.all(
    Array.from({ length: 5 }, (_, i) => [
      visitor.say(`visitor ${i}`),
      reply(kit.as(shop), { id, clientId: newId(), text: `agent ${i}` }),
      addNote(kit.as(shop, shop.other), { id, clientId: newId(), text: `note ${i}` }),
    ]).flat(),
  )
  const { messages } = await readTranscript(kit.as(shop), { id, limit: 100 })
  expect(messages.map((message) => message.sequence)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1))
  expect((await readConversation(kit.as(shop), { id })).messageCount).toBe(16)
})

test('a superseded conversation takes no more messages', async () => {
  const visitor = await kit.visitor(shop)
  const { conversationId: id } = await visitor.say('first')
  const draft = { id, clientId: newId(), text: 'answered in time' }
  await reply(kit.as(shop), draft)
  await setStatus(kit.as(shop), { id, status: 'resolved' })
  kit.pass(30 * 86_400_000)
  await visitor.say('a new matter')
  await expect(reply(kit.as(shop), { id, clientId: newId(), text: 'late' })).rejects.toMatchObject({
    code: 'conversation_superseded',
  })
  // A retry of what was stored is still answered with it.
  expect((await reply(kit.as(shop), draft)).repeated).toBe(true)
})

test('viewers and other accounts cannot write, and other accounts cannot read', async () => {
  const { conversationId: id } = await (await kit.visitor(shop)).say('secret')
  const foreign = await kit.account(`foreign-${newId()}`)
  const draft = { id, clientId: newId(), text: 'x' }
  await expect(reply(kit.as(shop, shop.viewer), draft)).rejects.toMatchObject({ code: 'forbidden' })
  for (const act of [
    () => reply(kit.as(foreign), draft),
    () => addNote(kit.as(foreign), draft),
    () => readConversation(kit.as(foreign), { id }),
    () => readTranscript(kit.as(foreign), { id }),
    () => setStatus(kit.as(foreign), { id, status: 'resolved' }),
  ]) {
    await expect(act()).rejects.toMatchObject({ code: 'not_found' })
  }
  expect((await readTranscript(kit.as(shop), { id })).messages).toHaveLength(1)
})
