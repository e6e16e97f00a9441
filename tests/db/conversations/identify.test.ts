/** An anonymous visitor turns out to be somebody: their thread comes along, agents see one person, and only a signature does it. */
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isAppError } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import { makeSiteKey } from '@/lib/core/site-key'
import { assignConversation } from '@/lib/flows/assign'
import { attachAsVisitor } from '@/lib/flows/attach-file'
import { setLabels } from '@/lib/flows/label-conversation'
import { listConversations } from '@/lib/flows/list-conversations'
import { type OpenedChat, openSession } from '@/lib/flows/open-session'
import { readVisitorAttachment } from '@/lib/flows/read-attachment'
import { readConversation, readTranscript } from '@/lib/flows/read-conversation'
import { readThread } from '@/lib/flows/read-thread'
import { receiveMessage } from '@/lib/flows/receive-message'
import { reply } from '@/lib/flows/reply'
import { searchConversations } from '@/lib/flows/search-conversations'
import { setPriority } from '@/lib/flows/set-priority'
import { setStatus } from '@/lib/flows/set-status'
import { png } from '../../kit/sample-files'
import { createKit, type Kit, type TestAccount } from './kit'

const secret = 'the identity secret of the inbox'
const sign = (userId: string, more: object = {}) => ({
  userId,
  signature: createHmac('sha256', secret).update(userId).digest('hex'),
  ...more,
})
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'accepted',
    (error) => (isAppError(error) ? error.code : String(error)),
  )

let kit: Kit
let shop: TestAccount
let siteKey: string
beforeAll(async () => {
  kit = await createKit()
  shop = await kit.account('shop')
  siteKey = makeSiteKey(shop.id)
  const [row] = await kit.run<{ key: Buffer }>('SELECT key FROM account WHERE id = $1', [shop.id])
  const sealed = kit.services.vault.account(shop.id, row?.key as Buffer).seal(secret, `${shop.inboxId} identity`)
  await kit.run('UPDATE inbox SET site_key = $2, identity_secret = $3 WHERE id = $1', [shop.inboxId, siteKey, sealed])
})
afterAll(() => kit.close())

const open = (held?: OpenedChat, identity?: object) =>
  openSession(
    { ...kit.ctx({ id: '' }, { kind: 'system', reason: 'test' }) },
    {
      siteKey,
      identity,
      origin: undefined,
      host: 'desk.example',
      held: held && { accountId: shop.id, inboxId: shop.inboxId, contactId: held.contactId, sessionId: held.sessionId },
    },
  )
const visitor = (chat: OpenedChat) =>
  kit.ctx(shop, { kind: 'visitor', contactId: chat.contactId, sessionId: chat.sessionId, inboxId: shop.inboxId })
const say = async (chat: OpenedChat, text: string, clientId = newId()) => {
  kit.pass(1_000)
  return (await receiveMessage(visitor(chat), { clientId, text })).received
}
const answer = (id: string, text: string) => reply(kit.as(shop), { id, clientId: newId(), text })
const thread = async (chat: OpenedChat) =>
  (await readThread(visitor(chat), 0, 100)).map(({ sequence, text }) => [sequence, text])
const lines = async (id: string) =>
  (await readTranscript(kit.as(shop), { id })).messages.flatMap(({ activity }) => (activity ? [activity.type] : []))
const contacts = () => kit.run('SELECT id FROM contact WHERE account_id = $1', [shop.id]).then((rows) => rows.length)

describe('somebody new', () => {
  test('the contact, the session and the thread stay; the desk learns who it is', async () => {
    const stranger = await open()
    const { conversationId } = await say(stranger, 'Where is my order?')
    await answer(conversationId, 'On its way.')
    const before = [await contacts(), await thread(stranger)]
    const person = await open(stranger, sign('new-1', { name: 'Nora Quist', email: 'nora@example.com' }))
    expect(person).toMatchObject({ contactId: stranger.contactId, sessionId: stranger.sessionId })
    expect([await contacts(), await thread(person)]).toEqual(before)
    const shown = await readConversation(kit.as(shop), { id: conversationId })
    expect(shown.person).toMatchObject({ email: 'nora@example.com', externalId: 'new-1' })
    expect(shown.contact.name).toBe('Nora Quist')
    expect(await lines(conversationId)).toEqual(['identified'])
    // The next page view says the same again, and nothing is written.
    await open(person, sign('new-1', { name: 'Nora Quist' }))
    expect(await lines(conversationId)).toEqual(['identified'])
    const { rows } = await searchConversations(kit.as(shop), { q: 'quist', status: 'any' } as never)
    expect(rows.map(({ id }) => id)).toEqual([conversationId])
  })

  test('two browsers at once become one person', async () => {
    const [one, two] = [await open(), await open()]
    await say(one, 'from the phone')
    await say(two, 'from the laptop')
    const [a, b] = await Promise.all([open(one, sign('new-2')), open(two, sign('new-2'))])
    expect(a.contactId).toBe(b.contactId)
    expect((await thread(a)).map(([, text]) => text).sort()).toEqual(['from the laptop', 'from the phone'])
  })
})

