/** Makes, changes and removes teams; a removed one can come back with its members and conversations. */
import { AppError } from '@/lib/core/errors'
import type { Ctx } from '@/lib/platform/context'
import type { Tx } from '@/lib/platform/db/in-account'
import { sameText } from '@/lib/platform/db/same-text'
import type { TeamChange, TeamDraft } from './input'

const most = 100
/** A team with more conversations than this must be emptied first: taking them all away at once would hold the rows too long. */
const mostConversations = 20_000

/** What brings a removed team back. */
export interface RemovedTeam {
  id: string
  name: string
  createdAt: string
  memberIds: string[]
  ruleIds: string[]
  conversationIds: string[]
}

async function refuseSameName(tx: Tx, ctx: Ctx, name: string, own?: string): Promise<void> {
  const same = await tx.team.findFirst({
    where: {
      accountId: ctx.accountId,
      name: sameText(name),
      ...(own ? { id: { not: own } } : {}),
    },
    select: { id: true },
  })
  if (same) throw new AppError('name_taken', { field: 'name' })
}

/** Makes these the members; people of other accounts and former members are refused. */
async function setMembers(tx: Tx, ctx: Ctx, teamId: string, wanted: string[]): Promise<void> {
  const { accountId } = ctx
  const ids = [...new Set(wanted)]
  const known = await tx.membership.count({ where: { accountId, id: { in: ids }, disabledAt: null } })
  if (known !== ids.length) throw new AppError('invalid_input', { field: 'memberIds' })
  await tx.teamMember.deleteMany({ where: { accountId, teamId, membershipId: { notIn: ids } } })
  await tx.teamMember.createMany({
    data: ids.map((membershipId) => ({ accountId, teamId, membershipId })),
    skipDuplicates: true,
  })
}

export async function addTeam(tx: Tx, ctx: Ctx, draft: TeamDraft): Promise<string> {
  await refuseSameName(tx, ctx, draft.name)
  if ((await tx.team.count({ where: { accountId: ctx.accountId } })) >= most)
    throw new AppError('too_many', { limit: most })
  const id = ctx.newId()
  await tx.team.create({
    data: { accountId: ctx.accountId, id, name: draft.name, createdAt: ctx.now() },
    select: { id: true },
  })
  await setMembers(tx, ctx, id, draft.memberIds)
  return id
}

export async function changeTeam(tx: Tx, ctx: Ctx, id: string, change: TeamChange): Promise<void> {
  const { accountId } = ctx
  if (change.name) await refuseSameName(tx, ctx, change.name, id)
  const { count } = await tx.team.updateMany({
    where: { accountId, id },
    data: change.name ? { name: change.name } : { id },
  })
  if (count !== 1) throw new AppError('not_found')
  if (change.memberIds) await setMembers(tx, ctx, id, change.memberIds)
}

export async function removeTeam(tx: Tx, ctx: Ctx, id: string): Promise<RemovedTeam> {
  const { accountId } = ctx
  const team = await tx.team.findFirst({ where: { accountId, id }, include: { members: true } })
  if (!team) throw new AppError('not_found')
  const conversations = await tx.conversation.findMany({
    where: { accountId, teamId: id },
    select: { id: true },
    take: mostConversations + 1,
  })
  if (conversations.length > mostConversations) throw new AppError('in_use', { count: mostConversations })
  const rules = await tx.routingRule.findMany({ where: { accountId, teamId: id }, select: { id: true } })
  await tx.conversation.updateMany({ where: { accountId, teamId: id }, data: { teamId: null } })
  await tx.routingRule.updateMany({ where: { accountId, teamId: id }, data: { teamId: null } })
  await tx.team.deleteMany({ where: { accountId, id } })
  return {
    id,
    name: team.name,
    createdAt: team.createdAt.toISOString(),
    memberIds: team.members.map((member) => member.membershipId),
    ruleIds: rules.map((rule) => rule.id),
    conversationIds: conversations.map((conversation) => conversation.id),
  }
}

/** Brings a team back; members who left and conversations that got another team stay as they are now. */
export async function restoreTeam(tx: Tx, ctx: Ctx, team: RemovedTeam): Promise<void> {
  const { accountId } = ctx
  const { id, name } = team
  await refuseSameName(tx, ctx, name)
  await tx.team.create({
    data: { accountId, id, name, createdAt: new Date(team.createdAt) },
    select: { id: true },
  })
  const members = await tx.membership.findMany({
    where: { accountId, id: { in: team.memberIds }, disabledAt: null },
    select: { id: true },
  })
  await setMembers(
    tx,
    ctx,
    id,
    members.map((member) => member.id),
  )
  await tx.routingRule.updateMany({
    where: { accountId, id: { in: team.ruleIds }, teamId: null },
    data: { teamId: id },
  })
  await tx.$executeRaw`UPDATE conversation SET team_id = ${id}::uuid
    WHERE account_id = ${accountId}::uuid AND id = ANY(${team.conversationIds}::uuid[]) AND team_id IS NULL`
}
