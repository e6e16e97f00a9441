/** Everything of an account as one file that machines read: JSON lines, texts and files opened, secrets left out. */
import { canExport, requireMember } from '@/lib/features/accounts/permissions'
import {
  type PortableRow,
  type PortableTable,
  portablePeople,
  portableRows,
  portableTables,
} from '@/lib/features/accounts/portable'
import { readAccount } from '@/lib/features/accounts/read'
import { openFile, openName } from '@/lib/features/attachments/read'
import { record } from '@/lib/features/audit/write'
import { about } from '@/lib/features/conversations/sealed'
import { aboutExample } from '@/lib/features/learning/examples'
import type { Ctx } from '@/lib/platform/context'
import { accountVault, contactBox } from '@/lib/platform/crypto/keyring'
import type { AccountVault, Box } from '@/lib/platform/crypto/vault'
import { inAccount } from '@/lib/platform/db/in-account'

/** Raised when the same account would come out in another form. */
export const exportVersion = 1
const part = 500

/**
 * Lines `{"what": …, "row": …}`: first what the file is, then people, then each table's rows in an order in which a row names only rows
 * before it, at last how many of each there were: a file without that line was cut off.
 */
export async function exportAccount(ctx: Ctx): Promise<AsyncIterable<string>> {
  requireMember(ctx, canExport)
  await inAccount(ctx, (tx) => record(tx, ctx, { act: 'export.account' }))
  return linesOf(ctx)
}

const line = (what: string, row: object): string => `${JSON.stringify({ what, row })}\n`

async function* linesOf(ctx: Ctx): AsyncGenerator<string> {
  const vault = await accountVault(ctx)
  const account = await inAccount(ctx, (tx) => readAccount(tx, ctx))
  yield line('export', { format: 'lingxi', version: exportVersion, at: ctx.now().toISOString(), account })
  for (const person of await inAccount(ctx, portablePeople)) yield line('person', person)
  const counts: Record<string, number> = {}
  for (const table of portableTables) {
    counts[table.name] = 0
    for (let last: string[] | null = null; ; ) {
      const rows: Awaited<ReturnType<typeof portableRows>> = await inAccount(ctx, (tx) =>
        portableRows(tx, ctx, table, last, part),
      )
      for (const { row } of rows) yield line(table.name, await opened(ctx, vault, table, row))
      counts[table.name] = (counts[table.name] ?? 0) + rows.length
      last = rows.at(-1)?.at ?? last
      if (rows.length < part) break
    }
  }
  yield line('end', { counts })
}

/** As JSON has a column of bytes: `\x…`. */
const bytesOf = (value: unknown): Buffer | null =>
  typeof value === 'string' ? Buffer.from(value.slice(2), 'hex') : null

/** Null for what is empty, and for what cannot be opened any more. */
function openOr(box: Box, value: unknown, bound: string): string | null {
  const sealed = bytesOf(value)
  try {
    return sealed && box.open(sealed, bound)
  } catch {
    return null
  }
}

async function opened(ctx: Ctx, vault: AccountVault, { name }: PortableTable, row: PortableRow): Promise<PortableRow> {
  const id = String(row.id)
  if (name === 'contact') {
    const { key, ...rest } = row
    const box = vault.contact(id, bytesOf(key) as Buffer)
    const field = (column: string, word = column) => openOr(box, row[column], `${id} ${word}`)
    return {
      ...rest,
      name: field('name'),
      email: field('email'),
      phone: field('phone'),
      external_id: field('external_id', 'external id'),
    }
  }
  if (name === 'contact_session')
    return { ...row, page: openOr(await contactBox(ctx, String(row.contact_id)), row.page, `${id} page`) }
  if (name === 'example') return { ...row, text: openOr(vault, row.text, aboutExample(id)) }
  if (name === 'attachment') return withFile(ctx, row)
  if (name === 'message') return withText(ctx, row)
  return row
}

/** Of whom the conversation is: an agent's message names no contact. */
const owners = new Map<string, string>()

async function withText(ctx: Ctx, row: PortableRow): Promise<PortableRow> {
  const { body, ...rest } = row
  if (!body) return { ...rest, text: null }
  const conversationId = String(row.conversation_id)
  let contactId = owners.get(conversationId)
  if (!contactId) {
    const where = { accountId: ctx.accountId, id: conversationId }
    const found = await inAccount(ctx, (tx) => tx.conversation.findFirst({ where, select: { contactId: true } }))
    if (!found) return { ...rest, text: null }
    contactId = found.contactId
    if (owners.size > 10_000) owners.clear()
    owners.set(conversationId, contactId)
  }
  return { ...rest, text: openOr(await contactBox(ctx, contactId), body, about.body(String(row.id))) }
}

async function withFile(ctx: Ctx, row: PortableRow): Promise<PortableRow> {
  const { key, name, ...rest } = row
  const id = String(row.id)
  const box = await contactBox(ctx, String(row.contact_id))
  const file = {
    id,
    contactId: String(row.contact_id),
    kind: row.kind as 'png',
    name: bytesOf(name) as Buffer,
    key: bytesOf(key) as Buffer,
  }
  const sealed = await ctx.services.storage.get(ctx.accountId, id)
  return { ...rest, name: openName(box, file), content: sealed && openFile(box, file, sealed).toString('base64') }
}
