/** Who may do what: one table of questions by role. Flows ask them; routes declare them; pages only hide what they refuse. */
import { AppError } from '@/lib/core/errors'
import type { Ctx, MemberActor, Role } from '@/lib/platform/context'

const everyone = ['owner', 'admin', 'agent', 'viewer'] as const
const workers = ['owner', 'admin', 'agent'] as const
const managers = ['owner', 'admin'] as const
const owners = ['owner'] as const

/** The whole matrix. */
export const permissions = {
  canViewInbox: everyone,
  canReply: workers,
  canAssign: workers,
  canChangeStatus: workers,
  canLabel: workers,
  canCorrect: workers,
  canExport: managers,
  canManageMembers: managers,
  canManageOwners: owners,
  canManageTeams: managers,
  canManageLabels: managers,
  canManageInboxes: managers,
  canManageRouting: managers,
  canManageWebhooks: managers,
  canManageAccount: managers,
  canTrain: managers,
  canConsent: owners,
  canManageBilling: owners,
  canDeleteAccount: owners,
  canRequireSecondFactor: owners,
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof permissions
/** Anyone with a role; pages ask with what /me told them. */
export type HasRole = Pick<MemberActor, 'role'>
export type Question = (member: HasRole) => boolean

const ask = (permission: Permission): Question => {
  const roles: readonly Role[] = permissions[permission]
  return (member) => roles.includes(member.role)
}

export const canViewInbox = ask('canViewInbox')
export const canReply = ask('canReply')
export const canAssign = ask('canAssign')
export const canChangeStatus = ask('canChangeStatus')
export const canLabel = ask('canLabel')
export const canCorrect = ask('canCorrect')
export const canExport = ask('canExport')
export const canManageMembers = ask('canManageMembers')
export const canManageOwners = ask('canManageOwners')
export const canManageTeams = ask('canManageTeams')
export const canManageLabels = ask('canManageLabels')
export const canManageInboxes = ask('canManageInboxes')
export const canManageRouting = ask('canManageRouting')
export const canManageWebhooks = ask('canManageWebhooks')
export const canManageAccount = ask('canManageAccount')
export const canTrain = ask('canTrain')
export const canConsent = ask('canConsent')
export const canManageBilling = ask('canManageBilling')
export const canDeleteAccount = ask('canDeleteAccount')
export const canRequireSecondFactor = ask('canRequireSecondFactor')

/** The acting member, when the question answers yes. The product's own acts (jobs, the seed) are not members. @throws forbidden */
export function requireMember(ctx: Ctx, question: Question = canViewInbox): MemberActor {
  if (ctx.actor.kind !== 'member' || !question(ctx.actor)) throw new AppError('forbidden')
  return ctx.actor
}

/** The signed-in person, in an account or outside any. @throws not_signed_in */
export function requireUser(ctx: Ctx): string {
  if (ctx.actor.kind !== 'member' && ctx.actor.kind !== 'user') throw new AppError('not_signed_in')
  return ctx.actor.userId
}

/** Roles that a member may give to others, the highest first. Nobody gives more than their own. */
export function grantableRoles(member: HasRole): Role[] {
  if (canManageOwners(member)) return [...everyone]
  return canManageMembers(member) ? ['admin', 'agent', 'viewer'] : []
}

/** May `member` change or remove someone who is `other` now? Admins leave owners alone. */
export const canManage = (member: HasRole, other: HasRole): boolean =>
  canManageMembers(member) && (other.role !== 'owner' || canManageOwners(member))
