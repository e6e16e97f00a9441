/** Reads an account's audit log: pages by keyset, the newest first, and the whole chain in its order. */
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import type { AuditFacts } from './acts'
import type { ChainedEntry } from './chain'
import type { AuditFilter, AuditPage } from './input'

const whereOf = (ctx: Ctx, { act, by }: AuditFilter) => ({
  accountId: ctx.accountId,
  ...(act ? { act } : {}),
  ...(by ? { actorId: by === 'system' ? null : by } : {}),
})

type Row = Awaited<ReturnType<Tx['auditEntry']['findMany']>>[number]

const toEntry = ({ accountId: _, sequence, facts, ...row }: Row): ChainedEntry => ({
  ...row,
  sequence: Number(sequence),
  facts: facts as AuditFacts,
})

/** @param take one more than shown tells whether there is a next page */
export async function findEntries(
  tx: Tx,
  ctx: Ctx,
  { before, ...filter }: AuditPage,
  take: number,
): Promise<ChainedEntry[]> {
  const rows = await tx.auditEntry.findMany({
    where: { ...whereOf(ctx, filter), ...(before ? { sequence: { lt: before } } : {}) },
    orderBy: { sequence: 'desc' },
    take,
  })
  return rows.map(toEntry)
}

/** Part of the chain behind an entry, the oldest first. */
export async function followEntries(tx: Tx, ctx: Ctx, after: number, take: number): Promise<ChainedEntry[]> {
  const rows = await tx.auditEntry.findMany({
    where: { accountId: ctx.accountId, sequence: { gt: after } },
    orderBy: { sequence: 'asc' },
    take,
  })
  return rows.map(toEntry)
}

/** Names of everyone who is or was a member; what a removed one did stays theirs. */
export async function namesOfMembers(tx: Tx): Promise<Map<string, string>> {
  const rows = await tx.membership.findMany({ select: { id: true, user: { select: { name: true } } } })
  return new Map(rows.map(({ id, user }) => [id, user.name]))
}

/** Addresses that invitations went to: looked up where they are kept, and in no entry. */
export async function addressesOf(tx: Tx, ids: string[]): Promise<[string, string][]> {
  const rows = await tx.invitation.findMany({ where: { id: { in: ids } }, select: { id: true, email: true } })
  return rows.map(({ id, email }) => [id, email])
}

/** What things are called today; those that are gone were named in their entries. */
export async function namesOfThings(
  tx: Tx,
  { label, team, inbox }: { label: string[]; team: string[]; inbox: string[] },
): Promise<[string, string][]> {
  const select = { id: true, name: true }
  const rows = [
    ...(await tx.label.findMany({ where: { id: { in: label } }, select })),
    ...(await tx.team.findMany({ where: { id: { in: team } }, select })),
    ...(await tx.inbox.findMany({ where: { id: { in: inbox } }, select })),
  ]
  return rows.map(({ id, name }) => [id, name])
}

/** Numbers of model versions. */
export async function numbersOf(tx: Tx, ids: string[]): Promise<[string, string][]> {
  const rows = await tx.modelVersion.findMany({ where: { id: { in: ids } }, select: { id: true, number: true } })
  return rows.map(({ id, number }) => [id, `#${number}`])
}
