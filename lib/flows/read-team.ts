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
import type { Ctx, Role } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'

/** Who has a second factor is told to those who manage members. */
export async function readMembers(
  ctx: Ctx,
): Promise<(Omit<ListedMember, 'secondFactor'> & { secondFactor?: boolean })[]> {
  const actor = requireMember(ctx)
  const members = await inAccount(ctx, (tx) => listMembers(tx, ctx))
  return canManageMembers(actor) ? members : members.map(({ secondFactor: _, ...member }) => member)
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
}

export async function readMyself(ctx: Ctx): Promise<Myself> {
  const actor = requireMember(ctx)
  const { locale: _, ...account } = await inAccount(ctx, (tx) => readAccount(tx, ctx))
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
  }
}
