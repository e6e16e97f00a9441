/** Opens accounts and changes who belongs to them. */
import { randomBytes } from 'node:crypto'
import { AppError } from '@/lib/core/errors'
import { makeSiteKey } from '@/lib/core/site-key'
import type { Ctx, Role } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'

export interface NewAccount {
  slug: string
  name: string
  timeZone: string
}

/** The account's row with its wrapped key; the context already carries the new account's id. */
export async function addAccount(tx: Tx, ctx: Ctx, account: NewAccount): Promise<void> {
  const key = ctx.services.vault.newAccountKey(ctx.accountId)
  await tx.account.create({
    data: {
      id: ctx.accountId,
      slug: account.slug,
      name: account.name,
      key: new Uint8Array(key),
      locale: ctx.locale,
      timeZone: account.timeZone,
      createdAt: ctx.now(),
    },
    select: { id: true },
  })
  await addFirstInbox(tx, ctx, account.name, key)
}

/** A new account can be embedded at once. */
async function addFirstInbox(tx: Tx, ctx: Ctx, name: string, key: Uint8Array): Promise<void> {
  const id = ctx.newId()
  const vault = ctx.services.vault.account(ctx.accountId, key)
  await tx.inbox.create({
    data: {
      accountId: ctx.accountId,
      id,
      name,
      siteKey: makeSiteKey(ctx.accountId),
      allowedOrigins: [],
      identitySecret: new Uint8Array(vault.seal(randomBytes(32).toString('base64url'), `${id} identity`)),
      createdAt: ctx.now(),
    },
    select: { id: true },
  })
}

/** Makes the person a member; someone removed earlier comes back to what they wrote. @throws already_member */
export async function addMember(tx: Tx, ctx: Ctx, userId: string, role: Role): Promise<string> {
  const known = await tx.membership.findFirst({ where: { userId }, select: { id: true, disabledAt: true } })
  if (known && !known.disabledAt) throw new AppError('already_member')
  if (known) {
    const key = { accountId_id: { accountId: ctx.accountId, id: known.id } }
    await tx.membership.update({ where: key, data: { disabledAt: null, role, availability: 'online' } })
    return known.id
  }
  const id = ctx.newId()
  const data = { accountId: ctx.accountId, id, userId, role, createdAt: ctx.now() }
  await tx.membership.create({ data, select: { id: true } })
  return id
}

/** The member's row, locked; owners are locked all together so that two changes at once cannot leave none. @throws not_found */
async function lockMember(
  tx: Tx,
  ctx: Ctx,
  id: string,
): Promise<{ id: string; userId: string; role: Role; lastOwner: boolean }> {
  const owners = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM membership WHERE account_id = ${ctx.accountId}::uuid AND role = 'owner' AND disabled_at IS NULL ORDER BY id FOR UPDATE`
  const row = await tx.membership.findFirst({
    where: { id, disabledAt: null },
    select: { id: true, userId: true, role: true },
  })
  if (!row) throw new AppError('not_found')
  return { ...row, role: row.role as Role, lastOwner: row.role === 'owner' && owners.length === 1 }
}

type Check = (member: { id: string; userId: string; role: Role }) => void

/** @param check refuses what the actor may not do to this member @throws last_owner */
export async function setRole(tx: Tx, ctx: Ctx, id: string, role: Role, check: Check): Promise<void> {
  const member = await lockMember(tx, ctx, id)
  check(member)
  if (member.lastOwner && role !== 'owner') throw new AppError('last_owner')
  if (member.role === role) return
  await tx.membership.update({
    where: { accountId_id: { accountId: ctx.accountId, id } },
    data: { role, roleChangedAt: ctx.now() },
    select: { id: true },
  })
}

/** Ends a membership; the row stays, since messages name it. @throws last_owner */
export async function endMember(tx: Tx, ctx: Ctx, id: string, check: Check): Promise<{ userId: string }> {
  const member = await lockMember(tx, ctx, id)
  check(member)
  if (member.lastOwner) throw new AppError('last_owner')
  await tx.teamMember.deleteMany({ where: { membershipId: id } })
  await tx.invitation.updateMany({
    where: { invitedBy: id, acceptedAt: null, revokedAt: null },
    data: { revokedAt: ctx.now() },
  })
  const data = { disabledAt: ctx.now(), onlineUntil: null }
  await tx.membership.update({ where: { accountId_id: { accountId: ctx.accountId, id } }, data, select: { id: true } })
  return { userId: member.userId }
}

/** Name and language of the account. */
export async function changeAccount(tx: Tx, ctx: Ctx, change: { name?: string | undefined }): Promise<void> {
  await tx.account.update({ where: { id: ctx.accountId }, data: change, select: { id: true } })
}
