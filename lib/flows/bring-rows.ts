/** Makes a row of an account's file into columns: what is open there is sealed under keys of here, what follows from it is made anew. */
import { createHash, randomBytes } from 'node:crypto'
import { charactersOf, longestText } from '@/lib/core/text'
import { type BroughtRow, keysOf, type SealedFor } from '@/lib/features/accounts/bring'
import { unsentHash } from '@/lib/features/accounts/invitations'
import type { PortableTable } from '@/lib/features/accounts/portable'
import { aboutBytes, aboutKey, aboutName } from '@/lib/features/attachments/sealed'
import { sealContact } from '@/lib/features/contacts/write'
import { about, samenessOf, wordsOf } from '@/lib/features/conversations/sealed'
import { unseenSecret } from '@/lib/features/inboxes/write'
import { aboutExample, hashOf } from '@/lib/features/learning/examples'
import type { Ctx } from '@/lib/platform/context'
import { sealBytes } from '@/lib/platform/crypto/box'
import type { AccountVault } from '@/lib/platform/crypto/vault'
import { searchWords } from '@/lib/platform/crypto/words'
import type { Tx } from '@/lib/platform/db/in-account'
import { refuse, type Values } from './check-row'

/** What a load knows while it goes. */
export interface Load {
  tx: Tx
  ctx: Ctx
  vault: AccountVault
  /** People of here by their ids in the file. */
  people: ReadonlyMap<string, string>
  /** The key of an inbox names the account: what it is here; null for one of another account. */
  siteKey: (key: string) => string | null
}

type Make = (load: Load, values: Values, row: BroughtRow, key: SealedFor | undefined) => object | Promise<object>

const hex = (bytes: Uint8Array | null): string | null =>
  bytes ? `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}` : null
const whole = (tokens: readonly bigint[]): string => `{${tokens.join()}}`

