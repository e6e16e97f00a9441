/** An account brought in beside its original: what gets another name and what does not; texts of any signs; nobody waits meanwhile. */
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '@/lib/core/ids'
import { makeSiteKey, readSiteKey } from '@/lib/core/site-key'
import { createTeam } from '@/lib/flows/create-team'
import { exportAccount } from '@/lib/flows/export-account'
import { reply } from '@/lib/flows/reply'
import { searchConversations } from '@/lib/flows/search-conversations'
import { inAccount } from '@/lib/platform/db/in-account'
import { loadWhole } from '@/lib/platform/db/long'
import { tell } from '@/lib/platform/events/tell'
import { codeOf, createKit, type Kit } from '../settings/kit'
import { actingAs, bring, comparable, emptyKit, fileOf, fileWith, type Line, linesIn } from './rich-account'

let kit: Kit
beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.close())

describe('beside its original', () => {
  test('account, address and keys of inboxes are new, rows keep their names, and both go on in one process', async () => {
    const { shop } = kit
    const { conversationId } = await shop.write('refund: mine alone 独此一家')
    const file = await fileOf(shop.as.owner)
    const done = await bring(kit, file, '副本 copy')
    expect(done).toMatchObject({ sameId: false, people: { known: 4, added: 0 } })
    const copy = await actingAs(kit, done.accountId)
    // As another process opens it: what was sealed under the original's keys would not.
    kit.services.vault.forget()
    const again = await fileOf(copy)
    const keyOf = (text: string) => String(linesIn(text).find(({ what }) => what === 'inbox')?.row.site_key)
    expect(readSiteKey(keyOf(again))).toBe(done.accountId)
    const first = JSON.parse(file.split('\n')[0] as string).row.account
    // The mapping, whole: everything else is equal.
    const mapped = comparable(again)
      .replaceAll(done.accountId, shop.accountId)
      .replaceAll(keyOf(again), keyOf(file))
      .replace(JSON.stringify(done.slug), JSON.stringify(first.slug))
      .replace('"副本 copy"', JSON.stringify(first.name))
    expect(mapped).toBe(comparable(file))
    // The same ids, other keys: each opens its own.
    for (const [owner, own] of [
      [shop.as.owner, 'the original'],
      [copy, 'the copy'],
      [shop.as.owner, 'the original again'],
    ] as const) {
      await reply(owner, { id: conversationId, clientId: newId(), text: own })
      expect((await searchConversations(owner, { q: '独此' })).rows.map(({ id }) => id)).toEqual([conversationId])
      expect(linesIn(await fileOf(owner)).flatMap(({ row }) => row.text ?? [])).toContain(own)
    }
    expect(await fileOf(copy)).not.toContain('the original')
  })

  test('a second one gets an address of its own, and who may not export may not', async () => {
    const file = await fileOf(kit.shop.as.owner)
    const slugs = [(await bring(kit, file)).slug, (await bring(kit, file)).slug]
    expect(slugs).toEqual(['shop-2', 'shop-3'])
    expect(await codeOf(exportAccount(kit.shop.as.agent))).toBe('forbidden')
  })
})

describe('while an account comes in', () => {
  /** How many of the rival's news are seen while this transaction is open. */
  async function seenDuring(open: (work: () => Promise<number>) => Promise<number>): Promise<number> {
    const { rival } = kit
    return open(async () => {
      const name = newId()
      await inAccount(rival.as.owner, (tx) => tell(tx, rival.as.owner, { type: 'account.updated', data: { name } }))
      const { rows } = await kit.services.database.statements.query(
        `SELECT 1 FROM read_events($1, 0, 0, 1000) WHERE data ->> 'name' = $2`,
        [rival.accountId, name],
      )
      return rows.length
    })
  }

  test('news of others reach theirs at once; during any other transaction that writes they wait', async () => {
    const { owner } = kit.shop.as
    const write = `INSERT INTO team (account_id, id, name) VALUES (current_account_id(), gen_random_uuid(), gen_random_uuid()::text)`
    const loading = await seenDuring((work) =>
      loadWhole(owner, async (tx) => {
        await tx.$executeRawUnsafe(write)
        return work()
      }),
    )
    const writing = await seenDuring((work) =>
      inAccount(owner, async (tx) => {
        await tx.$executeRawUnsafe(write)
        return work()
      }),
    )
    expect([loading, writing]).toEqual([1, 0])
  })

  test('what is exported is one moment: a row that comes meanwhile is not in it, nor anything that names it', async () => {
    const parts = (await exportAccount(kit.shop.as.owner))[Symbol.asyncIterator]()
    let text = (await parts.next()).value as string
    await createTeam(kit.shop.as.owner, { name: 'came meanwhile', memberIds: [] })
    await kit.shop.write('came meanwhile, too')
    for (let part = await parts.next(); !part.done; part = await parts.next()) text += part.value
    expect(text).not.toContain('came meanwhile')
    expect((await bring(kit, text)).sameId).toBe(false)
    expect(await fileOf(kit.shop.as.owner)).toContain('came meanwhile, too')
  })

  test('a reader that leaves in the middle leaves no transaction behind', async () => {
    for (let n = 0; n < 6; n++) for await (const _ of await exportAccount(kit.shop.as.owner)) break
    const held = async () =>
      (
        await kit.owner.query(
          `SELECT 1 FROM pg_stat_activity WHERE application_name = 'lingxi read' AND datname = current_database()`,
        )
      ).rowCount
    // The server takes a moment to end a connection.
    await expect.poll(held, { timeout: 10_000 }).toBe(0)
  })
})

