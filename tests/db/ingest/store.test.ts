/** Accepted means stored, once: client ids, sequences, batches, threads that reopen or go on in a new one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { type IngestItem, storeIncoming } from '@/lib/features/conversations/ingest'
import { type House, ingest, item, label, openHouse, readText, type Shop, type Visitor, write } from './house'

let house: House
let shop: Shop

beforeAll(async () => {
  house = await openHouse()
  shop = await house.shop()
})
afterAll(() => house.close())

const day = 86_400_000
const messagesOf = async (visitor: Visitor) =>
  (
    await house.owner.query(
      'SELECT id, conversation_id, sequence::int, body, label_state FROM message WHERE account_id = $1 AND contact_id = $2 ORDER BY sequence',
      [visitor.shop.accountId, visitor.contactId],
    )
  ).rows
const conversation = async (id: string | null) =>
  (await house.owner.query('SELECT * FROM conversation WHERE id = $1', [id])).rows[0]
const count = async (of: Shop, key: string): Promise<number> =>
  (await house.owner.query('SELECT n FROM conversation_count WHERE account_id = $1 AND key = $2', [of.accountId, key]))
    .rows[0]?.n ?? 0

describe('the same client id', () => {
  test('a hundred times at once is one message and one answer', async () => {
    const visitor = await house.visitor(shop)
    const clientId = newId()
    const items = await Promise.all(
      Array.from({ length: 100 }, () => item(visitor, 'Where is my order?', { clientId })),
    )
    const [one, two] = [house.services, house.another()]
    const answers = await Promise.all(items.map((each, i) => storeIncoming(i % 2 ? one : two, each)))
    expect(
      new Set(
        answers.map(({ id, conversationId, sequence, createdAt }) =>
          JSON.stringify({ id, conversationId, sequence, createdAt }),
        ),
      ).size,
    ).toBe(1)
    expect(answers.filter((answer) => answer.outcome === 'stored')).toHaveLength(1)
    expect(await messagesOf(visitor)).toHaveLength(1)
    expect(await conversation(answers[0]?.conversationId ?? null)).toMatchObject({
      message_count: 1,
      last_sequence: '1',
    })
  })

  test('with another text is a conflict, in the same batch or later', async () => {
    const visitor = await house.visitor(shop)
    const clientId = newId()
    const together = await ingest(house.services, [
      await item(visitor, 'one', { clientId }),
      await item(visitor, 'two', { clientId }),
    ])
    expect(together.map((row) => row.outcome)).toEqual(['stored', 'conflict'])
    expect((await write(visitor, 'three', { clientId })).outcome).toBe('conflict')
    expect((await write(visitor, 'one', { clientId })).outcome).toBe('repeat')
    await expect(storeIncoming(house.services, await item(visitor, 'four', { clientId }))).rejects.toMatchObject({
      code: 'client_id_reused',
    })
    expect(await messagesOf(visitor)).toHaveLength(1)
  })

  test('of two visitors are two messages', async () => {
    const clientId = newId()
    const rows = await ingest(house.services, [
      await item(await house.visitor(shop), 'a', { clientId }),
      await item(await house.visitor(shop), 'b', { clientId }),
    ])
    expect(rows.map((row) => row.outcome)).toEqual(['stored', 'stored'])
  })

  test('repeated after the thread went on elsewhere is still the first message', async () => {
    const visitor = await house.visitor(shop)
    const clientId = newId()
    const first = await write(visitor, 'hello', { clientId, at: new Date(Date.now() - 40 * day) })
    await house.owner.query(
      `UPDATE conversation SET status = 'resolved', resolved_at = now() - interval '30 days' WHERE id = $1`,
      [first.conversation_id],
    )
    const next = await write(visitor, 'hello again')
    expect(next.conversation_id).not.toBe(first.conversation_id)
    const again = await write(visitor, 'hello', { clientId })
    expect(again).toMatchObject({
      outcome: 'repeat',
      message_id: first.message_id,
      conversation_id: first.conversation_id,
    })
    expect(await count(shop, 'status:open')).toBeGreaterThan(0)
  })
})

describe('batches', () => {
  test('over many accounts and contacts: each in its place, sequences without gaps', async () => {
    const shops = await Promise.all(Array.from({ length: 4 }, () => house.shop()))
    const visitors = await Promise.all(shops.flatMap((each) => Array.from({ length: 3 }, () => house.visitor(each))))
    const work: { visitor: Visitor; text: string }[] = []
    for (let i = 0; i < 10; i++) for (const visitor of visitors) work.push({ visitor, text: `message ${i}` })
    const items = await Promise.all(work.map(({ visitor, text }) => item(visitor, text)))
    const rows = await ingest(house.services, items)
    expect(rows.map((row) => row.ord)).toEqual(work.map((_, i) => i))
    for (const visitor of visitors) {
      const stored = await messagesOf(visitor)
      expect(stored.map((row) => row.sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      const texts = await Promise.all(stored.map((row) => readText(visitor, row.id, row.body)))
      expect(texts).toEqual(Array.from({ length: 10 }, (_, i) => `message ${i}`))
      expect(new Set(stored.map((row) => row.conversation_id)).size).toBe(1)
    }
    for (const each of shops) {
      expect(await count(each, 'status:open')).toBe(3)
      expect(await count(each, 'open:unassigned')).toBe(3)
      const numbers = await house.owner.query('SELECT display_id FROM conversation WHERE account_id = $1 ORDER BY 1', [
        each.accountId,
      ])
      expect(numbers.rows.map((row) => row.display_id)).toEqual([1, 2, 3])
    }
  })

  test('an erased contact is gone and its neighbours are stored', async () => {
    const [gone, here] = [await house.visitor(shop), await house.visitor(shop)]
    const items = [await item(gone, 'a'), await item(here, 'b'), await item(gone, 'c')]
    await house.owner.query('DELETE FROM contact WHERE id = $1', [gone.contactId])
    const rows = await ingest(house.services, items)
    expect(rows.map((row) => [row.ord, row.outcome])).toEqual([[1, 'stored']])
    await expect(storeIncoming(house.services, items[0] as IngestItem)).rejects.toMatchObject({ code: 'token_invalid' })
  })

  test('an archived inbox takes no more', async () => {
    const other = await house.shop()
    const visitor = await house.visitor(other)
    await house.owner.query('UPDATE inbox SET archived_at = now() WHERE id = $1', [other.inboxId])
    expect(await write(visitor, 'late')).toBeUndefined()
  })

  test("an item that names another account's contact is gone", async () => {
    const other = await house.shop()
    const foreign = await house.visitor(other)
    const honest = await item(foreign, 'x')
    const rows = await ingest(house.services, [{ ...honest, account_id: shop.accountId, inbox_id: shop.inboxId }])
    expect(rows).toEqual([])
  })

  test('one broken item does not fail what shares its batch', async () => {
    const visitor = await house.visitor(shop)
    const good = await Promise.all(['a', 'b', 'c'].map((text) => item(visitor, text)))
    const broken = { ...(await item(visitor, 'x')), body: 'not base64!', at: 'never' }
    const results = await Promise.allSettled([...good, broken].map((each) => storeIncoming(house.services, each)))
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected'])
    expect(await messagesOf(visitor)).toHaveLength(3)
  })
})

describe('threads', () => {
  test('a message reopens a resolved or snoozed conversation', async () => {
    const visitor = await house.visitor(shop)
    const first = await write(visitor, 'hello')
    await house.owner.query(
      `UPDATE conversation SET status = 'resolved', resolved_at = now(), waiting_since = NULL WHERE id = $1`,
      [first.conversation_id],
    )
    const second = await write(visitor, 'one more thing')
    expect(second).toMatchObject({ conversation_id: first.conversation_id, sequence: '2' })
    const row = await conversation(first.conversation_id)
    expect(row).toMatchObject({ status: 'open', resolved_at: null, message_count: 2 })
    expect(row.waiting_since).toBeInstanceOf(Date)
    await house.owner.query(
      `UPDATE conversation SET status = 'snoozed', snoozed_until = now() + interval '1 day' WHERE id = $1`,
      [first.conversation_id],
    )
    await write(visitor, 'and another')
    expect(await conversation(first.conversation_id)).toMatchObject({ status: 'open', snoozed_until: null })
  })

  test('resolved for longer than the inbox reopens, the next message begins a new one that goes on counting', async () => {
    const strict = await house.shop({ reopenDays: 3 })
    const visitor = await house.visitor(strict)
    const first = await write(visitor, 'one', { at: new Date(Date.now() - 10 * day) })
    await write(visitor, 'two', { at: new Date(Date.now() - 9 * day) })
    await house.owner.query(
      `UPDATE conversation SET status = 'resolved', resolved_at = now() - interval '4 days' WHERE id = $1`,
      [first.conversation_id],
    )
    const [third, fourth] = await ingest(house.services, [await item(visitor, 'three'), await item(visitor, 'four')])
    expect(third?.conversation_id).not.toBe(first.conversation_id)
    expect([third?.sequence, fourth?.sequence]).toEqual(['3', '4'])
    expect(fourth?.conversation_id).toBe(third?.conversation_id)
    expect(await conversation(first.conversation_id)).toMatchObject({
      status: 'resolved',
      superseded_by: third?.conversation_id,
    })
    expect(await conversation(third?.conversation_id ?? null)).toMatchObject({
      display_id: 2,
      message_count: 2,
      read_sequence: '2',
    })
    expect([await count(strict, 'status:open'), await count(strict, 'status:resolved')]).toEqual([1, 1])
  })

  test('within the days it reopens instead', async () => {
    const visitor = await house.visitor(await house.shop({ reopenDays: 3 }))
    const first = await write(visitor, 'one')
    await house.owner.query(
      `UPDATE conversation SET status = 'resolved', resolved_at = now() - interval '2 days' WHERE id = $1`,
      [first.conversation_id],
    )
    expect((await write(visitor, 'two')).conversation_id).toBe(first.conversation_id)
  })

  test('one contact in two inboxes has two threads', async () => {
    const visitor = await house.visitor(shop)
    const second = newId()
    await house.owner.query(
      `INSERT INTO inbox (account_id, id, name, site_key, allowed_origins, identity_secret) VALUES ($1, $2, 'B', $3, '{}', '')`,
      [shop.accountId, second, second],
    )
    const rows = await ingest(house.services, [await item(visitor, 'a'), await item(visitor, 'b', { inboxId: second })])
    expect(rows[0]?.conversation_id).not.toBe(rows[1]?.conversation_id)
  })
})

describe('labels and routes', () => {
  test('are applied to a conversation nobody owns, and never against a person', async () => {
    const visitor = await house.visitor(shop)
    const teamId = newId()
    await house.owner.query(`INSERT INTO team (account_id, id, name) VALUES ($1, $2, $3)`, [
      shop.accountId,
      teamId,
      `T ${teamId}`,
    ])
    const route = { because: 'rule', teamId, assigneeId: null, priority: 'high', needsPerson: false, evidence: [] }
    const first = await write(visitor, 'My money back!', { label: label(), route })
    expect(await conversation(first.conversation_id)).toMatchObject({
      intent: 'refund',
      sentiment: 'negative',
      urgency: 'high',
      language: 'en',
      team_id: teamId,
      priority: 'high',
      route,
    })
    expect((await messagesOf(visitor))[0]).toMatchObject({ label_state: 'labelled' })
    const said = await house.owner.query(
      'SELECT intent, model_version, intent_probability FROM prediction WHERE message_id = $1',
      [first.message_id],
    )
    expect(said.rows[0]).toMatchObject({ intent: 'refund', model_version: 'test-1' })
    expect(said.rows[0].intent_probability).toBeCloseTo(0.93, 5)
    await write(visitor, 'Thank you', {
      label: label({ intent: 'praise', sentiment: 'positive' }),
      route: { ...route, teamId: null, priority: 'low' },
    })
    // The newest label speaks, the route stays with its owner, and a priority only rises.
    expect(await conversation(first.conversation_id)).toMatchObject({
      intent: 'praise',
      team_id: teamId,
      priority: 'high',
      route,
    })
  })

  test('a route to a team or member that is gone routes nowhere and stores all the same', async () => {
    const visitor = await house.visitor(shop)
    const route = { because: 'rule', teamId: newId(), assigneeId: newId(), priority: 'normal', needsPerson: false }
    const row = await write(visitor, 'x', { label: label(), route })
    expect(row.outcome).toBe('stored')
    expect(await conversation(row.conversation_id)).toMatchObject({ team_id: null, assignee_id: null })
  })

  test('without a label the message waits for one', async () => {
    const visitor = await house.visitor(shop)
    const row = await write(visitor, 'x')
    expect((await messagesOf(visitor))[0]?.label_state).toBe('pending')
    expect(await conversation(row.conversation_id)).toMatchObject({ intent: null, route: null })
  })
})
