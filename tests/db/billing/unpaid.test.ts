/** While a payment is overdue, members read and pay, and change nothing else: over HTTP, by route. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { billingRoutes } from '@/lib/border/routes/billing'
import { contactRoutes } from '@/lib/border/routes/contacts'
import { deskRoutes } from '@/lib/border/routes/desk'
import { settingsRoutes } from '@/lib/border/routes/settings'
import { acceptInvitation, joinAsNewPerson } from '@/lib/flows/accept-invitation'
import { changeRole } from '@/lib/flows/change-role'
import { inviteMember } from '@/lib/flows/invite-member'
import { forgetStanding } from '@/lib/flows/standing'
import {
  Browser,
  createKit,
  goodPassword,
  type Kit,
  listen,
  mailedToken,
  newAddress,
  newPerson,
  type TestServer,
} from '../identity/kit'
import { Team } from '../identity/team'
import { codeOf } from '../settings/kit'

let kit: Kit
let server: TestServer
let team: Team
let browser: Browser
beforeAll(async () => {
  kit = await createKit()
  server = await listen(kit, [...billingRoutes, ...contactRoutes, ...deskRoutes, ...settingsRoutes])
  team = await Team.make(kit)
  browser = new Browser(server.origin)
  expect(await browser.signIn('password', { email: team.owner.email, password: goodPassword })).toBeNull()
})
afterAll(async () => {
  await server.close()
  await kit.close()
})

const ask = async (method: string, path: string, body?: unknown) => {
  const answer = await browser.json<{ code?: string }>(method, `/api/v1/${team.owner.slug}/${path}`, body)
  return answer.body?.code ?? answer.status
}
const owe = (days: number | null) => {
  const since = days === null ? null : new Date(Date.now() - days * 86_400_000)
  return stand({ state: since ? 'past_due' : 'active', pastDueSince: since })
}
const stand = async (data: { state: string; pastDueSince: Date | null }) => {
  await kit.services.database.app.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT set_config('app.account_id', ${team.account.accountId}, true)`
    await tx.subscription.updateMany({ data })
  })
  forgetStanding(team.account.accountId)
}

test('in grace all goes on; after it members read and pay only; once it is paid all is as before', async () => {
  const label = (name: string) => ask('POST', 'labels', { name, colour: 'pink' })
  await owe(6)
  expect(await ask('GET', 'billing')).toBe(200)
  expect(await label('In grace')).toBe(201)
  const me = await browser.json<{ accounts: { graceUntil: string; readOnly: boolean }[] }>('GET', '/api/v1/me')
  expect(me.body.accounts).toMatchObject([{ graceUntil: expect.any(String), readOnly: false }])

  await owe(8)
  expect(await label('Too late')).toBe('account_unpaid')
  for (const [method, path] of [
    ['POST', 'invitations'],
    ['PUT', 'routing'],
    ['POST', 'conversations/00000000-0000-7000-8000-000000000000/reply'],
  ] as const)
    expect(await ask(method, path, {}), path).toBe('account_unpaid')
  for (const path of ['labels', 'routing', 'conversations', 'billing']) expect(await ask('GET', path), path).toBe(200)
  // What was promised to visitors is kept to, and may be chosen anew.
  expect(await ask('PATCH', 'privacy', { keepMonths: 3 })).toBe(200)
  expect(await ask('PATCH', 'privacy', { keepMonths: null })).toBe(200)
  // Paying, and what costs no more; nothing is bought on credit.
  const choice = { plan: 'business', interval: 'month', currency: 'usd' }
  expect(await ask('PUT', 'billing/plan', choice)).toBe('account_unpaid')
  expect(await ask('PUT', 'billing/plan', { ...choice, plan: 'pro' })).toBe(200)
  for (const ends of [true, false]) expect(await ask('PATCH', 'billing/plan', { ends })).toBe(200)

  await owe(null)
  expect(await label('Again')).toBe(201)
})

test('anybody leaves, and managers remove others, while the account owes; who waits for a place may only leave', async () => {
  const [leaves, stays, removed, free] = [
    await team.join('viewer'),
    await team.join('admin'),
    await team.join('agent'),
    await team.join('agent'),
  ]
  const as = async (person: { email: string }, id: string) => {
    const one = new Browser(server.origin)
    expect(await one.signIn('password', { email: person.email, password: goodPassword })).toBeNull()
    const answer = await one.json<{ code?: string }>('DELETE', `/api/v1/${team.owner.slug}/members/${id}`)
    return answer.body?.code ?? answer.status
  }
  const invited = await inviteMember(team.account, { email: 'not-yet@example.com', role: 'agent' })
  await owe(8)
  expect(await ask('PATCH', `members/${removed.id}`, { role: 'viewer' })).toBe('account_unpaid')
  expect(await as(leaves, removed.id)).toBe('forbidden')
  expect(await as(leaves, leaves.id)).toBe(204)
  expect(await ask('DELETE', `members/${removed.id}`)).toBe(204)
  // Who was invited and has not come is a place, too.
  expect(await ask('POST', `invitations/${invited.id}/resend`)).toBe('account_unpaid')
  expect(await ask('DELETE', `invitations/${invited.id}`)).toBe(204)
  // The plan ended, and the owner, the admin and the first agent have its three places.
  await owe(null)
  const last = await team.join('agent')
  const other = await team.join('agent')
  await stand({ state: 'canceled', pastDueSince: new Date(Date.now() - 8 * 86_400_000) })
  expect(await as(last, last.id)).toBe(204)
  await changeRole(team.account, { id: other.id, role: 'admin' })
  await changeRole(team.account, { id: free.id, role: 'owner' })
  forgetStanding(team.account.accountId)
  expect(await as(other, stays.id)).toBe('seat_waits')
  expect(await ask('DELETE', `members/${free.id}`)).toBe(204)
  // Whoever waited has the place at once.
  expect(await as(other, stays.id)).toBe(204)
  expect(await as(other, other.id)).toBe(204)
  await owe(null)
})

test('who was invited joins within the plan that holds then, and before that no sign-in is made', async () => {
  for (let more = 0; more < 2; more++) await team.join('agent')
  const email = 'invited@example.com'
  await inviteMember(team.account, { email, role: 'agent' })
  const token = await mailedToken(kit, email, '/invite')
  const join = () =>
    codeOf(joinAsNewPerson(kit.ctx(), { token, name: 'Invited', password: goodPassword }, newAddress()))
  const known = () => kit.services.database.system.user.count({ where: { email } })
  await owe(8)
  expect(await join()).toBe('account_unpaid')
  await owe(null)
  // The plan ended: three people are as many as Free has.
  await stand({ state: 'canceled', pastDueSince: null })
  expect(await join()).toBe('account_full')
  expect(await known()).toBe(0)
  const other = await newPerson(kit)
  await owe(null)
  await inviteMember(team.account, { email: other.email, role: 'agent' })
  const theirs = await mailedToken(kit, other.email, '/invite')
  await stand({ state: 'canceled', pastDueSince: null })
  const as = kit.ctx({ kind: 'user', userId: other.userId })
  expect(await codeOf(acceptInvitation(as, { token: theirs }))).toBe('account_full')
  await owe(null)
  expect([await join(), await known()]).toEqual(['worked', 1])
})