describe('somebody known', () => {
  test('what the stranger wrote goes on after what is known, under one contact and one living conversation', async () => {
    const phone = await open(undefined, sign('known-1', { name: 'Ken Abe' }))
    const old = (await say(phone, 'I want a refund')).conversationId
    await answer(old, 'We are looking into it.')
    await assignConversation(kit.as(shop), { id: old, assigneeId: shop.other.membershipId })
    await setPriority(kit.as(shop), { id: old, priority: 'urgent' })
    await setLabels(kit.as(shop), { id: old, labelIds: [shop.labels.vip] })
    await say(phone, 'Any news?')
    const waiting = kit.now().toISOString()

    const laptop = await open()
    const clientId = newId()
    const now = (await say(laptop, '我的包裹在哪里？', clientId)).conversationId
    await answer(now, 'Which one?')
    const [count, events] = [await contacts(), (await kit.events(shop)).length]
    const person = await open(laptop, sign('known-1', { name: 'Ken Abe' }))

    expect(person.contactId).toBe(phone.contactId)
    expect(person.sessionId).not.toBe(laptop.sessionId)
    expect(await contacts()).toBe(count - 1)
    const said = await thread(person)
    expect(said.map(([, text]) => text)).toEqual([
      'I want a refund',
      'We are looking into it.',
      'Any news?',
      '我的包裹在哪里？',
      'Which one?',
    ])
    const sequences = said.map(([sequence]) => Number(sequence))
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b))
    expect(new Set(sequences).size).toBe(5)
    // The phone, which has seen the first three, gets exactly the rest.
    expect((await readThread(visitor(phone), sequences[2] ?? 0, 100)).map(({ text }) => text)).toEqual([
      '我的包裹在哪里？',
      'Which one?',
    ])

    const [was, is] = [
      await readConversation(kit.as(shop), { id: old }),
      await readConversation(kit.as(shop), { id: now }),
    ]
    expect(was).toMatchObject({
      status: 'resolved',
      superseded: true,
      supersededBy: is.displayId,
    })
    expect(is).toMatchObject({
      status: 'open',
      priority: 'urgent',
      assigneeId: shop.other.membershipId,
      labelIds: [shop.labels.vip],
      waitingSince: waiting,
    })
    expect(is.preview).toBe('Which one?')
    expect(await lines(old)).toEqual(['assigned', 'priority', 'labels', 'continued'])
    expect(await lines(now)).toEqual(['identified'])
    const news = (await kit.events(shop))
      .slice(events)
      .map(({ conversation_id, data }) => [conversation_id, data.because])
    expect(news).toEqual([
      [old, 'continued'],
      [now, 'identified'],
      [now, 'renumbered'],
    ])
    // The same message sent again, because its answer was lost on the way: still one.
    const again = await receiveMessage(visitor(person), { clientId, text: '我的包裹在哪里？' })
    expect(again.repeated).toBe(true)
    expect((await say(person, 'The tea pot')).conversationId).toBe(now)
    expect((await say(phone, 'Written on the phone')).conversationId).toBe(now)
    const found = await searchConversations(kit.as(shop), { q: '包裹', status: 'any' } as never)
    expect(found.rows.map(({ id }) => id)).toContain(now)
  })

  test('a file comes along: under its name, in its message, and readable by the known contact alone', async () => {
    const phone = await open(undefined, sign('known-files'))
    const laptop = await open()
    const bytes = png(12, 9)
    const { id } = await attachAsVisitor(visitor(laptop), { name: '破损的包裹.png', bytes })
    await receiveMessage(visitor(laptop), { clientId: newId(), text: 'broken', attachments: [id] })
    const person = await open(laptop, sign('known-files'))
    expect(person.contactId).toBe(phone.contactId)
    const [message] = await readThread(visitor(person), 0, 100)
    expect(message?.attachments).toMatchObject([{ id, name: '破损的包裹.png', width: 12, height: 9 }])
    const file = await readVisitorAttachment(visitor(person), id)
    expect(file.bytes.equals(bytes)).toBe(true)
    expect(await codeOf(readVisitorAttachment(visitor(await open()), id))).toBe('not_found')
  })

  test('a resolved thread is followed without a word; a stranger who wrote nothing leaves nothing', async () => {
    const phone = await open(undefined, sign('known-2'))
    const old = (await say(phone, 'Thanks')).conversationId
    await setStatus(kit.as(shop), { id: old, status: 'resolved' })
    const laptop = await open()
    const now = (await say(laptop, 'One more thing')).conversationId
    await open(laptop, sign('known-2'))
    expect(await lines(old)).toEqual(['status'])
    const silent = await open()
    const count = await contacts()
    expect((await open(silent, sign('known-2'))).contactId).toBe(phone.contactId)
    expect(await contacts()).toBe(count - 1)
    expect(await lines(now)).toEqual(['identified'])
  })

  test('a stranger of long standing brings a whole chain: one follows the other, one lives', async () => {
    const phone = await open(undefined, sign('known-5'))
    const a = (await say(phone, 'a')).conversationId
    const laptop = await open()
    const b = (await say(laptop, 'b')).conversationId
    await setStatus(kit.as(shop), { id: b, status: 'resolved' })
    kit.pass(20 * 86_400_000)
    const c = (await say(laptop, 'c')).conversationId
    expect(c).not.toBe(b)
    const person = await open(laptop, sign('known-5'))
    expect((await thread(person)).map(([, text]) => text)).toEqual(['a', 'b', 'c'])
    const next = await kit.run('SELECT id, superseded_by FROM conversation WHERE contact_id = $1', [person.contactId])
    expect(new Map(next.map((row) => [row.id, row.superseded_by]))).toEqual(
      new Map([
        [a, b],
        [b, c],
        [c, null],
      ]),
    )
  })

  test('the token of before opens nothing, and its writer begins anew', async () => {
    const phone = await open(undefined, sign('known-3'))
    const laptop = await open()
    await say(laptop, 'hello')
    await open(laptop, sign('known-3'))
    expect(await codeOf(say(laptop, 'still here'))).toBe('token_invalid')
    expect(await codeOf(readThread(visitor(laptop), 0, 10))).toBe('accepted')
    expect(await thread(laptop)).toEqual([])
    const other = await open(laptop)
    expect([phone.contactId, laptop.contactId]).not.toContain(other.contactId)
  })

  test('messages on their way during the joining are stored once or refused, never half', async () => {
    const phone = await open(undefined, sign('known-4'))
    await say(phone, 'before')
    const laptop = await open()
    const { conversationId } = await say(laptop, 'first')
    const replies = Array.from({ length: 6 }, (_, n) => answer(conversationId, `answer ${n}`))
    const texts = Array.from({ length: 12 }, (_, n) => `racing ${n}`)
    const sent = texts.map((text) => codeOf(receiveMessage(visitor(laptop), { clientId: newId(), text })))
    const [person, ...codes] = await Promise.all([open(laptop, sign('known-4')), ...sent])
    expect(codes.filter((code) => code !== 'accepted' && code !== 'token_invalid')).toEqual([])
    await Promise.all(replies)
    // Every text opens under the one key that is left.
    const stored = (await thread(person)).map(([, text]) => text)
    const accepted = texts.filter((_, n) => codes[n] === 'accepted')
    expect(stored.filter((text) => String(text).startsWith('answer'))).toHaveLength(6)
    expect(stored.filter((text) => String(text).startsWith('racing')).sort()).toEqual(accepted.sort())
  })
})

