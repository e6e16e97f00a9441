/** Reads about accounts and their members. */
import type { Ctx, Role } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import type { KeptPreferences } from './preferences'

export interface Place {
  accountId: string
  membershipId: string
  role: Role
  /** The account asks for a second factor, and the person has none: nothing of it opens to them. */
  closed: boolean
}

/** A person's living membership of the account with this slug. System role. */
export async function membershipOf(tx: Tx, userId: string, slug: string): Promise<Place | null> {
  const row = await tx.membership.findFirst({
    where: { userId, disabledAt: null, account: { slug } },
    select: {
      accountId: true,
      id: true,
      role: true,
      account: { select: { secondFactorRequired: true } },
      user: { select: { secondFactorAt: true } },
    },
  })
  if (!row) return null
  const { accountId, id: membershipId, account, user } = row
  const closed = account.secondFactorRequired && user.secondFactorAt === null
  return { accountId, membershipId, role: row.role as Role, closed }
}

/** Where a person belongs now, in the order of the accounts' ids. System role. */
export const membershipsOf = (tx: Tx, userId: string): Promise<{ accountId: string; id: string }[]> =>
  tx.membership.findMany({
    where: { userId, disabledAt: null },
    orderBy: { accountId: 'asc' },
    select: { accountId: true, id: true },
  })

export interface OwnAccount {
  id: string
  membershipId: string
  slug: string
  name: string
  role: Role
  preferences: KeptPreferences
  availability: 'online' | 'away'
  /** It opens to people with a second factor only. */
  secondFactorRequired: boolean
}

/** The accounts a person belongs to, the oldest membership first. System role. */
export async function accountsOf(tx: Tx, userId: string): Promise<OwnAccount[]> {
  const rows = await tx.membership.findMany({
    where: { userId, disabledAt: null },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: {
      id: true,
      role: true,
      preferences: true,
      availability: true,
      account: { select: { id: true, slug: true, name: true, secondFactorRequired: true } },
    },
  })
  return rows.map(({ account, id, role, preferences, availability }) => ({
    ...account,
    membershipId: id,
    role: role as Role,
    preferences: preferences as KeptPreferences,
    availability: availability as 'online' | 'away',
  }))
}

export interface ListedMember {
  id: string
  userId: string
  name: string
  email: string
  role: Role
  availability: 'online' | 'away'
  /** True while a desk of theirs is open. */
  here: boolean
  joinedAt: Date
  /** Has a second factor. */
  secondFactor: boolean
}

export async function listMembers(tx: Tx, ctx: Ctx): Promise<ListedMember[]> {
  const rows = await tx.membership.findMany({
    where: { disabledAt: null },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    include: { user: { select: { name: true, email: true, secondFactorAt: true } } },
  })
  return rows.map((row) => ({
    id: row.id,
    userId: row.userId,
    name: row.user.name,
    email: row.user.email,
    role: row.role as Role,
    availability: row.availability as 'online' | 'away',
    here: row.onlineUntil !== null && row.onlineUntil > ctx.now(),
    joinedAt: row.createdAt,
    secondFactor: row.user.secondFactorAt !== null,
  }))
}

/** Name and slug of the transaction's account. */
export const readAccount = (tx: Tx, ctx: Ctx) =>
  tx.account.findUniqueOrThrow({
    where: { id: ctx.accountId },
    select: { name: true, slug: true, locale: true, secondFactorRequired: true },
  })
