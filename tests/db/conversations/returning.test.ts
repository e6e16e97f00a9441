/** A browser comes back: the desk sees when, on which page, and what the visitor says of themselves without anybody vouching for it. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { makeSiteKey } from '@/lib/core/site-key'
import { type OpenedChat, openSession } from '@/lib/flows/open-session'
import { readConversation } from '@/lib/flows/read-conversation'
import { receiveMessage } from '@/lib/flows/receive-message'
import { searchConversations } from '@/lib/flows/search-conversations'
import { createKit, type Kit, type TestAccount } from './kit'

let kit: Kit
let shop: TestAccount
let siteKey: string
beforeAll(async () => {
  kit = await createKit()
  shop = await kit.account('shop')
  siteKey = makeSiteKey(shop.id)
  const [row] = await kit.run<{ key: Buffer }>('SELECT key FROM account WHERE id = $1', [shop.id])
  const sealed = kit.services.vault.account(shop.id, row?.key as Buffer).seal('secret', `${shop.inboxId} identity`)
  await kit.run('UPDATE inbox SET site_key = $2, identity_secret = $3 WHERE id = $1', [shop.inboxId, siteKey, sealed])
})
afterAll(() => kit.close())

const open = (page: string, held?: OpenedChat, identity?: object) =>
  openSession(
    { ...kit.ctx({ id: '' }, { kind: 'system', reason: 'test' }) },
    {
      ...{ siteKey, page, identity, origin: undefined, host: 'desk.example' },
      held: held && { accountId: shop.id, inboxId: shop.inboxId, contactId: held.contactId, sessionId: held.sessionId },
    },
  )
const write = async ({ contactId, sessionId }: OpenedChat, text: string) => {
  const visitor = kit.ctx(shop, { kind: 'visitor', contactId, sessionId, inboxId: shop.inboxId })
  return (await receiveMessage(visitor, { clientId: newId(), text })).received.conversationId
}
const shown = async (id: string) => (await readConversation(kit.as(shop), { id })).person

test('the page and the time are those of the latest opening, and the session stays', async () => {
  const first = await open('https://shop.example/shoes')
  const id = await write(first, 'Do you have these in blue?')
  kit.pass(86_400_000)
  const again = await open('https://shop.example/cart', first)
  expect(again).toMatchObject({ contactId: first.contactId, sessionId: first.sessionId })
  expect(await shown(id)).toMatchObject({ page: 'https://shop.example/cart', lastSeenAt: kit.now().toISOString() })
})

test('what a visitor says of themselves is kept, and found; it makes them nobody else', async () => {
  const stranger = await open('https://shop.example/')
  const id = await write(stranger, 'hello')
  const named = await open('https://shop.example/', stranger, { name: 'Mira Okafor', email: 'mira@example.com' })
  expect(named.contactId).toBe(stranger.contactId)
  expect(await shown(id)).toMatchObject({ email: 'mira@example.com', externalId: null })
  const { rows } = await searchConversations(kit.as(shop), { q: 'okafor', status: 'any' } as never)
  expect(rows.map((row) => row.id)).toEqual([id])
  await open('https://shop.example/', named, { name: 'Mira O.' })
  const byAddress = await searchConversations(kit.as(shop), { q: 'mira@example.com', status: 'any' } as never)
  expect(byAddress.rows.map((row) => row.id)).toEqual([id])
  // The same said at each page is kept once, and a name that was given up finds nobody.
  const kept = () => kit.run<{ tokens: string[] }>('SELECT tokens FROM contact WHERE id = $1', [named.contactId])
  const [before] = await kept()
  for (let n = 0; n < 3; n++) await open('https://shop.example/', named, { name: 'Mira O.' })
  expect((await kept())[0]).toEqual(before)
  expect(new Set(before?.tokens).size).toBe(before?.tokens.length)
  expect((await searchConversations(kit.as(shop), { q: 'okafor', status: 'any' } as never)).rows).toEqual([])
  const another = await open('https://shop.example/', undefined, { name: 'Mira Okafor', email: 'mira@example.com' })
  expect(another.contactId).not.toBe(stranger.contactId)
})
