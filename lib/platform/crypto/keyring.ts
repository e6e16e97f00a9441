/** Brings wrapped keys from the database once and hands out the opened boxes of accounts and contacts. */
import { AppError } from '../../core/errors'
import type { Ctx } from '../context'
import { callInAccount, inAccount, type Tx } from '../db/in-account'
import type { AccountVault, Box } from './vault'

const accounts = new Map<string, Uint8Array>()
const contacts = new Map<string, Uint8Array>()

function remember(map: Map<string, Uint8Array>, id: string, key: Uint8Array, most: number): Uint8Array {
  if (map.size >= most) map.delete(map.keys().next().value as string)
  map.set(id, key)
  return key
}

/** Reads of account keys under way: a burst of first messages asks the database once. */
const asking = new Map<string, Promise<Uint8Array>>()

async function readKey(ctx: Ctx, reader: Tx): Promise<Uint8Array> {
  const row = await reader.account.findUnique({ where: { id: ctx.accountId }, select: { key: true } })
  if (!row) throw new AppError('not_found')
  return remember(accounts, ctx.accountId, row.key, 5_000)
}

/** The vault of the context's account; `tx` saves a round trip inside a transaction. */
export async function accountVault(ctx: Ctx, tx?: Tx): Promise<AccountVault> {
  let key = accounts.get(ctx.accountId)
  if (!key && tx) key = await readKey(ctx, tx)
  if (!key) {
    let answer = asking.get(ctx.accountId)
    if (!answer) {
      answer = inAccount(ctx, (reader) => readKey(ctx, reader)).finally(() => asking.delete(ctx.accountId))
      asking.set(ctx.accountId, answer)
    }
    key = await answer
  }
  return ctx.services.vault.account(ctx.accountId, key)
}

/** The box of one contact; throws not_found when the contact (and so its key) is gone. */
export async function contactBox(ctx: Ctx, contactId: string): Promise<Box> {
  const vault = await accountVault(ctx)
  let key = contacts.get(contactId)
  if (!key) {
    const [row] = await callInAccount<{ key: Buffer }>(
      ctx.services,
      { name: 'contact_key', text: 'SELECT contact_key($1, $2) AS key' },
      [ctx.accountId, contactId],
    )
    if (!row?.key) throw new AppError('not_found')
    key = remember(contacts, contactId, row.key, 20_000)
  }
  return vault.contact(contactId, key)
}

/** Forgets a contact's key in this process (after its erasure). */
export function forgetContact(ctx: Ctx, contactId: string): void {
  contacts.delete(contactId)
  ctx.services.vault.forget()
}
