/** Invites someone by mail with a role; asks again; takes an invitation back. */

import { AppError } from '@/lib/core/errors'
import { addInvitation, invitationDays, renewInvitation, revokeInvitation } from '@/lib/features/accounts/invitations'
import { canManageMembers, grantableRoles, requireMember } from '@/lib/features/accounts/permissions'
import { readAccount } from '@/lib/features/accounts/read'
import { record } from '@/lib/features/audit/write'
import { parseEmail } from '@/lib/features/identity/email'
import type { Ctx, MemberActor, Role } from '@/lib/platform/context'
import { inAccount, type Tx } from '@/lib/platform/db/in-account'
import { say } from '@/lib/words/say'
import { mailTo } from './mail-to'
import { withinPlan } from './within-plan'

async function mailInvitation(tx: Tx, ctx: Ctx, actor: MemberActor, to: { email: string; role: Role; token: string }) {
  const account = await readAccount(tx, ctx)
  const inviter = await tx.user.findFirstOrThrow({ where: { id: actor.userId }, select: { name: true } })
  const role = say(ctx.locale, 'common', `role.${to.role}`) ?? to.role
  const facts = { inviter: inviter.name, account: account.name, role, days: invitationDays }
  await mailTo(tx, ctx, { to: to.email, locale: ctx.locale, kind: 'invite', facts, path: `/invite/${to.token}` })
}

export async function inviteMember(ctx: Ctx, input: { email: string; role: Role }): Promise<{ id: string }> {
  const actor = requireMember(ctx, canManageMembers)
  if (!grantableRoles(actor).includes(input.role)) throw new AppError('forbidden')
  const email = parseEmail(input.email)
  return inAccount(ctx, async (tx) => {
    await withinPlan(tx, ctx, 'seats')
    const invitation = { email, role: input.role, invitedBy: actor.membershipId }
    const { id, token } = await addInvitation(tx, ctx, invitation)
    await mailInvitation(tx, ctx, actor, { email, role: input.role, token })
    await record(tx, ctx, { act: 'invitation.sent', thingId: id, facts: { role: input.role } })
    return { id }
  })
}

export async function resendInvitation(ctx: Ctx, input: { id: string }): Promise<void> {
  const actor = requireMember(ctx, canManageMembers)
  await inAccount(ctx, async (tx) => {
    const renewed = await renewInvitation(tx, ctx, input.id)
    if (!grantableRoles(actor).includes(renewed.role)) throw new AppError('forbidden')
    await mailInvitation(tx, ctx, actor, renewed)
    await record(tx, ctx, { act: 'invitation.sent_again', thingId: input.id, facts: { role: renewed.role } })
  })
}

export async function withdrawInvitation(ctx: Ctx, input: { id: string }): Promise<void> {
  requireMember(ctx, canManageMembers)
  await inAccount(ctx, async (tx) => {
    await revokeInvitation(tx, ctx, input.id)
    await record(tx, ctx, { act: 'invitation.withdrawn', thingId: input.id })
  })
}
