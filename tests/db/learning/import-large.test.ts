/** A file of more texts than one transaction has time for comes in by parts, and what broke off is imported once more. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importExamples } from '@/lib/flows/change-examples'
import { amount, held } from '../../kit/guarantee'
import { createKit, type Kit } from '../settings/kit'

let kit: Kit
beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.close())

/** Figures alone make no other text. */
const word = (n: number): string => [...String(n)].map((figure) => 'abcdefghij'[Number(figure)]).join('x')
const fileOf = (rows: number): Buffer =>
  Buffer.from(`text,label\n${Array.from({ length: rows }, (_, n) => `where is it ${word(n)},refund`).join('\n')}`)

/** The transaction of that number cannot be begun. */
async function cutAt(number: number, work: () => Promise<unknown>): Promise<void> {
  const { database } = kit.services
  let begun = 0
  const app = new Proxy(database.app, {
    get: (target, key) => {
      const value = Reflect.get(target, key)
      if (key !== '$transaction') return value
      return (...given: unknown[]) => {
        if (++begun === number) throw new Error('killed')
        return value.apply(target, given)
      }
    },
  })
  kit.services.database = { ...database, app }
  await expect(work().finally(() => Object.assign(kit.services, { database }))).rejects.toThrow('killed')
}

test('in parts of 10,000, each with its entry; the same file again adds what is missing', async () => {
  const rows = amount(21_000, 21_000, 200_000)
  const { owner } = kit.shop.as
  const file = fileOf(rows)
  await cutAt(3, () => importExamples(owner, file))
  const began = performance.now()
  expect(await importExamples(owner, file)).toMatchObject({
    rows,
    added: rows - 20_000,
    moved: 0,
    cases: 0,
    intents: [],
    aside: [],
  })
  const seconds = (performance.now() - began) / 1_000
  const { rows: entries } = await kit.owner.query(
    `SELECT facts FROM audit_entry WHERE account_id = $1 AND act = 'examples.imported' ORDER BY sequence`,
    [kit.shop.accountId],
  )
  const told = entries.map(({ facts }) => facts as { rows: number; added: number })
  expect(Math.max(...told.map((one) => one.rows))).toBe(10_000)
  expect(told.reduce((sum, { added }) => sum + added, 0)).toBe(rows)
  const { rows: stored } = await kit.owner.query('SELECT count(*)::int AS n FROM example')
  expect(stored[0].n).toBe(rows)
  held('examples imported', `${rows} rows in ${seconds.toFixed(1)} s, 10,000 in a transaction`)
}, 600_000)
