/** An account comes in from its file: all of it or nothing, in one transaction, under keys of this installation. */
import { AppError } from '@/lib/core/errors'
import { makeSiteKey, readSiteKey } from '@/lib/core/site-key'
import {
  Bringing,
  type BroughtRow,
  bringAccount,
  missingConversation,
  numbersHold,
} from '@/lib/features/accounts/bring'
import { type PortableTable, portableTables } from '@/lib/features/accounts/portable'
import {
  checkEnd,
  type FileHeader,
  type FileLine,
  fileFormat,
  readHeader,
  readLines,
} from '@/lib/features/accounts/portable-lines'
import { isSlug, nextSlug, slugOf } from '@/lib/features/accounts/slug'
import { record } from '@/lib/features/audit/write'
import { type BroughtPerson, bringUsers, knownAmong } from '@/lib/features/identity/users'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import type { Tx } from '@/lib/platform/db/in-account'
import { alone, awaitLoad, loadWhole } from '@/lib/platform/db/long'
import { type Erasure, noteErasure, readErasures } from '@/lib/platform/erasures'
import { type Load, madeRows } from './bring-rows'
import { checkRow, refuse } from './check-row'
import { eraseAgain } from './erase-contact'

export interface Imported {
  accountId: string
  slug: string
  /** False where the account's id was taken: then it and the keys of its inboxes are new. */
  sameId: boolean
  /** Lines by what they are; of `notBrought` nothing was kept. */
  counts: Record<string, number>
  notBrought: string[]
  people: { known: number; added: number }
  /** Contacts of the file whom this installation had erased, and erased again; null: the database went away, the worker does it. */
  erased: number | null
}

/** Rows of one statement. */
const most = 500
/** Characters of their files, so that files do not fill the memory. */
const mostContent = 8_000_000

/** @param source the bytes of the file @param name instead of the account's own @throws import_…, conflict, storage_full, database_away */
export async function importAccount(
  outside: Ctx,
  { source, name }: { source: AsyncIterable<Uint8Array>; name?: string | undefined },
): Promise<Imported> {
  const lines = readLines(source)
  const first = await lines.next()
  if (first.done) throw new AppError('import_cut_short', { line: 1 })
  const header = readHeader(first.value)
  // Of two imports of one file the other would take this one's files for what a kill had left.
  return alone(outside, `import ${header.id}`, async (still) => {
    const { accountId, slug } = await placeFor(outside, header, name)
    const ctx: Ctx = { ...outside, accountId }
    const account = { ...header, slug, name: name ?? header.name }
    const erased = (await readErasures(ctx.services.env)).filter((one) => one.accountId === header.id)
    const done = await load(ctx, { account, header, lines, erased }, still)
    const again = erased.length ? await erase(ctx) : 0
    return { accountId, slug, sameId: accountId === header.id, ...done, erased: again }
  })
}

type Done = Pick<Imported, 'counts' | 'notBrought' | 'people'>

interface Whole {
  account: FileHeader
  header: FileHeader
  lines: AsyncIterable<FileLine>
  erased: readonly Erasure[]
}

/** Rows and files, or neither. */
async function load(ctx: Ctx, { account, header, lines, erased }: Whole, still: () => Promise<boolean>): Promise<Done> {
  const { accountId } = ctx
  const { storage, vault, env } = ctx.services
  // What an import that was killed has left.
  await storage.removeAll(accountId)
  let done: Done | undefined
  try {
    await loadWhole(ctx, async (tx) => {
      done = await new Import(tx, ctx, account, header.id).run(lines)
      // Noted before they can be seen: if this ends here, the worker erases them.
      for (const { contactId } of erased) await noteErasure(env, { accountId, contactId })
    })
  } catch (error) {
    // A connection may break when all is written: then the files are somebody's.
    if (done && (await isThere(ctx))) return done
    vault.forget()
    // Where that cannot be known they stay, sealed, until the file is brought again.
    if (await still()) await storage.removeAll(accountId)
    throw error
  }
  return done as Done
}

const isThere = (ctx: Ctx): Promise<boolean> =>
  asSystem(ctx.services, 'look for an account', async (tx) => {
    await awaitLoad(tx, ctx.accountId)
    return (await tx.account.count({ where: { id: ctx.accountId } })) > 0
  })

/** The account is there, whatever comes of this; null where the worker has to do it. */
const erase = (ctx: Ctx): Promise<number | null> =>
  eraseAgain(ctx.services, (accountId) => ({ ...ctx, accountId })).catch((error: unknown) => {
    ctx.services.log.warn({ err: error }, 'whom this installation had erased is left to the worker')
    return null
  })

/** The account's own id and address where they are free. */
async function placeFor(ctx: Ctx, header: FileHeader, name: string | undefined) {
  const wanted = !name && isSlug(header.slug) ? header.slug : slugOf(name ?? header.name, ctx.random)
  return asSystem(ctx.services, 'import an account', async (tx) => {
    await awaitLoad(tx, header.id)
    const taken = async (where: { id: string } | { slug: string }) =>
      (await tx.account.findUnique({ where, select: { id: true } })) !== null
    const accountId = (await taken({ id: header.id })) ? ctx.newId() : header.id
    let slug = wanted
    for (let attempt = 1; await taken({ slug }); attempt++) slug = nextSlug(wanted, attempt, ctx.random)
    return { accountId, slug }
  })
}

