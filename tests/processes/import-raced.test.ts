/** Rows and files of an import are there together, or neither: two at once, and a database that goes away once all is written. Its own modules: it replaces one. */
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { AppError } from '@/lib/core/errors'
import { newId } from '@/lib/core/ids'
import { attachAsVisitor } from '@/lib/flows/attach-file'
import { eraseAgain } from '@/lib/flows/erase-contact'
import { receiveMessage } from '@/lib/flows/receive-message'
import type { Ctx } from '@/lib/platform/context'
import { noteErasure } from '@/lib/platform/erasures'
import { bring, censusOf, emptyKit, fileOf } from '../db/privacy/rich-account'
import { codeOf, createKit, type Kit } from '../db/settings/kit'
import { png } from '../kit/sample-files'

/** What befalls the transaction that loads. */
let befalls: 'nothing' | 'answer lost' | 'away before' = 'nothing'
vi.mock('@/lib/platform/db/long', async (original) => {
  const real = await original<typeof import('@/lib/platform/db/long')>()
  const loadWhole: typeof real.loadWhole = async (ctx, work) => {
    const done = await real.loadWhole(ctx, async (tx) => {
      const made = await work(tx)
      if (befalls === 'away before') throw new AppError('database_away')
      return made
    })
    if (befalls === 'answer lost') throw new AppError('database_away')
    return done
  }
  return { ...real, loadWhole }
})

/** A file with two attachments, whose visitor is `contactId`. */
async function made(): Promise<{ file: string; accountId: string; contactId: string }> {
  const kit = await createKit()
  const { shop } = kit
  const { from } = await shop.write('refund: it broke')
  const visitor = makeCtx(kit.services, { kind: 'visitor', ...from }, shop.accountId, 'en')
  const files = [
    await attachAsVisitor(visitor, { name: 'one.png', bytes: png(3, 2) }),
    await attachAsVisitor(visitor, { name: 'two.png', bytes: png(2, 3) }),
  ]
  await receiveMessage(visitor, { clientId: newId(), text: 'look', attachments: files.map(({ id }) => id) })
  const file = await fileOf(shop.as.owner)
  await kit.close()
  return { file, accountId: shop.accountId, contactId: from.contactId }
}

const source = await made()
let kit: Kit
beforeEach(async () => {
  await kit?.close()
  kit = await emptyKit()
  befalls = 'nothing'
})
afterAll(() => kit?.close())

const left = async () => {
  const { account, attachment, files } = await censusOf(kit)
  return { account, attachment, files }
}
const whole = { account: 1, attachment: 2, files: 2 }
const none = { account: 0, attachment: 0, files: 0 }

test('of several imports of one file at once one has it, with its files', async () => {
  const codes = await Promise.all(Array.from({ length: 4 }, () => codeOf(bring(kit, source.file))))
  expect(codes.filter((code) => code === 'conflict')).toHaveLength(3)
  expect(await left()).toEqual(whole)
  // Afterwards a copy comes in beside it.
  expect(await bring(kit, source.file)).toMatchObject({ sameId: false })
  expect(await left()).toEqual({ account: 2, attachment: 4, files: 4 })
})

test('a database that goes away once all is written takes nothing with it', async () => {
  befalls = 'answer lost'
  expect(await bring(kit, source.file)).toMatchObject({ accountId: source.accountId, sameId: true })
  expect(await left()).toEqual(whole)
})

test('one that goes away before leaves nothing, and the file can be brought again', async () => {
  befalls = 'away before'
  expect(await codeOf(bring(kit, source.file))).toBe('database_away')
  // The server notices a little later that nobody is there any more; until then it holds what was not committed, and the lock.
  await expect.poll(left, { timeout: 10_000 }).toEqual(none)
  befalls = 'nothing'
  await expect.poll(() => codeOf(bring(kit, source.file)), { timeout: 10_000, interval: 200 }).not.toBe('conflict')
  expect(await left()).toEqual(whole)
})

test('who was erased here and cannot be erased again at once is left to the worker; the account stays whole', async () => {
  await noteErasure(kit.services.env, source)
  const { database } = kit.services
  const away = new Proxy(database.app, {
    get: (app, key) =>
      key === '$transaction' ? () => Promise.reject(new AppError('database_away')) : Reflect.get(app, key),
  })
  kit.services.database = { ...database, app: away, close: () => database.close() }
  expect(await bring(kit, source.file)).toMatchObject({ accountId: source.accountId, erased: null })
  expect(await left()).toEqual(whole)
  kit.services.database = database
  const system = (accountId: string): Ctx => makeCtx(kit.services, { kind: 'system', reason: 'test' }, accountId, 'en')
  expect(await eraseAgain(kit.services, system)).toBe(1)
  expect(await left()).toEqual({ account: 1, attachment: 0, files: 0 })
})
