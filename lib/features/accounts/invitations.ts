/** Invitations by mail: the token carries the account's id, so that opening one needs no look across accounts. */
import { createHash, randomBytes } from 'node:crypto'
import { AppError } from '@/lib/core/errors'
import { isId } from '@/lib/core/ids'
import { packId, unpackId } from '@/lib/core/packed-ids'
import type { Ctx, Role } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

export const invitationDays = 7

const hashOf = (token: string): string => createHash('sha256').update(`invitation ${token}`).digest('hex')
const newToken = (accountId: string): string =>
  Buffer.concat([packId(accountId), randomBytes(24)]).toString('base64url')

/** The hash of a token that nobody has: such an invitation works once it was sent again. */
export const unsentHash = (accountId: string): string => hashOf(newToken(accountId))

/** The account an invitation belongs to, or null when the text is no token. */
export function accountOfToken(token: string): string | null {
  if (!/^[\w-]{54}$/.test(token)) return null
  const id = unpackId(Buffer.from(token, 'base64url'))
  return isId(id) ? id : null
}

const open = (ctx: Ctx) => ({ acceptedAt: null, revokedAt: null, expiresAt: { gt: ctx.now() } })
const until = (ctx: Ctx): Date => new Date(ctx.now().getTime() + invitationDays * 86_400_000)

/** Keeps the invitation and returns its token; an open one for the same address is replaced. @throws already_member */
export async function addInvitation(
  tx: Tx,
  ctx: Ctx,
  invitation: { email: string; role: Role; invitedBy: string },
): Promise<{ id: string; token: string }> {
  const { email } = invitation
  if (await tx.membership.findFirst({ where: { disabledAt: null, user: { email } }, select: { id: true } })) {
    throw new AppError('already_member', { field: 'email' })
  }
  await tx.invitation.updateMany({ where: { email, ...open(ctx) }, data: { revokedAt: ctx.now() } })
  const id = ctx.newId()
  const token = newToken(ctx.accountId)
  const dates = { createdAt: ctx.now(), expiresAt: until(ctx) }
  const data = { accountId: ctx.accountId, id, ...invitation, tokenHash: hashOf(token), ...dates }
  await tx.invitation.create({ data, select: { id: true } })
  return { id, token }
}

/** A fresh token and a fresh week for an invitation that is not used yet; the old token ends. */
export async function renewInvitation(
  tx: Tx,
  ctx: Ctx,
  id: string,
): Promise<{ email: string; role: Role; token: string }> {
  const token = newToken(ctx.accountId)
  const { count } = await tx.invitation.updateMany({
    where: { id, acceptedAt: null, revokedAt: null },
    data: { tokenHash: hashOf(token), expiresAt: until(ctx) },
  })
  if (count !== 1) throw new AppError('not_found')
  const row = await tx.invitation.findFirstOrThrow({ where: { id }, select: { email: true, role: true } })
  return { email: row.email, role: row.role as Role, token }
}

export async function revokeInvitation(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  const { count } = await tx.invitation.updateMany({
    where: { id, acceptedAt: null, revokedAt: null },
    data: { revokedAt: ctx.now() },
  })
  if (count !== 1) throw new AppError('not_found')
}

export interface OpenInvitation {
  id: string
  email: string
  role: Role
  account: string
  slug: string
  inviter: string
}

/** What a token invites to, while it works. The inviter must still be a member. @throws invitation_invalid */
export async function readInvitation(tx: Tx, ctx: Ctx, token: string): Promise<OpenInvitation> {
  const row = await tx.invitation.findFirst({
    where: { tokenHash: hashOf(token), ...open(ctx) },
    include: {
      inviter: {
        select: { disabledAt: true, user: { select: { name: true } }, account: { select: { name: true, slug: true } } },
      },
    },
  })
  if (!row || row.inviter.disabledAt) throw new AppError('invitation_invalid')
  const { account, user } = row.inviter
  return {
    id: row.id,
    email: row.email,
    role: row.role as Role,
    account: account.name,
    slug: account.slug,
    inviter: user.name,
  }
}

/** Uses an invitation up; of many tries at once one wins. @throws invitation_invalid */
export async function useInvitation(tx: Tx, ctx: Ctx, id: string): Promise<void> {
  const { count } = await tx.invitation.updateMany({ where: { id, ...open(ctx) }, data: { acceptedAt: ctx.now() } })
  if (count !== 1) throw new AppError('invitation_invalid')
}

export interface ListedInvitation {
  id: string
  email: string
  role: Role
  createdAt: Date
  expiresAt: Date
  expired: boolean
}

/** Invitations that nobody has used or revoked, expired ones marked, the newest first. */
export async function listInvitations(tx: Tx, ctx: Ctx): Promise<ListedInvitation[]> {
  const rows = await tx.invitation.findMany({
    where: { acceptedAt: null, revokedAt: null },
    orderBy: { createdAt: 'desc' },
    select: { id: true, email: true, role: true, createdAt: true, expiresAt: true },
    take: 200,
  })
  return rows.map((row) => ({ ...row, role: row.role as Role, expired: row.expiresAt <= ctx.now() }))
}
