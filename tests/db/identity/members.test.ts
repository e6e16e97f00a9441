/** Members: invitations, roles, removal; other accounts stay closed and streams end with the membership. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineRoute } from '@/lib/border/route'
import { memberOf } from '@/lib/border/who'
import { canReply, canViewInbox } from '@/lib/features/accounts/permissions'
import { acceptInvitation, joinAsNewPerson, showInvitation } from '@/lib/flows/accept-invitation'
import { changeRole } from '@/lib/flows/change-role'
import { inviteMember, resendInvitation, withdrawInvitation } from '@/lib/flows/invite-member'
import { readInvitations, readMembers } from '@/lib/flows/read-team'
import { removeMember } from '@/lib/flows/remove-member'
import type { Ctx, Role } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import {
  Browser,
  createKit,
  goodPassword,
  type Kit,
  listen,
  mailedToken,
  memberActor,
  newAddress,
  newPerson,
  type Person,
  type TestServer,
  within,
} from './kit'

let kit: Kit
let server: TestServer
let owner: Person
let account: Ctx

const nothing = z.object({})
const stream = defineRoute({
  method: 'GET',
  path: '/api/v1/:account/test-live',
  who: { member: canReply },
  input: nothing,
  stream: (_ctx, _input, _call, open) => open.send('ready', {}),
})

const actorOf = async (person: { userId: string }, slug: string): Promise<Ctx> => {
  const member = await memberOf(kit.services, person.userId, slug)
  if (!member) throw new Error('no member')
  return kit.ctx(memberActor(person.userId, member.membershipId, member.role), member.accountId)
}
const memberId = async (ctx: Ctx, userId: string): Promise<string> =>
  (await readMembers(ctx)).find((member) => member.userId === userId)?.id ?? ''

let serial = 0
/** Invites and joins; the new member's own context comes back. */
async function join(
  role: Role,
  inviter: Ctx = account,
): Promise<{ ctx: Ctx; email: string; userId: string; id: string; slug: string }> {
  const email = `joined${++serial}@example.com`
  await inviteMember(inviter, { email, role })
  const token = await mailedToken(kit, email, '/invite')
  const { slug } = await joinAsNewPerson(
    kit.ctx(),
    { token, name: `Joined ${serial}`, password: goodPassword },
    newAddress(),
  )
  const user = await kit.services.database.system.user.findUniqueOrThrow({ where: { email } })
  const ctx = await actorOf({ userId: user.id }, slug)
  return { ctx, email, userId: user.id, id: await memberId(inviter, user.id), slug }
}

