/** Invitations: by whom, for whom, once, for a week. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { memberOf } from '@/lib/border/who'
import { acceptInvitation, joinAsNewPerson, showInvitation } from '@/lib/flows/accept-invitation'
import { inviteMember, resendInvitation, withdrawInvitation } from '@/lib/flows/invite-member'
import { readInvitations } from '@/lib/flows/read-team'
import { removeMember } from '@/lib/flows/remove-member'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { createKit, goodPassword, type Kit, mailedToken, newAddress, newPerson, type Person } from './kit'
import { Team } from './team'

let kit: Kit
let team: Team
let owner: Person
let account: Ctx

beforeAll(async () => {
  kit = await createKit()
  team = await Team.make(kit)
  owner = team.owner
  account = team.account
})
afterAll(() => kit.close())

describe('an invitation', () => {
  test('shows who invites to what, and lets a new person join with a proven address', async () => {
    await inviteMember(account, { email: 'New.Person@Example.com', role: 'agent' })
    const token = await mailedToken(kit, 'new.person@example.com', '/invite')
    const shown = await showInvitation(kit.ctx(), { token }, newAddress())
    expect(shown).toEqual({
      email: 'new.person@example.com',
      role: 'agent',
      account: 'Analytical Engines',
      slug: owner.slug,
      inviter: 'Ada Byron',
      known: false,
    })
    await joinAsNewPerson(kit.ctx(), { token, name: 'New', password: goodPassword }, newAddress())
    const user = await kit.services.database.system.user.findUniqueOrThrow({
      where: { email: 'new.person@example.com' },
    })
    expect(user.emailVerifiedAt).not.toBeNull()
    expect(await memberOf(kit.services, user.id, owner.slug)).toMatchObject({ role: 'agent' })
    await expect(showInvitation(kit.ctx(), { token }, newAddress())).rejects.toMatchObject({
      code: 'invitation_invalid',
    })
  })

  test('is accepted by its own signed-in person only', async () => {
    const bob = await newPerson(kit, 'Bob', 'Bob’s')
    const eve = await newPerson(kit, 'Eve', 'Eve’s')
    await inviteMember(account, { email: bob.email, role: 'viewer' })
    const token = await mailedToken(kit, bob.email, '/invite')
    expect((await showInvitation(kit.ctx(), { token }, newAddress())).known).toBe(true)
    const as = (person: Person) => kit.ctx({ kind: 'user', userId: person.userId })
    await expect(acceptInvitation(as(eve), { token })).rejects.toMatchObject({ code: 'invitation_foreign' })
    await expect(
      joinAsNewPerson(kit.ctx(), { token, name: 'x', password: goodPassword }, newAddress()),
    ).rejects.toMatchObject({ code: 'email_taken' })
    expect(await acceptInvitation(as(bob), { token })).toEqual({ slug: owner.slug })
    expect(await memberOf(kit.services, bob.userId, owner.slug)).toMatchObject({ role: 'viewer' })
    expect(await memberOf(kit.services, eve.userId, owner.slug)).toBeNull()
    await expect(inviteMember(account, { email: bob.email, role: 'agent' })).rejects.toMatchObject({
      code: 'already_member',
    })
  })

  test('works once, even when used ten times at once', async () => {
    await inviteMember(account, { email: 'once@example.com', role: 'agent' })
    const token = await mailedToken(kit, 'once@example.com', '/invite')
    const tries = Array.from({ length: 10 }, () =>
      joinAsNewPerson(kit.ctx(), { token, name: 'x', password: goodPassword }, newAddress()),
    )
    const outcomes = await Promise.allSettled(tries)
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
  })

  test('ends after 7 days, when taken back, when replaced and when sent again', async () => {
    const email = 'slow@example.com'
    const invite = async (): Promise<{ id: string; token: string }> => {
      const { id } = await inviteMember(account, { email, role: 'agent' })
      return { id, token: await mailedToken(kit, email, '/invite') }
    }
    const refused = (token: string, ms = 0) =>
      expect(showInvitation(kit.ctx(undefined, '', ms), { token }, newAddress())).rejects.toMatchObject({
        code: 'invitation_invalid',
      })
    const first = await invite()
    await refused(first.token, 7 * 86_400_000 + 1_000)
    const second = await invite()
    await refused(first.token)
    await resendInvitation(account, { id: second.id })
    await refused(second.token)
    const third = await mailedToken(kit, email, '/invite')
    expect(await showInvitation(kit.ctx(), { token: third }, newAddress())).toMatchObject({ email })
    await withdrawInvitation(account, { id: second.id })
    await refused(third)
    await refused('x'.repeat(54))
    expect((await readInvitations(account)).map((each) => each.email)).not.toContain(email)
    const stored = JSON.stringify(await inAccount(account, (tx) => tx.invitation.findMany()))
    expect(stored).not.toContain(third)
  })

  test('ends with its inviter', async () => {
    const admin = await team.join('admin')
    await inviteMember(admin.ctx, { email: 'orphan@example.com', role: 'agent' })
    const token = await mailedToken(kit, 'orphan@example.com', '/invite')
    await removeMember(account, { id: admin.id })
    await expect(showInvitation(kit.ctx(), { token }, newAddress())).rejects.toMatchObject({
      code: 'invitation_invalid',
    })
  })

  test('gives no more than the inviter may give', async () => {
    const admin = await team.join('admin')
    const agent = await team.join('agent')
    await expect(inviteMember(admin.ctx, { email: 'o@example.com', role: 'owner' })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(inviteMember(agent.ctx, { email: 'v@example.com', role: 'viewer' })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(inviteMember(account, { email: 'no address', role: 'viewer' })).rejects.toMatchObject({
      code: 'email_invalid',
    })
  })
})
