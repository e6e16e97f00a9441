/** A migration that changes rows changes them for an owner who is no superuser, too: while policies are forced it would silently change none. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Migration {
  name: string
  sql: string
}

/** What stands frozen as it is, and why that is no harm. */
const older: Record<string, string> = {
  '20261125110100_walk_by_label: conversation_label, conversation':
    'before the first version: only lists by label of conversations from before it miss them',
  '20261125110100_walk_by_label: conversation, conversation_label': 'the same',
}

const read = (): Migration[] =>
  readdirSync('prisma/migrations', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, sql: readFileSync(`prisma/migrations/${name}/migration.sql`, 'utf8') }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))

/** Without comments, and without bodies of functions, which run later and as somebody else. */
const now = (sql: string): string =>
  sql.replace(/--[^\n]*/g, '').replace(/(CREATE (?:OR REPLACE )?FUNCTION[^$;]*)(\$\w*\$)[\s\S]*?\2/g, '$1')

const namesIn = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name]) => name ?? '')
const writes = /\b(?:UPDATE|DELETE\s+FROM|INSERT\s+INTO)\s+(?:ONLY\s+)?"?(\w+)"?/g
const reads = /\b(?:FROM|JOIN|USING)\s+(?:ONLY\s+)?"?(\w+)"?/g

/** One line for each statement that writes where policies are forced, with its tables; and for each table that is left unforced. */
function faults(migrations: readonly Migration[]): string[] {
  const found: string[] = []
  const forced = new Set<string>()
  for (const { name, sql } of migrations) {
    const lifted = new Set<string>()
    const text = now(sql)
    // A block that forces a list of tables names them first.
    const lists = [...text.matchAll(/ARRAY\[([^\]]*)\] LOOP([\s\S]*?)END LOOP/g)]
    for (const [, list = '', body = ''] of lists)
      if (/ FORCE ROW LEVEL/.test(body)) for (const table of namesIn(list, /'(\w+)'/g)) forced.add(table)
    for (const statement of text.split(';')) {
      const [, table = '', no] = /ALTER TABLE "?(\w+)"? (NO )?FORCE ROW LEVEL SECURITY/.exec(statement) ?? []
      if (table && no) lifted.add(table)
      else if (table) {
        forced.add(table)
        lifted.delete(table)
      }
      const written = namesIn(statement, writes).filter((one) => forced.has(one))
      const all = new Set([...written, ...namesIn(statement, reads).filter((one) => forced.has(one))])
      if (written.length && [...all].some((one) => !lifted.has(one))) found.push(`${name}: ${[...all].join(', ')}`)
    }
    for (const table of lifted) found.push(`${name}: ${table} stays unforced`)
  }
  return found
}

test('each row that a migration writes stands between NO FORCE and FORCE', () => {
  expect(faults(read())).toEqual(Object.keys(older))
})

test('the rule bites', () => {
  const force = (...names: string[]) =>
    `DO $$ BEGIN FOREACH t IN ARRAY ARRAY[${names.map((name) => `'${name}'`)}] LOOP EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t); END LOOP; END $$;`
  const on = (sql: string) =>
    faults([
      { name: 'a', sql: force('x', 'y') },
      { name: 'b', sql },
    ])
  expect(on('UPDATE "x" SET "z" = 1;')).toEqual(['b: x'])
  expect(on('DELETE FROM x WHERE true;')).toEqual(['b: x'])
  expect(on('INSERT INTO "y" SELECT 1;')).toEqual(['b: y'])
  const [lift, back] = ['ALTER TABLE "x" NO FORCE ROW LEVEL SECURITY;', 'ALTER TABLE "x" FORCE ROW LEVEL SECURITY;']
  expect(on(`${lift} UPDATE "x" SET "z" = 1; ${back}`)).toEqual([])
  // What is read is not there, either.
  expect(on(`${lift} UPDATE "x" SET "z" = y.z FROM "y" WHERE true; ${back}`)).toEqual(['b: x, y'])
  expect(on(`${lift} ${back} UPDATE "x" SET "z" = 1;`)).toEqual(['b: x'])
  expect(on(`${lift} UPDATE "x" SET "z" = 1;`)).toEqual(['b: x stays unforced'])
  // A function runs later, and a table of nobody's has no policies.
  expect(
    on('CREATE FUNCTION "f"() RETURNS trigger AS $$ BEGIN UPDATE x SET z = 1; END $$; UPDATE "w" SET "z" = 1;'),
  ).toEqual([])
})
