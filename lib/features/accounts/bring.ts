/** Writes the rows of an account that comes in: many in a statement, and the one that the database refuses is found and named. */
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import type { AccountVault } from '@/lib/platform/crypto/vault'
import { Prisma } from '@/lib/platform/db/generated/client'
import type { Tx } from '@/lib/platform/db/in-account'
import { isOrphan, isRefused } from '@/lib/platform/db/trouble'
import type { FileHeader } from './portable-lines'

/** A row as the database takes it: bytes as `\x…`, arrays of whole numbers as `{…}`. */
export interface BroughtRow {
  /** Of the file. */
  line: number
  values: Record<string, unknown>
}

/** Between two places to return to, rows and characters: each place costs everybody else's snapshots a little, keeping rows costs memory. */
const between = { rows: 20_000, size: 64_000_000 }

interface Written {
  table: string
  rows: readonly BroughtRow[]
}

/** Adds rows in the transaction of a load. */
export class Bringing {
  /** Written since the last place to return to. */
  #since: Written[] = []
  #count = 0
  #size = 0

  constructor(
    readonly tx: Tx,
    readonly ctx: Ctx,
  ) {}

  /** @param table of portableTables; its rows have the same columns. @throws import_row, import_reference */
  async add(table: string, rows: readonly BroughtRow[]): Promise<void> {
    if (!rows.length) return
    if (!this.#since.length) await this.tx.$executeRaw`SAVEPOINT "part"`
    const all = { table, rows }
    try {
      this.#size += await this.#write(all)
    } catch (error) {
      await this.#name(all, error)
    }
    this.#since.push(all)
    this.#count += rows.length
    if (this.#count < between.rows && this.#size < between.size) return
    await this.tx.$executeRaw`RELEASE SAVEPOINT "part"`
    this.#since = []
    this.#count = 0
    this.#size = 0
  }

  /** @returns how much it was, in characters */
  async #write({ table, rows }: Written): Promise<number> {
    // Of portableTables and of the code that seals; nothing of the file is a name.
    const columns = Object.keys(rows[0]?.values ?? {})
    const names = (of: string) => Prisma.raw(columns.map((column) => `${of}"${column}"`).join(', '))
    const name = Prisma.raw(`"${table}"`)
    const json = JSON.stringify(rows.map(({ values }) => values))
    await this.tx
      .$executeRaw`INSERT INTO ${name} (account_id, ${names('')}) SELECT ${this.ctx.accountId}::uuid, ${names('r.')}
      FROM jsonb_populate_recordset(NULL::${name}, ${json}::jsonb) r`
    return json.length
  }

  /** A refused statement ends all that the transaction did since the last place: it is done again, the refused rows one by one. */
  async #name(refused: Written, error: unknown): Promise<never> {
    if (!isRefused(error)) throw error
    await this.tx.$executeRaw`ROLLBACK TO SAVEPOINT "part"`
    for (const before of this.#since) await this.#write(before)
    for (const row of refused.rows)
      await this.#write({ ...refused, rows: [row] }).catch((cause) => {
        if (!isRefused(cause)) throw cause
        const code = isOrphan(cause) ? 'import_reference' : 'import_row'
        throw new AppError(code, { line: row.line, what: refused.table })
      })
    throw error
  }
}

/** The account's row under a key of its own; the context carries its id. */
export async function bringAccount(tx: Tx, ctx: Ctx, account: Omit<FileHeader, 'id'>): Promise<AccountVault> {
  const key = new Uint8Array(ctx.services.vault.newAccountKey(ctx.accountId))
  await tx.account.create({
    data: { ...account, id: ctx.accountId, key, createdAt: new Date(account.createdAt) },
    select: { id: true },
  })
  return ctx.services.vault.account(ctx.accountId, key)
}

/** The first of these that names no conversation of the account. */
export async function missingConversation(tx: Tx, ctx: Ctx, ids: readonly string[]): Promise<string | null> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT i.id FROM unnest(${[...ids]}::uuid[]) i(id) WHERE NOT EXISTS (
      SELECT 1 FROM conversation c WHERE c.account_id = ${ctx.accountId}::uuid AND c.id = i.id) LIMIT 1`
  return rows[0]?.id ?? null
}

/** Numbers of conversations are never given twice. False when the account's last number is below one that is used. */
export async function numbersHold(tx: Tx, ctx: Ctx, lastDisplayId: number): Promise<boolean> {
  const { _max } = await tx.conversation.aggregate({ where: { accountId: ctx.accountId }, _max: { displayId: true } })
  return (_max.displayId ?? 0) <= lastDisplayId
}

export interface SealedFor {
  contactId: string
  key: Uint8Array
}

/** Keys of contacts by their ids, or by those of their conversations. */
export async function keysOf(
  tx: Tx,
  ctx: Ctx,
  by: 'contact' | 'conversation',
  ids: readonly string[],
): Promise<Map<string, SealedFor>> {
  const { accountId } = ctx
  const wanted = { in: [...new Set(ids)] }
  const select = { id: true, key: true } as const
  if (by === 'contact') {
    const rows = await tx.contact.findMany({ where: { accountId, id: wanted }, select })
    return new Map(rows.map(({ id, key }) => [id, { contactId: id, key }]))
  }
  const where = { accountId, id: wanted }
  const rows = await tx.conversation.findMany({ where, select: { id: true, contact: { select } } })
  return new Map(rows.map(({ id, contact }) => [id, { contactId: contact.id, key: contact.key }]))
}
