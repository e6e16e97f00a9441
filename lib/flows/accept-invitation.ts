/** An invited person joins: with the sign-in they have, or by choosing a name and a password now. */

import { AppError } from '@/lib/core/errors'
import { accountOfToken, type OpenInvitation, readInvitation, useInvitation } from '@/lib/features/accounts/invitations'
import { requireUser } from '@/lib/features/accounts/permissions'
import { addMember } from '@/lib/features/accounts/write'
import { record } from '@/lib/features/audit/write'
import { checkPassword, hashPassword } from '@/lib/features/identity/password'
import { spendTry } from '@/lib/features/identity/tries'
import { addUser, userByEmail, userById } from '@/lib/features/identity/users'
import type { Ctx } from '@/lib/platform/context'
import { asSystem } from '@/lib/platform/db/as-system'
import { inAccount } from '@/lib/platform/db/in-account'
import { tell } from '@/lib/platform/events/tell'
import { mayJoin } from './within-plan'

function within(ctx: Ctx, token: string): Ctx {
  const accountId = accountOfToken(token)
  if (!accountId) throw new AppError('invitation_invalid')
  return { ...ctx, accountId }
}

export interface ShownInvitation extends Omit<OpenInvitation, 'id'> {
  /** True when the address has a sign-in already: the page then asks to sign in. Only the invited person sees it. */
  known: boolean
}

/** What the link's page shows. @throws invitation_invalid */
export async function showInvitation(
  outside: Ctx,
  input: { token: string },
  address: string,
): Promise<ShownInvitation> {
  await spendTry(outside, 'address', address)
  const ctx = within(outside, input.token)
  const { id: _, ...invitation } = await inAccount(ctx, (tx) => readInvitation(tx, ctx, input.token))
  const user = await asSystem(ctx.services, 'show invitation', (tx) => userByEmail(tx, invitation.email))
  return { ...invitation, known: user !== null }
}

async function join(ctx: Ctx, token: string, userId: string): Promise<{ slug: string }> {
  return inAccount(ctx, async (tx) => {
    const invitation = await readInvitation(tx, ctx, token)
    await mayJoin(tx, ctx)
    await useInvitation(tx, ctx, invitation.id)
    const memberId = await addMember(tx, ctx, userId, invitation.role)
    await tell(tx, ctx, { type: 'member.updated', data: { memberId, change: 'joined' } })
    await record(tx, ctx, { act: 'member.joined', by: memberId, thingId: memberId, facts: { role: invitation.role } })
    return { slug: invitation.slug }
  })
}

/** The signed-in person joins; the invitation must be theirs. */
export async function acceptInvitation(outside: Ctx, input: { token: string }): Promise<{ slug: string }> {
  const userId = requireUser(outside)
  const ctx = within(outside, input.token)
  const invitation = await inAccount(ctx, (tx) => readInvitation(tx, ctx, input.token))
  await asSystem(ctx.services, 'accept invitation', async (tx) => {
    const user = await userById(tx, userId)
    if (user?.email !== invitation.email) throw new AppError('invitation_foreign', { email: invitation.email })
    // The token came by mail to this address: that proves it.
    await tx.user.updateMany({ where: { id: userId, emailVerifiedAt: null }, data: { emailVerifiedAt: ctx.now() } })
  })
  return join(ctx, input.token, userId)
}

export interface NewPerson {
  token: string
  name: string
  password: string
}

/** Someone without a sign-in makes one and joins. @throws email_taken when the address has one by now */
export async function joinAsNewPerson(
  outside: Ctx,
  input: NewPerson,
  address: string,
): Promise<{ slug: string; email: string }> {
  await spendTry(outside, 'address', address)
  const ctx = within(outside, input.token)
  const { email } = await inAccount(ctx, async (tx) => {
    const invitation = await readInvitation(tx, ctx, input.token)
    // Nobody gets a sign-in for an account that they cannot join.
    await mayJoin(tx, ctx)
    return invitation
  })
  checkPassword(input.password, email)
  const passwordHash = await hashPassword(input.password)
  const user = { email, name: input.name.trim(), passwordHash, locale: ctx.locale, verified: true }
  const { id } = await asSystem(ctx.services, 'join as new person', (tx) => addUser(tx, ctx, user))
  return { ...(await join(ctx, input.token, id)), email }
}
