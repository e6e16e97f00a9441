/** An account with more people than its plan includes: some of them read and change nothing, an owner says who, and it is said before it happens. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openMail } from '@/lib/features/mail/sealed'
import { assignConversation } from '@/lib/flows/assign'
import { bePresent } from '@/lib/flows/be-present'
import { billUsage } from '@/lib/flows/bill-usage'
import { changePlan, endPlan } from '@/lib/flows/change-plan'
import { givePlace } from '@/lib/flows/give-place'
import { readBilling } from '@/lib/flows/read-billing'
import { readPeople } from '@/lib/flows/read-people'
import { readMembers } from '@/lib/flows/read-team'
import { forgetStanding, requirePaid } from '@/lib/flows/standing'
import type { Ctx } from '@/lib/platform/context'
import { codeOf, createKit, type Kit } from '../settings/kit'

const pro = { plan: 'pro', interval: 'month', currency: 'usd' } as const
const day = 86_400_000

let kit: Kit
/** An agent who joined last. */
let late: Ctx
let now = new Date()
beforeAll(async () => {
  kit = await createKit()
  const { rows } = await kit.owner.query(
    `INSERT INTO "user" (id, email, name) VALUES (gen_random_uuid(), 'late@example.com', 'Late') RETURNING id`,
  )
  const joined = await kit.owner.query(
    `INSERT INTO membership (account_id, id, user_id, role, created_at) VALUES ($1, gen_random_uuid(), $2, 'agent', now() + interval '1 hour') RETURNING id`,
    [kit.shop.accountId, rows[0].id],
  )
  const actor = { kind: 'member', userId: rows[0].id, membershipId: joined.rows[0].id, role: 'agent' } as const
  late = { ...kit.shop.as.agent, actor }
})
afterAll(() => kit.close())
beforeEach(() => forgetStanding(kit.shop.accountId))

const at = (ctx: Ctx): Ctx => ({ ...ctx, now: () => now })
const { owner, agent, viewer } = {
  owner: () => at(kit.shop.as.owner),
  agent: () => at(kit.shop.as.agent),
  viewer: () => at(kit.shop.as.viewer),
}
const idOf = (ctx: Ctx) => (ctx.actor.kind === 'member' ? ctx.actor.membershipId : '')
const nameOf = async (ctx: Ctx) => (await readMembers(owner())).find(({ id }) => id === idOf(ctx))?.name
const changes = (ctx: Ctx) => codeOf(requirePaid(at(ctx)))
const waiting = async () => (await readMembers(owner())).filter(({ waits }) => waits).map(({ id }) => id)
const round = () =>
  billUsage(kit.services, (accountId) => ({ ...owner(), accountId, actor: { kind: 'system', reason: 'test' } }))
const mails = async () => {
  const rows = await kit.services.database.system.mail.findMany({ where: { subject: { contains: 'can only read' } } })
  return rows.map((mail) => openMail(kit.services.vault, mail).text)
}
const onlineUntil = async (ctx: Ctx): Promise<number | null> => {
  const { rows } = await kit.owner.query('SELECT online_until FROM membership WHERE id = $1', [idOf(ctx)])
  return rows[0].online_until && rows[0].online_until.getTime() - now.getTime()
}

test('with a paid plan all work, and before it ends the page names who would not', async () => {
  await changePlan(owner(), pro)
  forgetStanding(kit.shop.accountId)
  for (const one of [owner(), agent(), viewer(), late]) expect(await changes(one)).toBe('worked')
  const billing = await readBilling(owner())
  expect(billing.over.free).toMatchObject([{ measure: 'seats', used: 5, limit: 3 }])
  expect(billing.waits).toEqual([await nameOf(late), await nameOf(viewer())])
  expect(await waiting()).toEqual([])
  await bePresent(at(late))
  expect(await onlineUntil(late)).toBe(45_000)
})

test('once it has ended, those beyond the three read and change nothing; nobody is removed, and owners get one mail', async () => {
  await endPlan(owner(), { ends: true })
  now = new Date(now.getTime() + 15 * day)
  await round()
  await round()
  forgetStanding(kit.shop.accountId)
  expect((await waiting()).sort()).toEqual([idOf(late), idOf(viewer())].sort())
  expect(await changes(late)).toBe('seat_waits')
  expect(await changes(viewer())).toBe('seat_waits')
  expect([await changes(owner()), await changes(agent())]).toEqual(['worked', 'worked'])
  expect(await readMembers(at(late))).toHaveLength(5)
  const [mail, ...more] = await mails()
  expect(more).toEqual([])
  expect(mail).toContain('which includes 3 people')
  expect(mail).toContain('Late')
})

test('who reads only is given no work: by nobody, and by no routing', async () => {
  await bePresent(at(late))
  expect(await onlineUntil(late)).toBeNull()
  await bePresent(at(late), true)
  expect(await onlineUntil(late)).toBeNull()
  const { conversationId } = await kit.shop.write('refund: where is it?')
  const give = (ctx: Ctx) => codeOf(assignConversation(owner(), { id: conversationId, assigneeId: idOf(ctx) }))
  expect([await give(late), await give(agent())]).toEqual(['invalid_input', 'worked'])
  const { members } = await readPeople(owner())
  expect(members.find(({ id }) => id === idOf(late))?.role).toBe('viewer')
})

test('an owner gives a place, the last one gives way, and the log says it; nobody else may', async () => {
  expect(await codeOf(givePlace(at(kit.shop.as.admin), { id: idOf(late) }))).toBe('forbidden')
  const who = (await readMembers(owner())).find(({ id }) => id === idOf(late))
  expect(who?.waits).toEqual({ places: 3, gives: await nameOf(agent()) })
  await givePlace(owner(), { id: idOf(late) })
  expect([await changes(late), await changes(agent())]).toEqual(['worked', 'seat_waits'])
  const { rows } = await kit.owner.query(
    'SELECT act, thing_id FROM audit_entry WHERE account_id = $1 ORDER BY sequence DESC LIMIT 1',
    [kit.shop.accountId],
  )
  expect(rows).toEqual([{ act: 'member.place_given', thing_id: idOf(late) }])
  // And back.
  now = new Date(now.getTime() + 1_000)
  await givePlace(owner(), { id: idOf(agent()) })
  await givePlace(owner(), { id: idOf(viewer()) })
  expect(await waiting()).not.toContain(idOf(agent()))
  expect(await codeOf(givePlace(owner(), { id: idOf(agent()) }))).toBe('not_found')
  expect(await codeOf(givePlace(owner(), { id: kit.rival.members.agent }))).toBe('not_found')
})

test('owners keep theirs, and a paid plan lets all work again at once', async () => {
  await kit.owner.query(`UPDATE membership SET role = 'owner' WHERE id = ANY($1)`, [
    [kit.shop.members.admin, kit.shop.members.agent],
  ])
  expect(await codeOf(givePlace(owner(), { id: idOf(late) }))).toBe('seat_none')
  await changePlan(owner(), pro)
  for (const one of [owner(), agent(), viewer(), late]) expect(await changes(one)).toBe('worked')
})
