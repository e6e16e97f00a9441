/** A file of more texts than one transaction has time for comes in by parts and goes back by parts; what broke off is done once more. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importExamples } from '@/lib/flows/change-examples'
import { takeBack } from '@/lib/flows/take-back'
import { amount, held } from '../../kit/guarantee'
import { codeOf, createKit, type Kit } from '../settings/kit'

let kit: Kit
beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.close())

/** Figures alone make no other text. */
const word = (n: number): string => [...String(n)].map((figure) => 'abcdefghij'[Number(figure)]).join('x')
const fileOf = (rows: number): Buffer =>
  Buffer.from(`text,label\n${Array.from({ length: rows }, (_, n) => `where is it ${word(n)},parcel`).join('\n')}`)

/** The transaction of that number cannot be begun. */
async function cutAt(number: number, work: () => Promise<unknown>): Promise<unknown> {
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
  return work()
    .then(() => null)
    .catch((error) => error)
    .finally(() => Object.assign(kit.services, { database }))
}

test('in parts of 10,000, each with its entry; the same file again adds what is missing', async () => {
  const rows = amount(21_000, 21_000, 200_000)
  const { owner } = kit.shop.as
  const file = fileOf(rows)
  expect(await cutAt(3, () => importExamples(owner, file))).toMatchObject({
    code: 'import_broken',
    facts: { stored: 20_000, rows, undoId: expect.any(String) },
  })
  const began = performance.now()
  const { undoId, ...done } = await importExamples(owner, file)
  expect(done).toMatchObject({
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

  // Nobody has analysed the tables; a take back that broke off goes on with the next press.
  const pressed = performance.now()
  expect(await cutAt(4, () => takeBack(owner, { id: undoId }))).toMatchObject({ message: 'killed' })
  expect(await takeBack(owner, { id: undoId })).toEqual({ restored: Math.max(20_000, rows - 20_000), kept: 0 })
  const back = (performance.now() - pressed) / 1_000
  const aside = await kit.owner.query(`SELECT archived_at IS NOT NULL AS aside FROM intent WHERE key = 'parcel'`)
  expect(aside.rows).toEqual([{ aside: true }])
  const left = await kit.owner.query(
    'SELECT (SELECT count(*) FROM example)::int AS texts, (SELECT count(*) FROM undo WHERE used_at IS NULL)::int AS undos',
  )
  expect(left.rows).toEqual([{ texts: 0, undos: 0 }])
  const { rows: restored } = await kit.owner.query(
    `SELECT facts FROM audit_entry WHERE account_id = $1 AND act = 'examples.restored' ORDER BY sequence`,
    [kit.shop.accountId],
  )
  expect(Math.max(...restored.map(({ facts }) => (facts as { texts: number }).texts))).toBe(10_000)
  expect(await codeOf(takeBack(owner, { id: undoId }))).toBe('not_found')
  held('an import taken back', `${rows} rows in ${back.toFixed(1)} s, 10,000 in a transaction, no statistics`)
}, 600_000)
