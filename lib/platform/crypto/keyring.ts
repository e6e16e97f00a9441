/** Brings wrapped keys from the database once and hands out the opened boxes of accounts and contacts. */
import { AppError } from '../../core/errors'
import type { Ctx } from '../context'
import { callInAccount, inAccount, type Tx } from '../db/in-account'
import type { AccountVault, Box, Vault } from './vault'

interface Kept {
  accounts: Map<string, Uint8Array>
  /** By account and contact: an account that was brought in beside its original has the same contacts' ids. */
  contacts: Map<string, Uint8Array>
  /** Reads of account keys under way: a burst of first messages asks the database once. */
  asking: Map<string, Promise<Uint8Array>>
}

/** By installation. */
const keepers = new WeakMap<Vault, Kept>()

function keptBy({ services: { vault } }: Ctx): Kept {
  const kept = keepers.get(vault) ?? { accounts: new Map(), contacts: new Map(), asking: new Map() }
  keepers.set(vault, kept)
  return kept
}

function remember(map: Map<string, Uint8Array>, id: string, key: Uint8Array, most: number): Uint8Array {
  if (map.size >= most) map.delete(map.keys().next().value as string)
  map.set(id, key)
  return key
}

async function readKey(ctx: Ctx, reader: Tx): Promise<Uint8Array> {
  const row = await reader.account.findUnique({ where: { id: ctx.accountId }, select: { key: true } })
  if (!row) throw new AppError('not_found')
  return remember(keptBy(ctx).accounts, ctx.accountId, row.key, 5_000)
}

/** The vault of the context's account; `tx` saves a round trip inside a transaction. */
export async function accountVault(ctx: Ctx, tx?: Tx): Promise<AccountVault> {
  const { accounts, asking } = keptBy(ctx)
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

const nameOf = (ctx: Ctx, contactId: string): string => `${ctx.accountId} ${contactId}`

/** The box of one contact; throws not_found when the contact (and so its key) is gone. */
export async function contactBox(ctx: Ctx, contactId: string): Promise<Box> {
  const vault = await accountVault(ctx)
  const { contacts } = keptBy(ctx)
  let key = contacts.get(nameOf(ctx, contactId))
  if (!key) {
    const [row] = await callInAccount<{ key: Buffer }>(
      ctx.services,
      { name: 'contact_key', text: 'SELECT contact_key($1, $2) AS key' },
      [ctx.accountId, contactId],
    )
    if (!row?.key) throw new AppError('not_found')
    key = remember(contacts, nameOf(ctx, contactId), row.key, 20_000)
  }
  return vault.contact(contactId, key)
}

/** Forgets a contact's key in this process (after its erasure). */
export function forgetContact(ctx: Ctx, contactId: string): void {
  keptBy(ctx).contacts.delete(nameOf(ctx, contactId))
  ctx.services.vault.forget()
}
