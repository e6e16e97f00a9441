/** The whole matrix of roles and questions, written out once more by hand. */
import { describe, expect, test } from 'vitest'
import * as questions from '@/lib/features/accounts/permissions'
import type { Ctx, Role } from '@/lib/platform/context'

const { grantableRoles, canManage, permissions, requireMember, requireUser } = questions
type Question = (member: { role: Role }) => boolean

// owner admin agent viewer
const table: Record<string, string> = {
  canViewInbox: 'yes yes yes yes',
  canReply: 'yes yes yes no',
  canAssign: 'yes yes yes no',
  canChangeStatus: 'yes yes yes no',
  canLabel: 'yes yes yes no',
  canCorrect: 'yes yes yes no',
  canExport: 'yes yes no no',
  canManageMembers: 'yes yes no no',
  canManageOwners: 'yes no no no',
  canManageTeams: 'yes yes no no',
  canManageLabels: 'yes yes no no',
  canManageInboxes: 'yes yes no no',
  canManageRouting: 'yes yes no no',
  canManageWebhooks: 'yes yes no no',
  canManageAccount: 'yes yes no no',
  canTrain: 'yes yes no no',
  canConsent: 'yes no no no',
  canManageBilling: 'yes no no no',
  canDeleteAccount: 'yes no no no',
  canRequireSecondFactor: 'yes no no no',
}
const roles: Role[] = ['owner', 'admin', 'agent', 'viewer']

test('every question of the matrix is in this table', () => {
  expect(Object.keys(permissions).sort()).toEqual(Object.keys(table).sort())
})

describe.each(Object.entries(table))('%s', (name, answers) => {
  const question = (questions as unknown as Record<string, Question>)[name] as Question
  const ctxOf = (role: Role) => ({ actor: { kind: 'member', userId: 'u', membershipId: 'm', role } }) as unknown as Ctx
  test.each(roles.map((role, i) => [role, answers.split(' ')[i] === 'yes'] as const))('%s: %s', (role, allowed) => {
    expect(question({ role })).toBe(allowed)
    if (allowed) expect(requireMember(ctxOf(role), question).role).toBe(role)
    else expect(() => requireMember(ctxOf(role), question)).toThrow('forbidden')
  })
})

test('a role nobody knows is refused everywhere', () => {
  for (const name of Object.keys(permissions)) {
    expect((questions as unknown as Record<string, Question>)[name]?.({ role: 'root' as Role })).toBe(false)
  }
})

test('only members pass, and only people are people', () => {
  const ctx = (actor: unknown) => ({ actor }) as Ctx
  const visitor = { kind: 'visitor', contactId: 'c', sessionId: 's', inboxId: 'i' }
  for (const actor of [visitor, { kind: 'system', reason: 'x' }, { kind: 'user', userId: 'u' }]) {
    expect(() => requireMember(ctx(actor))).toThrow('forbidden')
  }
  for (const actor of [visitor, { kind: 'system', reason: 'x' }])
    expect(() => requireUser(ctx(actor))).toThrow('not_signed_in')
  expect(requireUser(ctx({ kind: 'user', userId: 'u' }))).toBe('u')
})

test('nobody gives more than their own, and admins leave owners alone', () => {
  expect(roles.map((role) => grantableRoles({ role }))).toEqual([roles, ['admin', 'agent', 'viewer'], [], []])
  expect(canManage({ role: 'admin' }, { role: 'owner' })).toBe(false)
  expect(canManage({ role: 'owner' }, { role: 'owner' })).toBe(true)
  expect(canManage({ role: 'admin' }, { role: 'admin' })).toBe(true)
  expect(canManage({ role: 'agent' }, { role: 'viewer' })).toBe(false)
})
