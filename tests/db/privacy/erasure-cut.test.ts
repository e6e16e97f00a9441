/** An erasure that dies between any two of its steps, and one of an account with many lessons. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { newId } from '@/lib/core/ids'
import { addExamples } from '@/lib/features/learning/examples'
import { attachAsVisitor } from '@/lib/flows/attach-file'
import { eraseAgain, eraseContact } from '@/lib/flows/erase-contact'
import { openSession } from '@/lib/flows/open-session'
import { receiveMessage } from '@/lib/flows/receive-message'
import { removeNaming } from '@/lib/flows/remove-naming'
import { accountVault } from '@/lib/platform/crypto/keyring'
import { inAccount } from '@/lib/platform/db/in-account'
import { amount, held, inTime } from '../../kit/guarantee'
import { pdf } from '../../kit/sample-files'
import { createKit, type Kit } from '../settings/kit'

let kit: Kit
beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.close())

const system = (accountId = '') => makeCtx(kit.services, { kind: 'system', reason: 'test' }, accountId, 'en')

async function teach(texts: readonly string[]): Promise<void> {
  const ctx = kit.shop.as.owner
  const vault = await accountVault(ctx)
  const drafts = texts.map((text) => ({ text, intent: 'refund' }))
  await inAccount(ctx, (tx) => addExamples(tx, ctx, vault, drafts, { source: 'import', authorId: null }))
}

async function visitor(identity: { name: string; email: string }, texts: readonly string[]) {
  const { siteKey, inboxId, accountId } = kit.shop
  const { contactId, sessionId } = await openSession(system(), {
    siteKey,
    origin: undefined,
    host: undefined,
    identity,
  })
  const ctx = makeCtx(kit.services, { kind: 'visitor', contactId, sessionId, inboxId }, accountId, 'en')
  const file = await attachAsVisitor(ctx, { name: 'a.pdf', bytes: pdf() })
  for (const [at, text] of texts.entries())
    await receiveMessage(ctx, { clientId: newId(), text, attachments: at ? [] : [file.id] })
  return contactId
}

/** Runs `work`, which hears of each step outside (a transaction, a file) before it. */
async function watched<T>(step: () => void, work: () => Promise<T>): Promise<T> {
  const { database, storage } = kit.services
  const begins = <M extends object>(whole: M, name: string): M =>
    new Proxy(whole, {
      get(target, key) {
        const value = Reflect.get(target, key)
        if (typeof value !== 'function') return value
        return (...given: unknown[]) => {
          if (key === name) step()
          return value.apply(target, given)
        }
      },
    })
  kit.services.database = { ...database, app: begins(database.app, '$transaction') }
  kit.services.storage = begins(storage, 'remove')
  try {
    return await work()
  } finally {
    Object.assign(kit.services, { database, storage })
  }
}

const left = async (contactId: string) => {
  const { rows } = await kit.owner.query(
    `SELECT (SELECT count(*)::int FROM contact WHERE id = $1) AS contacts, (SELECT count(*)::int FROM example) AS lessons,
       (SELECT count(*)::int FROM message WHERE contact_id = $1) AS messages, (SELECT count(*)::int FROM attachment) AS files`,
    [contactId],
  )
  return rows[0]
}

test('cut before any of its steps it is finished later, with the lessons that hold a number or an address they wrote', async () => {
  let [cuts, whole] = [0, false]
  for (; !whole; cuts++) {
    const id = await visitor({ name: 'Tilda Brockhaus', email: 'tilda@post.example' }, [
      'refund: ring +44 20 7946 0958',
      'refund: or write to brockhaus@work.example',
    ])
    await teach([
      'customer reachable at +44 20 7946 0958 still waits',
      'write to Brockhaus@Work.example',
      'Tilda Brockhaus again',
      'refund: ring +44 20 7946 0958',
    ])
    let steps = 0
    whole = await watched(
      () => {
        if (steps++ === cuts) throw new Error('killed')
      },
      () =>
        eraseContact(kit.shop.as.admin, { id }).then(
          () => true,
          () => false,
        ),
    )
    // Killed before it was written down it has not begun.
    if (!cuts) await eraseContact(kit.shop.as.admin, { id })
    else expect(await eraseAgain(kit.services, system), `step ${cuts}`).toBe(whole ? 0 : 1)
    expect(await left(id), `step ${cuts}`).toEqual({ contacts: 0, lessons: 0, messages: 0, files: 0 })
  }
  expect(cuts).toBeGreaterThan(10)
})

/** A number as a word: figures alone make no other lesson. */
const letters = (n: number): string => [...String(n)].map((figure) => 'abcdefghij'[Number(figure)]).join('x')

test('of many lessons no transaction opens more than some', async () => {
  const many = amount(2_300, 2_300, 200_000)
  for (let from = 0; from < many; from += 2_000)
    await teach(Array.from({ length: Math.min(2_000, many - from) }, (_, at) => `lesson ${letters(from + at)} of it`))
  await teach(['lesson of Ann Other', 'another of Ann Other'])
  let [opened, most, all] = [0, 0, 0]
  const holds = (text: string) => {
    most = Math.max(most, ++opened)
    all++
    return /Ann Other/.test(text) ? ['Ann Other'] : /lesson/.test(text) ? ['lesson'] : []
  }
  const gone = await watched(
    () => {
      opened = 0
    },
    () => removeNaming(kit.shop.as.owner, { in: holds, size: 2 }),
  )
  expect([gone, all]).toEqual([2, many + 2])
  expect(most).toBeLessThanOrEqual(500)
  // The whole of it, with signs that are looked for in earnest.
  const id = await visitor({ name: 'Tilda Brockhaus', email: 'tilda@post.example' }, ['refund: ring +44 20 7946 0958'])
  await teach(['customer reachable at +44 20 7946 0958'])
  const began = performance.now()
  expect(await eraseContact(kit.shop.as.admin, { id })).toMatchObject({ messages: 1, examples: 1 })
  const took = performance.now() - began
  expect(inTime(took, 60_000)).toBe(true)
  held(
    '8 erase a contact, many lessons',
    `${many} lessons read in ${(took / 1_000).toFixed(1)} s, 500 at most in a transaction`,
  )
}, 600_000)
