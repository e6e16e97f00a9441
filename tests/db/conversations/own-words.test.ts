/** What a signature vouches for is the id: a name and an address beside it are the visitor's own words, and join or take nothing. */
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { openSession } from '@/lib/flows/open-session'
import { readConversation, readTranscript } from '@/lib/flows/read-conversation'
import { rotateIdentitySecret } from '@/lib/flows/rotate-identity-secret'
import { say } from '@/lib/words/say'
import { createKit, type Kit } from '../settings/kit'

let kit: Kit
let secret: string
beforeAll(async () => {
  kit = await createKit()
  secret = (await rotateIdentitySecret(kit.shop.as.admin, { id: kit.shop.inboxId })).identitySecret
})
afterAll(() => kit.close())

const signed = (userId: string, name: string, email: string) => ({
  userId,
  name,
  email,
  signature: createHmac('sha256', secret).update(userId).digest('hex'),
})

async function write(identity: object) {
  const { siteKey, inboxId } = kit.shop
  const outside = makeCtx(kit.services, { kind: 'system', reason: 'test' }, '', 'en')
  const opened = await openSession(outside, { siteKey, origin: undefined, host: undefined, identity })
  const from = { contactId: opened.contactId, sessionId: opened.sessionId, inboxId }
  return kit.shop.write('refund: hello', from)
}

test('the address of somebody known, beside a signed id or alone, joins nobody and leaves them as they are', async () => {
  const known = await write(signed('user-1', 'Mei Lin', 'mei@guest.example'))
  const other = await write(signed('user-2', 'Mei Lin', 'mei@guest.example'))
  const unsigned = await write({ name: 'Mei Lin', email: 'mei@guest.example' })
  const ids = [known, other, unsigned].map(({ from }) => from.contactId)
  expect(new Set(ids).size).toBe(3)
  const shown = await Promise.all(
    [known, other, unsigned].map(({ conversationId: id }) => readConversation(kit.shop.as.agent, { id })),
  )
  expect(shown.map(({ person }) => person?.externalId)).toEqual(['user-1', 'user-2', null])
  // Their own words change their own name, under their own id.
  const again = await write(signed('user-2', 'Chief Executive', 'ceo@shop.example'))
  expect(again.from.contactId).toBe(other.from.contactId)
  const first = await readConversation(kit.shop.as.agent, { id: known.conversationId })
  expect([first.contact.name, first.person?.email]).toEqual(['Mei Lin', 'mei@guest.example'])
})

test('the transcript and the side of the desk say that the id was confirmed, and no more', async () => {
  const { siteKey, inboxId, accountId } = kit.shop
  const stranger = await kit.shop.write('refund: who am I?')
  const outside = makeCtx(kit.services, { kind: 'system', reason: 'test' }, '', 'en')
  const identity = signed('user-3', 'Chief Executive', 'ceo@shop.example')
  const held = { accountId, ...stranger.from, inboxId }
  await openSession(outside, { siteKey, origin: undefined, host: undefined, identity, held })
  const { messages } = await readTranscript(kit.shop.as.agent, { id: stranger.conversationId })
  expect(messages.flatMap(({ activity }) => (activity ? [activity.type] : []))).toContain('identified')
  expect(say('en', 'inbox', 'activity.identified')).toMatch(/ id$/)
  expect(say('en', 'inbox', 'side.signed')).toMatch(/what the visitor says/)
})