/** Values of the contact whose key seals them; a row that names none is refused. */
function boxOf({ vault }: Load, key: SealedFor | undefined, row: BroughtRow, what: string) {
  if (!key) throw refuse('import_reference', row.line, what)
  return vault.contact(key.contactId, key.key)
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

const made: Record<string, Make> = {
  membership: ({ people }, { user_id, ...rest }, { line }) => {
    const id = people.get(String(user_id))
    if (!id) throw refuse('import_reference', line, 'membership')
    return { ...rest, user_id: id }
  },
  // Who was invited and has not come is sent a link of here; the old one leads nowhere.
  invitation: ({ ctx }, values) => ({ ...values, token_hash: unsentHash(ctx.accountId) }),
  inbox: ({ vault, siteKey }, values, { line }) => {
    const key = siteKey(String(values.site_key))
    if (!key) throw refuse('import_reference', line, 'inbox')
    return { ...values, site_key: key, identity_secret: hex(unseenSecret(vault, String(values.id))) }
  },
  contact: ({ vault }, values) => {
    const { name, email, phone, external_id } = values
    const person = { name: text(name), email: text(email), phone: text(phone), externalId: text(external_id) }
    const sealed = sealContact(vault, String(values.id), person)
    return {
      ...values,
      key: hex(sealed.key),
      name: hex(sealed.name),
      email: hex(sealed.email),
      phone: hex(sealed.phone),
      email_hash: hex(sealed.emailHash),
      external_id: hex(sealed.externalId),
      external_hash: hex(sealed.externalHash),
      tokens: whole(sealed.tokens),
    }
  },
  contact_session: (load, values, row, key) => {
    const box = boxOf(load, key, row, 'contact_session')
    const page = text(values.page)
    return { ...values, page: page === null ? null : hex(box.seal(page, `${values.id} page`)) }
  },
  conversation: (load, values, row, key) => {
    const box = boxOf(load, key, row, 'conversation')
    const preview = text(values.preview)
    const bound = about.preview(String(values.contact_id))
    return { ...values, preview: preview === null ? null : hex(box.seal(preview, bound)) }
  },
  attachment: async (load, { sha256, content, ...values }, row, found) => {
    const { ctx } = load
    const box = boxOf(load, found, row, 'attachment')
    const id = String(values.id)
    const key = randomBytes(32)
    const bytes = typeof content === 'string' ? Buffer.from(content, 'base64') : null
    if (bytes) {
      const same = createHash('sha256').update(bytes).digest('hex') === sha256 && bytes.length === values.size
      if (!same) throw refuse('import_file', row.line, 'attachment')
      await ctx.services.storage.put(ctx.accountId, id, sealBytes(key, bytes, aboutBytes(id)))
    }
    return { ...values, name: hex(box.seal(String(values.name), aboutName(id))), key: hex(box.seal(key, aboutKey(id))) }
  },
  example: ({ vault }, values) => {
    const id = String(values.id)
    const said = text(values.text)
    // One that could not be opened where it comes from cannot be opened here either.
    if (said === null) return { ...values, text: '\\x00', text_hash: hex(vault.fingerprint(`lost ${id}`)) }
    return { ...values, text: hex(vault.seal(said, aboutExample(id))), text_hash: hex(hashOf(vault, said)) }
  },
  // What was under way goes on where it began.
  training_run: (_load, values) =>
    values.state === 'queued' || values.state === 'running' ? { ...values, state: 'cancelled' } : values,
  model_version: (_load, values) => ({ ...values, brought: true }),
}

interface NamedFile {
  id: string
  name: string
}

/** Files of these messages, by message. */
async function filesOf(load: Load, messages: readonly string[]): Promise<Map<string, NamedFile[]>> {
  const { tx, ctx, vault } = load
  const rows = await tx.attachment.findMany({
    where: { accountId: ctx.accountId, messageId: { in: [...messages] } },
    orderBy: { id: 'asc' },
    select: { id: true, name: true, messageId: true, contact: { select: { id: true, key: true } } },
  })
  const files = new Map<string, NamedFile[]>()
  for (const { id, name, messageId, contact } of rows) {
    const file = { id, name: vault.contact(contact.id, contact.key).open(name, aboutName(id)) }
    files.set(messageId as string, [...(files.get(messageId as string) ?? []), file])
  }
  return files
}

function message(load: Load, row: BroughtRow, key: SealedFor | undefined, files: NamedFile[] = []): object {
  const { text: said, ...values } = row.values
  const box = boxOf(load, key, row, 'message')
  // Only its own contact's key opens what a contact wrote.
  if (values.contact_id !== null && values.contact_id !== key?.contactId)
    throw refuse('import_reference', row.line, 'message')
  if (typeof said !== 'string') return { ...values, body: null, body_hash: null, tokens: '{}' }
  if (charactersOf(said) > longestText) throw refuse('import_row', row.line, 'message')
  return {
    ...values,
    body: hex(box.seal(said, about.body(String(values.id)))),
    body_hash: hex(load.vault.fingerprint(samenessOf({ text: said, files }))),
    tokens: whole(searchWords(wordsOf({ text: said, files })).map((word) => load.vault.token(word))),
  }
}

/** Rows as the database takes them. @throws import_row, import_reference, import_file */
export async function madeRows(
  load: Load,
  { name, sealedFor }: PortableTable,
  rows: readonly BroughtRow[],
): Promise<BroughtRow[]> {
  const by = sealedFor === 'conversation' ? 'conversation_id' : 'contact_id'
  const owner = (row: BroughtRow) => String(row.values[by])
  const keys =
    sealedFor && sealedFor !== 'itself'
      ? await keysOf(load.tx, load.ctx, sealedFor, rows.map(owner))
      : new Map<string, SealedFor>()
  const files =
    name === 'message'
      ? await filesOf(
          load,
          rows.map(({ values }) => String(values.id)),
        )
      : null
  const out: BroughtRow[] = []
  for (const row of rows) {
    const key = keys.get(owner(row))
    const values = files
      ? message(load, row, key, files.get(String(row.values.id)))
      : await (made[name]?.(load, row.values, row, key) ?? row.values)
    out.push({ line: row.line, values: values as BroughtRow['values'] })
  }
  return out
}