/** One pass over the file, within the transaction. */
class Import {
  readonly #counts = new Map<string, number>()
  readonly #people: (BroughtPerson & { line: number })[] = []
  #strangers: BroughtPerson[] = []
  #load: Load | null = null
  /** Where in portableTables the file is. */
  #at = -1
  #rows: BroughtRow[] = []
  #content = 0
  /** Conversations that went on in others: their lines by the others' ids. */
  readonly #successors = new Map<string, number>()
  readonly #bringing: Bringing

  constructor(
    readonly tx: Tx,
    readonly ctx: Ctx,
    readonly account: FileHeader,
    /** In the file. */
    readonly source: string,
  ) {
    this.#bringing = new Bringing(tx, ctx)
  }

  async run(lines: AsyncIterable<FileLine>): Promise<Done> {
    let end: FileLine | undefined
    for await (const line of lines) {
      // The reader refuses whatever comes behind it.
      if (line.what === fileFormat.end) {
        end = line
        continue
      }
      if (line.what === fileFormat.person) this.#person(line)
      else await this.#take(line)
      this.#counts.set(line.what, (this.#counts.get(line.what) ?? 0) + 1)
    }
    if (!end) throw new AppError('import_cut_short', { line: 1 })
    return this.#finish(end)
  }

  #person(line: FileLine): void {
    checkRow({ name: fileFormat.person, fields: ['id', 'name', 'email', 'locale'] }, line)
    if (this.#at >= 0) throw refuse('import_row', line.number, line.what)
    this.#people.push({ ...(line.row as unknown as BroughtPerson), line: line.number })
  }

  async #take(line: FileLine): Promise<void> {
    const place = portableTables.findIndex(({ name }) => name === line.what)
    const table = portableTables[place]
    if (!table || place < this.#at) throw refuse('import_row', line.number, line.what)
    checkRow(table, line)
    if (place > this.#at) await this.#flush()
    this.#at = place
    if (table.notBrought) return
    const { superseded_by: next, content } = line.row
    if (table.name === 'conversation' && typeof next === 'string') this.#successors.set(next, line.number)
    this.#rows.push({ line: line.number, values: line.row })
    this.#content += typeof content === 'string' ? content.length : 0
    if (this.#rows.length >= most || this.#content > mostContent) await this.#flush()
  }

  async #flush(): Promise<void> {
    this.#load ??= await this.#begin()
    const table = portableTables[this.#at] as PortableTable
    const rows = this.#rows
    this.#rows = []
    this.#content = 0
    if (rows.length) await this.#bringing.add(table.name, await madeRows(this.#load, table, rows))
  }

  /** The account's row, and who its people are here. */
  async #begin(): Promise<Load> {
    const { tx, ctx } = this
    const { id: _, ...account } = this.account
    const vault = await bringAccount(tx, ctx, account)
    return { tx, ctx, vault, people: await this.#meet(), siteKey: this.#siteKey }
  }

  /** A key of another account would lead visitors there. Kept with the account's id; else everybody's page needs a new one. */
  readonly #siteKey = (key: string): string | null => {
    if (readSiteKey(key) !== this.source) return null
    return this.ctx.accountId === this.source ? key : makeSiteKey(this.ctx.accountId)
  }

  /** Matched by address. @throws import_nobody, import_row when two have one address or id */
  async #meet(): Promise<Map<string, string>> {
    const twice = (of: (one: BroughtPerson) => string) => {
      const seen = new Set<string>()
      const found = this.#people.find((one) => seen.size === seen.add(of(one)).size)
      if (found) throw refuse('import_row', found.line, fileFormat.person)
    }
    twice(({ email }) => email)
    twice(({ id }) => id)
    const people = this.#people.map(({ line: _, ...one }) => one)
    const known = await asSystem(this.ctx.services, 'import an account', (tx) => knownAmong(tx, people))
    if (!known.anyone) throw new AppError('import_nobody')
    this.#strangers = people.flatMap((one) =>
      known.byEmail.has(one.email) ? [] : [{ ...one, id: known.ids.has(one.id) ? this.ctx.newId() : one.id }],
    )
    const added = new Map(this.#strangers.map(({ email, id }) => [email, id]))
    return new Map(people.map(({ id, email }) => [id, (known.byEmail.get(email) ?? added.get(email)) as string]))
  }

  async #finish(end: FileLine) {
    if (this.#at < 0) this.#at = 0
    await this.#flush()
    const { tx, ctx } = this
    checkEnd(end, this.#counts)
    const lost = await missingConversation(tx, ctx, [...this.#successors.keys()])
    if (lost) throw refuse('import_reference', this.#successors.get(lost) ?? end.number, 'conversation')
    if (!(await numbersHold(tx, ctx, this.account.lastDisplayId))) throw refuse('import_row', 1, fileFormat.header)
    const rows = [...this.#counts.values()].reduce((all, n) => all + n, 0)
    const facts = { from: this.source, rows, sha256: end.before ?? '' }
    await record(tx, ctx, { act: 'account.imported', facts })
    // Last: they belong to no account, so another role adds them, and the memberships are held against them at the commit.
    const strangers = this.#strangers
    if (strangers.length)
      await asSystem(ctx.services, 'import an account', (system) => bringUsers(system, ctx, strangers))
    return {
      counts: Object.fromEntries(this.#counts),
      notBrought: portableTables.flatMap(({ name, notBrought }) => (notBrought ? [name] : [])),
      people: { known: this.#people.length - strangers.length, added: strangers.length },
    }
  }
}