/** Any text that can be stored. */
const anyText = (most: number) =>
  fc
    .oneof(
      fc.string({ unit: 'binary', maxLength: most }),
      fc.string({ unit: 'grapheme', maxLength: most >> 3 }),
      fc.string({
        unit: fc.constantFrom('退', '款', ' ', 'é', '👩‍👩‍👧', '\u2028', '"', '\\', '\n', '\u202e', '<', '𠜎'),
        maxLength: most >> 4,
      }),
    )
    .filter((text) => text.isWellFormed() && !text.includes('\0'))
const moment = fc.date({ min: new Date('1970-01-02'), max: new Date('2100-01-01'), noInvalidDate: true }).map((at) =>
  at
    .toISOString()
    .replace(/\.?0*Z$/, 'Z')
    .replace('Z', '+00:00'),
)
const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: null })
const share = fc.integer({ min: 0, max: 1_000 }).map((thousandths) => thousandths / 1_000)

const thread = fc.record({
  name: maybe(anyText(80).filter(Boolean)),
  email: maybe(anyText(80).filter(Boolean)),
  consent: fc.constantFrom('given', 'refused', null),
  status: fc.constantFrom('open', 'pending', 'resolved'),
  intent: maybe(anyText(40)),
  sure: maybe(share),
  route: maybe(fc.dictionary(anyText(10), fc.oneof(anyText(20), fc.integer(), fc.boolean(), fc.constant(null)))),
  at: moment,
  texts: fc.array(fc.record({ text: maybe(anyText(2_000)), private: fc.boolean(), at: moment }), { maxLength: 6 }),
})

/** The lines of an account with these threads, in the order of their keys. */
function accountOf(
  threads: (typeof thread extends fc.Arbitrary<infer T> ? T : never)[],
  template: readonly Line[],
): Line[] {
  const rowOf = (what: string) => template.find((line) => line.what === what)?.row ?? {}
  const [accountId, inboxId] = [newId(), newId()]
  const head = {
    ...(template[0]?.row as object),
    account: { ...(template[0]?.row.account as object), id: accountId, lastDisplayId: threads.length },
  }
  const inbox = { ...rowOf('inbox'), id: inboxId, site_key: makeSiteKey(accountId) }
  const made = threads.map((one, n) => {
    const [contact, conversation] = [newId(), newId()]
    const { name, email, at, status } = one
    return {
      contact: {
        ...rowOf('contact'),
        id: contact,
        name,
        email,
        training_consent: one.consent,
        created_at: at,
        last_seen_at: at,
      },
      conversation: {
        ...rowOf('conversation'),
        ...{ id: conversation, contact_id: contact, inbox_id: inboxId, display_id: n + 1, status, intent: one.intent },
        ...{
          intent_probability: one.sure,
          route: one.route,
          created_at: at,
          last_activity_at: at,
          preview: name,
          snoozed_until: null,
        },
      },
      messages: one.texts.map((said, sequence) => ({
        ...rowOf('message'),
        ...{ id: newId(), conversation_id: conversation, contact_id: contact, client_id: newId(), sequence },
        ...{ text: said.text, private: said.private, created_at: said.at },
      })),
    }
  })
  const lines = (what: string, rows: object[]): Line[] => rows.map((row) => ({ what, row: row as Line['row'] }))
  return [
    { what: 'export', row: head },
    ...template.filter(({ what }) => what === 'person' || what === 'membership'),
    ...lines('inbox', [inbox]),
    ...lines(
      'contact',
      made.map((one) => one.contact),
    ),
    ...lines(
      'conversation',
      made.map((one) => one.conversation),
    ),
    ...lines(
      'message',
      made.flatMap((one) => one.messages),
    ),
  ]
}

test('whatever people write and are called comes in and goes out equal', async () => {
  const there = await emptyKit()
  try {
    const template = linesIn(await fileOf(kit.shop.as.owner))
    await fc.assert(
      fc.asyncProperty(fc.array(thread, { minLength: 1, maxLength: 12 }), async (threads) => {
        const file = fileWith(accountOf(threads, template))
        const { accountId, slug } = await bring(there, file)
        const again = await fileOf(await actingAs(there, accountId))
        // Fields may stand in another order; addresses of later ones have a number, and people are known by then.
        const plain = (text: string) =>
          linesIn(
            comparable(text)
              .replace(JSON.stringify(slug), '"shop"')
              .replace(/^/, '{"what":"head","row":')
              .replace('\n', '}\n'),
          ).filter(({ what }) => what !== 'person' && what !== 'membership')
        expect(plain(again)).toEqual(plain(file))
      }),
      { numRuns: 15, endOnFailure: true },
    )
  } finally {
    await there.close()
  }
}, 120_000)