beforeAll(async () => {
  kit = await createKit()
  server = await listen(kit, [stream])
  owner = await newPerson(kit)
  account = await actorOf(owner, owner.slug)
})
afterAll(async () => {
  await server.close()
  await kit.close()
})

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
    const admin = await join('admin')
    await inviteMember(admin.ctx, { email: 'orphan@example.com', role: 'agent' })
    const token = await mailedToken(kit, 'orphan@example.com', '/invite')
    await removeMember(account, { id: admin.id })
    await expect(showInvitation(kit.ctx(), { token }, newAddress())).rejects.toMatchObject({
      code: 'invitation_invalid',
    })
  })

  test('gives no more than the inviter may give', async () => {
    const admin = await join('admin')
    const agent = await join('agent')
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

describe('roles', () => {
  test('admins manage all but owners; agents and viewers nobody', async () => {
    const [admin, agent, viewer] = [await join('admin'), await join('agent'), await join('viewer')]
    const ownerId = await memberId(account, owner.userId)
    const forbidden = (work: Promise<unknown>) => expect(work).rejects.toMatchObject({ code: 'forbidden' })
    await changeRole(admin.ctx, { id: viewer.id, role: 'agent' })
    await forbidden(changeRole(admin.ctx, { id: viewer.id, role: 'owner' }))
    await forbidden(changeRole(admin.ctx, { id: ownerId, role: 'agent' }))
    await forbidden(removeMember(admin.ctx, { id: ownerId }))
    await forbidden(changeRole(agent.ctx, { id: viewer.id, role: 'viewer' }))
    await forbidden(removeMember(agent.ctx, { id: viewer.id }))
    await removeMember(agent.ctx, { id: agent.id })
    expect(await memberOf(kit.services, viewer.userId, owner.slug)).toMatchObject({ role: 'agent' })
  })

  test('the last owner stays, also when two leave at once', async () => {
    const ownerId = await memberId(account, owner.userId)
    await expect(removeMember(account, { id: ownerId })).rejects.toMatchObject({ code: 'last_owner' })
    await expect(changeRole(account, { id: ownerId, role: 'admin' })).rejects.toMatchObject({ code: 'last_owner' })
    const second = await join('owner')
    const outcomes = await Promise.allSettled([
      changeRole(account, { id: ownerId, role: 'admin' }),
      changeRole(second.ctx, { id: second.id, role: 'admin' }),
    ])
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
    const owners = await inAccount(account, (tx) =>
      tx.membership.findMany({ where: { role: 'owner', disabledAt: null } }),
    )
    expect(owners).toHaveLength(1)
    if (owners[0]?.id !== ownerId) await changeRole(second.ctx, { id: ownerId, role: 'owner' })
  })

  test('a new role holds within a second', async () => {
    const agent = await join('agent')
    expect(await memberOf(kit.services, agent.userId, owner.slug)).toMatchObject({ role: 'agent' })
    await changeRole(account, { id: agent.id, role: 'viewer' })
    await within(1_000, async () => (await memberOf(kit.services, agent.userId, owner.slug))?.role === 'viewer')
  })
})

describe('a removed member', () => {
  const openStream = async (one: Browser): Promise<{ ended: Promise<number> }> => {
    const answer = await one.fetch('GET', `/api/v1/${owner.slug}/test-live`)
    expect(answer.status).toBe(200)
    const begun = performance.now()
    const read = async () => {
      for await (const _ of answer.body as unknown as AsyncIterable<Uint8Array>);
      return performance.now() - begun
    }
    return { ended: read() }
  }
  const signIn = async (email: string): Promise<Browser> => {
    const one = new Browser(server.origin)
    expect(await one.signIn('password', { email, password: goodPassword })).toBeNull()
    return one
  }

  test('loses the account and open streams within a second, keeps the sign-in, and can come back', async () => {
    const agent = await join('agent')
    const one = await signIn(agent.email)
    const members = () => one.fetch('GET', `/api/v1/${owner.slug}/members`).then((answer) => answer.status)
    expect(await members()).toBe(200)
    const { ended } = await openStream(one)
    const begun = performance.now()
    await removeMember(account, { id: agent.id })
    await within(1_000, async () => (await members()) === 404)
    await ended
    expect(performance.now() - begun).toBeLessThan(1_000)
    expect((await one.fetch('GET', '/api/v1/me')).status).toBe(200)
    await inviteMember(account, { email: agent.email, role: 'viewer' })
    const token = await mailedToken(kit, agent.email, '/invite')
    expect((await one.fetch('POST', '/api/v1/invitations/accept', { token })).status).toBe(200)
    expect(await members()).toBe(200)
    expect(await memberId(account, agent.userId)).toBe(agent.id)
  })

  test('a stream ends with its session and with its role', async () => {
    const [one, two] = [await join('agent'), await join('agent')]
    const [first, second] = [await signIn(one.email), await signIn(two.email)]
    const streams = [await openStream(first), await openStream(second)]
    const begun = performance.now()
    await first.fetch('DELETE', '/api/v1/me/sessions')
    await changeRole(account, { id: two.id, role: 'viewer' })
    await Promise.all(streams.map((each) => each.ended))
    expect(performance.now() - begun).toBeLessThan(1_000)
  })

  test('leaves open work to others and keeps the name on what is done', async () => {
    const agent = await join('agent')
    const ids = await inAccount(account, async (tx) => {
      const inbox = await tx.inbox.findFirstOrThrow()
      const made: string[] = []
      for (const status of ['open', 'resolved']) {
        const contactId = account.newId()
        const common = { accountId: account.accountId, createdAt: new Date() }
        await tx.contact.create({ data: { ...common, id: contactId, key: new Uint8Array([1]) } })
        const id = account.newId()
        const rest = {
          displayId: 900 + made.length + serial * 2,
          inboxId: inbox.id,
          contactId,
          status,
          assigneeId: agent.id,
          lastSequence: 0n,
          lastActivityAt: new Date(),
        }
        await tx.conversation.create({ data: { ...common, id, ...rest } })
        made.push(id)
      }
      return made
    })
    await removeMember(account, { id: agent.id })
    const rows = await inAccount(account, (tx) =>
      tx.conversation.findMany({ where: { id: { in: ids } }, orderBy: { displayId: 'asc' } }),
    )
    expect(rows.map((row) => [row.status, row.assigneeId])).toEqual([
      ['open', null],
      ['resolved', agent.id],
    ])
  })
})

describe('another account', () => {
  test('cannot be seen or changed: not by its slug, not by ids', async () => {
    const eve = await newPerson(kit, 'Eve', 'Eve’s')
    const one = new Browser(server.origin)
    await one.signIn('password', { email: eve.email, password: goodPassword })
    const ownerId = await memberId(account, owner.userId)
    const { id: invitationId } = await inviteMember(account, { email: 'target@example.com', role: 'agent' })
    const calls: [string, string, unknown?][] = [
      ['GET', `/api/v1/${owner.slug}/me`],
      ['GET', `/api/v1/${owner.slug}/members`],
      ['GET', `/api/v1/${owner.slug}/invitations`],
      ['POST', `/api/v1/${owner.slug}/invitations`, { email: 'x@example.com', role: 'agent' }],
      ['DELETE', `/api/v1/${owner.slug}/members/${ownerId}`],
      ['PATCH', `/api/v1/${eve.slug}/members/${ownerId}`, { role: 'viewer' }],
      ['DELETE', `/api/v1/${eve.slug}/members/${ownerId}`],
      ['DELETE', `/api/v1/${eve.slug}/invitations/${invitationId}`],
      ['POST', `/api/v1/${eve.slug}/invitations/${invitationId}/resend`],
      ['GET', `/api/v1/${owner.slug}/test-live`],
      ['POST', '/api/v1/me/account', { slug: owner.slug }],
    ]
    for (const [method, path, body] of calls)
      expect((await one.fetch(method, path, body)).status, `${method} ${path}`).toBe(404)
    expect((await one.fetch('GET', '/api/v1/operator/outbox')).status).toBe(403)
  })

  test('nobody gets in without a session, and no cookie acts for another site’s page', async () => {
    const nobody = new Browser(server.origin)
    for (const path of ['/api/v1/me', `/api/v1/${owner.slug}/members`, '/api/v1/operator/outbox']) {
      expect((await nobody.fetch('GET', path)).status).toBe(401)
    }
    const one = new Browser(server.origin)
    await one.signIn('password', { email: owner.email, password: goodPassword })
    const evil = { origin: 'https://evil.example' }
    expect((await one.fetch('POST', '/api/v1/sign-out', {}, evil)).status).toBe(403)
    expect((await one.fetch('DELETE', '/api/v1/me/sessions', undefined, evil)).status).toBe(403)
    expect(
      (await one.fetch('POST', `/api/v1/${owner.slug}/invitations`, { email: 'x@example.com', role: 'owner' }, evil))
        .status,
    ).toBe(403)
    expect((await one.fetch('GET', '/api/v1/operator/outbox')).status).toBe(200)
  })
})

test('viewers see the inbox and nothing of the invitations', async () => {
  const viewer = await join('viewer')
  expect(canViewInbox({ role: 'viewer' })).toBe(true)
  await expect(readInvitations(viewer.ctx)).rejects.toMatchObject({ code: 'forbidden' })
  expect(await readMembers(viewer.ctx)).not.toHaveLength(0)
})
