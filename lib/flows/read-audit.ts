/** The audit log as people read it: a page of it, the check of its chain, and all of it as a file. */
import { canManageAccount, requireMember } from '@/lib/features/accounts/permissions'
import type { AuditFacts } from '@/lib/features/audit/acts'
import { ChainCheck, type ChainedEntry } from '@/lib/features/audit/chain'
import type { AuditPage } from '@/lib/features/audit/input'
import {
  addressesOf,
  findEntries,
  followEntries,
  namesOfMembers,
  namesOfThings,
  numbersOf,
} from '@/lib/features/audit/read'
import { record } from '@/lib/features/audit/write'
import { namesOfIntents } from '@/lib/features/intents/read'
import { csvLines, csvMark } from '@/lib/features/tickets/csv'
import type { Ctx } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { requireFeature } from './within-plan'

export interface ShownEntry {
  sequence: number
  at: Date
  act: string
  /** Null: the product itself, by a rule or a job. */
  by: { id: string; name: string } | null
  /** What it was called then, or is called now; the address of an invitation. */
  thing: string | null
  facts: AuditFacts
}

export interface AuditLog {
  entries: ShownEntry[]
  /** `before` of the next page. */
  next: number | null
  /** Everyone who is or was a member. */
  people: { id: string; name: string }[]
}

const pageSize = 50
const part = 1_000

/** @throws plan_audit */
async function mayRead(tx: Tx, ctx: Ctx): Promise<void> {
  requireMember(ctx, canManageAccount)
  await requireFeature(tx, ctx, 'audit')
}

async function shown(
  tx: Tx,
  ctx: Ctx,
  entries: ChainedEntry[],
  people: ReadonlyMap<string, string>,
): Promise<ShownEntry[]> {
  const idsOf = (group: string) =>
    entries.flatMap(({ act, thingId }) => (thingId && act.startsWith(`${group}.`) ? [thingId] : []))
  const names = new Map([
    ...people,
    ...(await addressesOf(tx, idsOf('invitation'))),
    ...(await namesOfThings(tx, { label: idsOf('label'), team: idsOf('team'), inbox: idsOf('inbox') })),
    ...(await numbersOf(tx, [...idsOf('model'), ...idsOf('export')])),
    ...(await namesOfIntents(tx, ctx, idsOf('intent'))),
  ])
  return entries.map(({ sequence, at, act, actorId, thingId, facts }) => ({
    sequence,
    at,
    act,
    by: actorId ? { id: actorId, name: people.get(actorId) ?? '' } : null,
    thing: typeof facts.name === 'string' ? facts.name : ((thingId && names.get(thingId)) ?? null),
    facts,
  }))
}

/** @throws plan_audit */
export async function readAudit(ctx: Ctx, page: AuditPage): Promise<AuditLog> {
  return inAccount(ctx, async (tx) => {
    await mayRead(tx, ctx)
    const found = await findEntries(tx, ctx, page, pageSize + 1)
    const people = await namesOfMembers(tx)
    const here = found.slice(0, pageSize)
    return {
      entries: await shown(tx, ctx, here, people),
      next: found.length > pageSize ? (here.at(-1)?.sequence ?? null) : null,
      people: [...people].map(([id, name]) => ({ id, name })),
    }
  })
}

export interface AuditCheck {
  /** The last entry that fits its chain, and its hash: who keeps it can tell later whether the end was cut off. */
  upTo: number
  hash: string
  /** The first entry that was changed, moved or removed. */
  broken: number | null
}

/** Reads the whole chain, part by part; what is added meanwhile is part of it. @throws plan_audit */
export async function checkAudit(ctx: Ctx): Promise<AuditCheck> {
  await inAccount(ctx, (tx) => mayRead(tx, ctx))
  const check = new ChainCheck(ctx.accountId)
  for (;;) {
    const entries = await inAccount(ctx, (tx) => followEntries(tx, ctx, check.result.upTo, part))
    const fits = entries.every((entry) => check.next(entry))
    if (!fits || entries.length < part) return check.result
  }
}

const heads = ['sequence', 'at', 'act', 'by', 'by_id', 'thing', 'thing_id', 'facts', 'previous', 'hash']

/** The whole log as CSV, the oldest first, with everything that the hashes cover. @throws plan_audit */
export async function exportAudit(ctx: Ctx): Promise<AsyncIterable<string>> {
  // Before the first byte: a refusal is an answer of its own, not a file that ends early.
  await inAccount(ctx, async (tx) => {
    await mayRead(tx, ctx)
    await record(tx, ctx, { act: 'export.audit' })
  })
  return linesOf(ctx)
}

async function* linesOf(ctx: Ctx): AsyncGenerator<string> {
  yield csvMark + csvLines([heads])
  for (let last = 0; ; ) {
    const { entries, lines } = await inAccount(ctx, async (tx) => {
      const found = await followEntries(tx, ctx, last, part)
      const people = await namesOfMembers(tx)
      const said = await shown(tx, ctx, found, people)
      return { entries: found, lines: found.map((entry, at) => cellsOf(entry, said[at] as ShownEntry)) }
    })
    if (lines.length) yield csvLines(lines)
    last = entries.at(-1)?.sequence ?? last
    if (entries.length < part) return
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

const cellsOf = (entry: ChainedEntry, { by, thing }: ShownEntry): string[] => [
  String(entry.sequence),
  entry.at.toISOString(),
  entry.act,
  by?.name ?? '',
  entry.actorId ?? '',
  thing ?? '',
  entry.thingId ?? '',
  JSON.stringify(entry.facts),
  hex(entry.previous),
  hex(entry.hash),
]
