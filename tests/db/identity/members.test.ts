/** Members: roles, removal; other accounts stay closed and streams end with the membership. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineRoute } from '@/lib/border/route'
import { forgetWho, memberOf } from '@/lib/border/who'
import { canReply, canViewInbox } from '@/lib/features/accounts/permissions'
import { changeRole } from '@/lib/flows/change-role'
import { inviteMember } from '@/lib/flows/invite-member'
import { readInvitations, readMembers } from '@/lib/flows/read-team'
import { removeMember } from '@/lib/flows/remove-member'
import type { Ctx } from '@/lib/platform/context'
import { inAccount } from '@/lib/platform/db/in-account'
import { inTime } from '../../kit/guarantee'
import {
  Browser,
  createKit,
  goodPassword,
  type Kit,
  listen,
  mailedToken,
  newPerson,
  type Person,
  type TestServer,
  within,
} from './kit'
import { Team } from './team'

let server: TestServer
let kit: Kit
let team: Team
let owner: Person
let account: Ctx

const stream = defineRoute({
  method: 'GET',
  path: '/api/v1/:account/test-live',
  who: { member: canReply },
  input: z.object({}),
  stream: (_ctx, _input, _call, open) => open.send('ready', {}),
})

beforeAll(async () => {
  kit = await createKit()
  server = await listen(kit, [stream])
  team = await Team.make(kit)
  owner = team.owner
  account = team.account
})
afterAll(async () => {
  await server.close()
  await kit.close()
})

describe('roles', () => {
  test('admins manage all but owners; agents and viewers nobody', async () => {
    const [admin, agent, viewer] = [await team.join('admin'), await team.join('agent'), await team.join('viewer')]
    const ownerId = await team.memberId(owner.userId)
    const forbidden = (work: Promise<unknown>) => expect(work).rejects.toMatchObject({ code: 'forbidden' })
    await changeRole(admin.ctx, { id: viewer.id, role: 'agent' })
    await forbidden(changeRole(admin.ctx, { id: viewer.id, role: 'owner' }))
    await forbidden(changeRole(admin.ctx, { id: ownerId, role: 'agent' }))
    await forbidden(removeMember(admin.ctx, { id: ownerId }))
    await forbidden(changeRole(agent.ctx, { id: viewer.id, role: 'viewer' }))
    await forbidden(removeMember(agent.ctx, { id: viewer.id }))
    await removeMember(agent.ctx, { id: agent.id })
    // An answer may be up to 400 ms old; what is asked here is what the database says.
    forgetWho()
    expect(await memberOf(kit.services, viewer.userId, owner.slug)).toMatchObject({ role: 'agent' })
  })

  test('the last owner stays, also when two leave at once', async () => {
    const ownerId = await team.memberId(owner.userId)
    await expect(removeMember(account, { id: ownerId })).rejects.toMatchObject({ code: 'last_owner' })
    await expect(changeRole(account, { id: ownerId, role: 'admin' })).rejects.toMatchObject({ code: 'last_owner' })
    const second = await team.join('owner')
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
    const agent = await team.join('agent')
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
    const agent = await team.join('agent')
    const one = await signIn(agent.email)
    const members = () => one.fetch('GET', `/api/v1/${owner.slug}/members`).then((answer) => answer.status)
    expect(await members()).toBe(200)
    const { ended } = await openStream(one)
    const begun = performance.now()
    await removeMember(account, { id: agent.id })
    await within(1_000, async () => (await members()) === 404)
    await ended
    expect(inTime(performance.now() - begun, 1_000)).toBe(true)
    expect((await one.fetch('GET', '/api/v1/me')).status).toBe(200)
    await inviteMember(account, { email: agent.email, role: 'viewer' })
    const token = await mailedToken(kit, agent.email, '/invite')
    expect((await one.fetch('POST', '/api/v1/invitations/accept', { token })).status).toBe(200)
    expect(await members()).toBe(200)
    expect(await team.memberId(agent.userId)).toBe(agent.id)
  })

  test('a stream ends with its session and with its role', async () => {
    const [one, two] = [await team.join('agent'), await team.join('agent')]
    const [first, second] = [await signIn(one.email), await signIn(two.email)]
    const streams = [await openStream(first), await openStream(second)]
    const begun = performance.now()
    await first.fetch('DELETE', '/api/v1/me/sessions')
    await changeRole(account, { id: two.id, role: 'viewer' })
    await Promise.all(streams.map((each) => each.ended))
    expect(inTime(performance.now() - begun, 1_000)).toBe(true)
  })

  test('leaves open work to others and keeps the name on what is done', async () => {
    const agent = await team.join('agent')
    const ids = await inAccount(account, async (tx) => {
      const inbox = await tx.inbox.findFirstOrThrow()
      const made: string[] = []
      for (const status of ['open', 'resolved']) {
        const contactId = account.newId()
        const common = { accountId: account.accountId, createdAt: new Date() }
        await tx.contact.create({ data: { ...common, id: contactId, key: new Uint8Array([1]) } })
        const id = account.newId()
        const rest = {
          displayId: 900 + made.length,
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
    const ownerId = await team.memberId(owner.userId)
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
  const viewer = await team.join('viewer')
  expect(canViewInbox({ role: 'viewer' })).toBe(true)
  await expect(readInvitations(viewer.ctx)).rejects.toMatchObject({ code: 'forbidden' })
  expect(await readMembers(viewer.ctx)).not.toHaveLength(0)
})