describe('nobody else’s', () => {
  test('without a signature, with a wrong one, or signed for another nothing moves', async () => {
    const ken = await open(undefined, sign('mine-1'))
    await say(ken, 'private')
    const stranger = await open()
    await say(stranger, 'hm')
    for (const claim of [{ userId: 'mine-1' }, { userId: 'mine-1', email: 'ken@example.com', name: 'Ken' }])
      expect((await open(stranger, claim)).contactId).toBe(stranger.contactId)
    for (const claim of [
      { ...sign('mine-1'), signature: sign('mine-2').signature },
      { ...sign('mine-2'), userId: 'mine-1' },
      { userId: 'mine-1', signature: '0'.repeat(64) },
    ])
      expect(await codeOf(open(stranger, claim))).toBe('identity_invalid')
    expect(await thread(stranger)).toEqual([[1, 'hm']])
  })

  test('somebody who signs in where another was identified gets their own thread', async () => {
    const first = await open(undefined, sign('mine-3'))
    await say(first, 'of the first')
    const second = await open(first, sign('mine-4'))
    expect(second.contactId).not.toBe(first.contactId)
    expect(await thread(second)).toEqual([])
    expect(await thread(first)).toEqual([[1, 'of the first']])
    const list = await listConversations(kit.as(shop), { status: 'any' } as never)
    expect(list.rows.filter(({ contact }) => contact.id === first.contactId)).toHaveLength(1)
  })

  test('a session of another inbox or account brings nothing along', async () => {
    const stranger = await open()
    await say(stranger, 'here')
    const foreign = { ...stranger, sessionId: newId() }
    const person = await open(foreign as OpenedChat, sign('mine-5'))
    expect(person.contactId).not.toBe(stranger.contactId)
    expect(await thread(stranger)).toEqual([[1, 'here']])
  })
})
