/** An account that asks its members for a second factor: closed at the border until they have one; and what its log says. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineRoute } from '@/lib/border/route'
import { forgetWho } from '@/lib/border/who'
import { canReply } from '@/lib/features/accounts/permissions'
import { changePlan } from '@/lib/flows/change-plan'
import { renewRecoveryCodes, switchSecondFactorOff } from '@/lib/flows/change-second-factor'
import { createAccount } from '@/lib/flows/create-account'
import { askSecondFactor, passSecondFactor } from '@/lib/flows/pass-second-factor'
import { readAudit } from '@/lib/flows/read-audit'
import { readMembers } from '@/lib/flows/read-team'
import { requireSecondFactor } from '@/lib/flows/require-second-factor'
import { resetSecondFactor } from '@/lib/flows/reset-second-factor'
import { Browser, createKit, goodPassword, type Kit, listen, newAddress, type TestServer, within } from './kit'
import { Team } from './team'
import { withSecondFactor } from './two-step'

const stream = defineRoute({
  method: 'GET',
  path: '/api/v1/:account/test-live',
  who: { member: canReply },
  input: z.object({}),
  stream: (_ctx, _input, _call, open) => open.send('ready', {}),
})

let kit: Kit
let server: TestServer
beforeAll(async () => {
  // Everybody here comes from one address.
  kit = await createKit({ LINGXI_TRIES_PER_QUARTER: '100000' })
  server = await listen(kit, [stream])
})
afterAll(async () => {
  await server.close()
  await kit.close()
})

async function signedIn(person: { email: string }): Promise<Browser> {
  const one = new Browser(server.origin)
  expect(await one.signIn('password', { email: person.email, password: goodPassword })).toBeNull()
  return one
}
async function acts(team: Team): Promise<{ act: string; by: string | null; thing: string | null }[]> {
  await changePlan(team.account, { plan: 'business', interval: 'month', currency: 'usd' })
  const { entries } = await readAudit(team.account, {})
  const some = entries.filter(({ act }) => /second_factor|recovery/.test(act))
  return some.map(({ act, by, thing }) => ({ act, by: by?.name ?? null, thing }))
}

describe('asking it of everybody', () => {
  test('only an owner may, and only with one of their own', async () => {
    const team = await Team.make(kit)
    const admin = await team.join('admin')
    const ask = (ctx = team.account) => requireSecondFactor(ctx, { required: true })
    await expect(ask()).rejects.toMatchObject({ code: 'second_factor_missing' })
    await withSecondFactor(kit, admin.userId)
    await expect(ask(admin.ctx)).rejects.toMatchObject({ code: 'forbidden' })
    await withSecondFactor(kit, team.owner.userId)
    await ask()
    // Twice is once.
    await ask()
    await requireSecondFactor(team.account, { required: false })
    expect((await acts(team)).map(({ act }) => act).filter((act) => act.startsWith('account'))).toEqual([
      'account.second_factor_optional',
      'account.second_factor_required',
    ])
  })

  test('who has none finds the account closed, streams end, their own things stay open; setting it up opens it', async () => {
    const team = await Team.make(kit)
    const agent = await team.join('agent')
    const one = await signedIn(agent)
    const { slug } = team.owner
    const members = `/api/v1/${slug}/members`
    expect((await one.fetch('GET', members)).status).toBe(200)
    const open = await one.fetch('GET', `/api/v1/${slug}/test-live`)
    const text = open.text()
    await withSecondFactor(kit, team.owner.userId)
    await requireSecondFactor(team.account, { required: true })
    const begun = performance.now()
    expect(await text).toContain('event: gone')
    expect(performance.now() - begun).toBeLessThan(3_000)
    await within(1_000, async () => (await one.fetch('GET', members)).status === 403)
    for (const [method, path] of [
      ['GET', 'members'],
      ['GET', 'me'],
      ['PATCH', 'me/preferences'],
      ['PUT', 'second-factor'],
      ['DELETE', `members/${agent.id}`],
      ['GET', 'test-live'],
    ] as const) {
      const answer = await one.json(method, `/api/v1/${slug}/${path}`, method === 'GET' ? undefined : {})
      expect([path, answer.status, answer.body.code]).toEqual([path, 403, 'second_factor_required'])
    }
    const me = await one.json<{ accounts: { closed: boolean; secondFactorRequired: boolean }[] }>('GET', '/api/v1/me')
    expect(me.body.accounts).toMatchObject([{ closed: true, secondFactorRequired: true }])
    expect((await one.fetch('GET', '/api/v1/me/second-factor')).status).toBe(200)
    const two = await withSecondFactor(kit, agent.userId)
    // In another place: this browser's session began without one.
    await within(1_000, async () => (await one.fetch('GET', members)).status === 401)
    expect(await one.signIn('password', { email: agent.email, password: goodPassword })).toBe('second_factor_needed')
    expect(await one.signIn('code', { code: two.code() })).toBeNull()
    expect((await one.fetch('GET', members)).status).toBe(200)
    // And switching it off closes it again.
    await switchSecondFactorOff(kit.ctx({ kind: 'user', userId: agent.userId }), { password: goodPassword })
    forgetWho()
    expect((await one.fetch('GET', members)).status).toBe(403)
  })

  test('owners and admins are told who has one; others are not', async () => {
    const team = await Team.make(kit)
    const [admin, agent] = [await team.join('admin'), await team.join('agent')]
    await withSecondFactor(kit, agent.userId)
    const seen = async (ctx: typeof team.account) =>
      Object.fromEntries((await readMembers(ctx)).map(({ userId, secondFactor }) => [userId, secondFactor]))
    const told = { [team.owner.userId]: false, [admin.userId]: false, [agent.userId]: true }
    expect([await seen(team.account), await seen(admin.ctx)]).toEqual([told, told])
    expect(Object.values(await seen(agent.ctx))).toEqual([undefined, undefined, undefined])
  })
})

describe('the log of each account', () => {
  test('says what a person did with their second factor, in all of theirs', async () => {
    const team = await Team.make(kit)
    const { userId } = team.owner
    const asOwner = kit.ctx({ kind: 'user', userId })
    const other = await createAccount(asOwner, { name: 'Second Shop' })
    const two = await withSecondFactor(kit, userId)
    const ticket = (await askSecondFactor(kit.ctx(), userId)) ?? ''
    await passSecondFactor(kit.ctx(), { ticket, code: two.codes[0] ?? '' }, newAddress())
    await renewRecoveryCodes(asOwner, { code: two.code() })
    await switchSecondFactorOff(asOwner, { password: goodPassword })
    const wanted = [
      'member.second_factor_off',
      'member.recovery_codes_renewed',
      'member.recovery_code_used',
      'member.second_factor_on',
    ]
    expect((await acts(team)).map(({ act }) => act)).toEqual(wanted)
    const entries = await kit.services.database.system.$queryRaw<
      unknown[]
    >`SELECT account_id FROM audit_entry WHERE account_id = ${other.accountId}::uuid`
    expect(entries).toHaveLength(1 + wanted.length)
  })

  test('the operator’s reset: signed in without a code afterwards, sessions ended, told by mail, logged as the product’s', async () => {
    const team = await Team.make(kit)
    const agent = await team.join('agent')
    const two = await withSecondFactor(kit, agent.userId)
    const one = new Browser(server.origin)
    expect(await one.signIn('password', { email: agent.email, password: goodPassword })).toBe('second_factor_needed')
    expect(await one.signIn('code', { code: two.code() })).toBeNull()
    await resetSecondFactor(kit.ctx(), { email: agent.email.toUpperCase() })
    forgetWho()
    expect((await one.fetch('GET', '/api/v1/me')).status).toBe(401)
    expect((await (await signedIn(agent)).fetch('GET', '/api/v1/me')).status).toBe(200)
    const where = { to: agent.email, subject: 'Your two-step sign-in has been reset' }
    expect(await kit.services.database.system.mail.count({ where })).toBe(1)
    const entry = (await acts(team)).find(({ act }) => act === 'member.second_factor_reset')
    expect(entry?.by).toBeNull()
    expect(entry?.thing).toMatch(/^Joined/)
    await expect(resetSecondFactor(kit.ctx(), { email: agent.email })).rejects.toMatchObject({
      code: 'second_factor_missing',
    })
    await expect(resetSecondFactor(kit.ctx(), { email: 'nobody@example.com' })).rejects.toMatchObject({
      code: 'not_found',
    })
  })
})
