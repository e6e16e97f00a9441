/** The team page: members, open invitations, and what the reader may do. */
import { type ListedInvitation, listInvitations } from '@/lib/features/accounts/invitations'
import {
  canManageMembers,
  grantableRoles,
  type Permission,
  permissions,
  requireMember,
} from '@/lib/features/accounts/permissions'
import { type ListedMember, listMembers, readAccount } from '@/lib/features/accounts/read'
import { beyond, givesWay, readPlaced } from '@/lib/features/billing/places'
import type { Currency, Interval } from '@/lib/features/billing/plans'
import { isManaged, readSubscription } from '@/lib/features/billing/read'
import { eachOf, type Subscription, toEntitlements } from '@/lib/features/billing/rules'
import { isBilled } from '@/lib/features/billing/stripe-client'
import type { Ctx, Role } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'

export type TeamMember = Omit<ListedMember, 'secondFactor'> & {
  secondFactor?: boolean
  /** Beyond so many people that the plan includes; who would give way if an owner gave them a place (null: nobody can). */
  waits?: { places: number; gives: string | null }
}

/** Who has a second factor is told to those who manage members. */
export async function readMembers(ctx: Ctx): Promise<TeamMember[]> {
  const actor = requireMember(ctx)
  const { members, placed, seats } = await inAccount(ctx, async (tx) => ({
    members: await listMembers(tx, ctx),
    placed: await readPlaced(tx, ctx),
    seats: toEntitlements(await readSubscription(tx, ctx), ctx.now()).limits.seats,
  }))
  const waiting = new Set(beyond(placed, seats).map(({ id }) => id))
  const told = members.map((member) => {
    if (seats === null || !waiting.has(member.id)) return member
    return { ...member, waits: { gives: givesWay(placed, seats, member.id)?.name ?? null, places: seats } }
  })
  return canManageMembers(actor) ? told : told.map(({ secondFactor: _, ...member }) => member)
}

export async function readInvitations(ctx: Ctx): Promise<ListedInvitation[]> {
  requireMember(ctx, canManageMembers)
  return inAccount(ctx, (tx) => listInvitations(tx, ctx))
}

export interface Myself {
  account: { name: string; slug: string; secondFactorRequired: boolean }
  membershipId: string
  userId: string
  role: Role
  /** Every question of the matrix, answered for the reader: pages hide what would be refused. */
  can: Record<Permission, boolean>
  grantable: Role[]
  /** What each who joins costs, hundredths; null: nothing, or the reader invites nobody. */
  seat: { each: number; interval: Interval; currency: Currency } | null
}

/** A plan from demo billing is paid for by nobody. */
const paidFor = async (tx: Tx, ctx: Ctx): Promise<Subscription | null> =>
  (await isManaged(tx, ctx)) ? readSubscription(tx, ctx) : null

export async function readMyself(ctx: Ctx): Promise<Myself> {
  const actor = requireMember(ctx)
  const { locale: _, ...account } = await inAccount(ctx, (tx) => readAccount(tx, ctx))
  const subscription =
    canManageMembers(actor) && isBilled(ctx.services) ? await inAccount(ctx, (tx) => paidFor(tx, ctx)) : null
  const each = eachOf(subscription)
  const answers = Object.entries(permissions).map(([question, roles]) => [
    question,
    (roles as readonly Role[]).includes(actor.role),
  ])
  return {
    account,
    membershipId: actor.membershipId,
    userId: actor.userId,
    role: actor.role,
    can: Object.fromEntries(answers) as Record<Permission, boolean>,
    grantable: grantableRoles(actor),
    seat:
      subscription && each !== null ? { each, interval: subscription.interval, currency: subscription.currency } : null,
  }
}
