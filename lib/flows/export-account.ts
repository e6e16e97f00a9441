/** Everything of an account as one file that machines read and `import-account` takes: JSON lines, texts and files opened. */
import { createHash } from 'node:crypto'
import { canExport, requireMember } from '@/lib/features/accounts/permissions'
import {
  type PortableRow,
  type PortableTable,
  portableAccount,
  portablePeople,
  portableRows,
  portableTables,
  type ReadRow,
} from '@/lib/features/accounts/portable'
import { fileFormat, fileVersion } from '@/lib/features/accounts/portable-lines'
import { openFile, openName } from '@/lib/features/attachments/read'
import { record } from '@/lib/features/audit/write'
import { about } from '@/lib/features/conversations/sealed'
import { aboutExample } from '@/lib/features/learning/examples'
import type { Ctx } from '@/lib/platform/context'
import { accountVault } from '@/lib/platform/crypto/keyring'
import type { AccountVault, Box } from '@/lib/platform/crypto/vault'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { atOneMoment } from '@/lib/platform/db/long'

const part = 500

/**
 * Lines `{"what": …, "row": …}`: first what the file is, then people, then each table's rows in an order in which a row names only rows
 * before it; at last how many of each there were and the SHA-256 of all lines before: a file without that line was cut off. All of it is
 * as the account was at one moment.
 */
export async function exportAccount(ctx: Ctx): Promise<AsyncIterable<string>> {
  requireMember(ctx, canExport)
  await inAccount(ctx, (tx) => record(tx, ctx, { act: 'export.account' }))
  const vault = await accountVault(ctx)
  return atOneMoment(ctx, (tx) => sealedOff(linesOf(tx, ctx, vault)))
}

const line = (what: string, row: object): string => `${JSON.stringify({ what, row })}\n`

/** Counts the lines and ends with their digest. */
async function* sealedOff(lines: AsyncGenerator<[what: string, row: object]>): AsyncGenerator<string> {
  const hash = createHash('sha256')
  const counts: Record<string, number> = Object.fromEntries(portableTables.map(({ name }) => [name, 0]))
  for await (const [what, row] of lines) {
    const text = line(what, row)
    hash.update(text)
    if (what !== fileFormat.header) counts[what] = (counts[what] ?? 0) + 1
    yield text
  }
  yield line(fileFormat.end, { counts, sha256: hash.digest('hex') })
}

async function* linesOf(tx: Tx, ctx: Ctx, vault: AccountVault): AsyncGenerator<[string, object]> {
  const account = await portableAccount(tx, ctx)
  yield [fileFormat.header, { format: fileFormat.name, version: fileVersion, at: ctx.now().toISOString(), account }]
  for (const person of await portablePeople(tx)) yield [fileFormat.person, person]
  for (const table of portableTables) {
    for (let last: string[] | null = null; ; ) {
      const rows: ReadRow[] = await portableRows(tx, ctx, table, last, part)
      for (const row of rows) yield [table.name, await opened(ctx, vault, table, row)]
      last = rows.at(-1)?.at ?? last
      if (rows.length < part) break
    }
  }
}

/** As JSON has a column of bytes: `\x…`. */
const bytesOf = (value: unknown): Buffer | null =>
  typeof value === 'string' ? Buffer.from(value.slice(2), 'hex') : null

/** Null for what is empty, and for what cannot be opened any more. */
function openOr(box: Box | null, value: unknown, bound: string): string | null {
  const sealed = bytesOf(value)
  try {
    return (sealed && box?.open(sealed, bound)) ?? null
  } catch {
    return null
  }
}

function boxOf(vault: AccountVault, { contactId, contactKey }: ReadRow): Box | null {
  try {
    return contactId && contactKey ? vault.contact(contactId, contactKey) : null
  } catch {
    return null
  }
}

async function opened(ctx: Ctx, vault: AccountVault, { name }: PortableTable, read: ReadRow): Promise<PortableRow> {
  const { row } = read
  const id = String(row.id)
  const box = boxOf(vault, read)
  const open = (column: string, bound: string) => ({ [column]: openOr(box, row[column], bound) })
  if (name === 'contact')
    return {
      ...row,
      ...open('name', `${id} name`),
      ...open('email', `${id} email`),
      ...open('phone', `${id} phone`),
      ...open('external_id', `${id} external id`),
    }
  if (name === 'contact_session') return { ...row, ...open('page', `${id} page`) }
  if (name === 'conversation') return { ...row, ...open('preview', about.preview(String(row.contact_id))) }
  if (name === 'example') return { ...row, text: openOr(vault, row.text, aboutExample(id)) }
  if (name === 'attachment') return withFile(ctx, box, row)
  if (name === 'message') {
    const { body, ...rest } = row
    return { ...rest, text: openOr(box, body, about.body(id)) }
  }
  return row
}

async function withFile(ctx: Ctx, box: Box | null, row: PortableRow): Promise<PortableRow> {
  const { key, name, ...rest } = row
  const id = String(row.id)
  const file = {
    id,
    contactId: String(row.contact_id),
    kind: row.kind as 'png',
    name: bytesOf(name) as Buffer,
    key: bytesOf(key) as Buffer,
  }
  const bytes = box && openedFile(box, file, await ctx.services.storage.get(ctx.accountId, id))
  const sha256 = bytes && createHash('sha256').update(bytes).digest('hex')
  return { ...rest, name: box ? openName(box, file) : file.kind, sha256, content: bytes?.toString('base64') ?? null }
}

/** Null for bytes that are gone or damaged: one lost file must not keep an account. */
function openedFile(box: Box, file: Parameters<typeof openFile>[1], sealed: Uint8Array | null): Buffer | null {
  try {
    return sealed && openFile(box, file, sealed)
  } catch {
    return null
  }
}
