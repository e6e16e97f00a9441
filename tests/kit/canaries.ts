/** Words that occur nowhere else, in two languages, planted to see whether anything of a person is left. */
import type { Client } from 'pg'

/** Half English, half Chinese; each is one word of its own. */
export function makeCanaries(count: number, seed: number): string[] {
  let state = seed
  const next = (below: number): number => {
    // Lehmer's generator (Park and Miller 1988): the same words in each run.
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
  const latin = () => `qz${Array.from({ length: 10 }, () => 'abcdefghijklmnopqrstuvwxyz'[next(26)]).join('')}`
  const han = () => Array.from({ length: 6 }, () => String.fromCodePoint(0x4e00 + next(0x5000))).join('')
  return Array.from({ length: count }, (_, at) => (at % 2 ? han() : latin()))
}

/** How a word may lie in bytes: as it is, in base64 (at each of three offsets, without its edges), in hex, escaped, as addresses have it. */
function formsOf(word: string): string[] {
  const bytes = Buffer.from(word)
  const packed = [0, 1, 2].map((pad) =>
    Buffer.concat([Buffer.alloc(pad), bytes])
      .toString('base64')
      .slice(pad ? 4 : 0, -4),
  )
  const escaped = JSON.stringify(word).replace(
    /[^\x20-\x7e]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  // Files are read byte by byte.
  const hex = bytes.toString('hex')
  const plain = [word, bytes.toString('latin1'), encodeURIComponent(word)]
  return [...plain, ...packed, hex, hex.toUpperCase(), escaped.slice(1, -1)]
}

/** Which of the words are in a text, in any form. */
export const foundIn = (text: string, canaries: readonly string[]): string[] =>
  canaries.filter((word) => formsOf(word).some((form) => text.includes(form)))

/** Every row of every table as text, as a dump has it. */
export async function dumpOf(owner: Client): Promise<string> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  )
  const parts: string[] = []
  for (const { name } of rows) {
    const table = await owner.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)
    parts.push(...table.rows.map(({ row }) => row))
  }
  return parts.join('\n')
}

/** Every sealed value of the database. */
export async function sealedIn(owner: Client): Promise<Buffer[]> {
  const { rows } = await owner.query<{ name: string; field: string }>(
    `SELECT table_name AS name, column_name AS field FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'bytea'`,
  )
  const values: Buffer[] = []
  for (const { name, field } of rows) {
    const table = await owner.query<{ value: Buffer }>(
      `SELECT "${field}" AS value FROM "${name}" WHERE "${field}" IS NOT NULL`,
    )
    values.push(...table.rows.map(({ value }) => value))
  }
  return values
}
