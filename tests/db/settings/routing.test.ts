/** The routing table: replaced whole, kept apart between accounts, obeyed by the next message; trying stores nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routingTableDraft } from '@/lib/features/routing/input'
import { beAvailable } from '@/lib/flows/be-available'
import { createTeam } from '@/lib/flows/create-team'
import { readRouting } from '@/lib/flows/read-routing'
import { saveRouting } from '@/lib/flows/save-routing'
import { tryRouting } from '@/lib/flows/try-routing'
import { codeOf, createKit, type Kit, newsOf } from './kit'

let kit: Kit
let billing: string
beforeAll(async () => {
  kit = await createKit()
  billing = (await createTeam(kit.shop.as.owner, { name: 'Billing', memberIds: [kit.shop.members.agent] })).id
})
afterAll(() => kit.close())

const line = (name: string, rest: object = {}) =>
  routingTableDraft.parse({ rules: [{ name, when: {}, ...rest }] }).rules[0] as never

const conversation = async (id: string) =>
  (
    await kit.owner.query(
      'SELECT team_id, assignee_id, priority, needs_person, route FROM conversation WHERE id = $1',
      [id],
    )
  ).rows[0]

describe('the routing table', () => {
  test('is replaced in order; known lines keep their identity', async () => {
    const saved = await saveRouting(kit.shop.as.owner, { rules: [line('One'), line('Two'), line('Three')] })
    expect(saved.rules.map((rule) => rule.name)).toEqual(['One', 'Two', 'Three'])
    const [one, two, three] = saved.rules
    const again = await saveRouting(kit.shop.as.owner, {
      version: saved.version,
      rules: [three, { ...two, name: 'Second' }, line('Four'), one] as never,
    })
    expect(again.rules.map((rule) => [rule.name, rule.id])).toMatchObject([
      ['Three', three?.id],
      ['Second', two?.id],
      ['Four', expect.any(String)],
      ['One', one?.id],
    ])
    expect(again.version).not.toBe(saved.version)
    expect(await newsOf(kit, kit.shop)).toContain('account.updated routing')
  })

  test('of two changes to the same table the second is told', async () => {
    const { version } = await readRouting(kit.shop.as.owner)
    const both = await Promise.all(
      ['A', 'B'].map((name) => codeOf(saveRouting(kit.shop.as.owner, { version, rules: [line(name)] }))),
    )
    expect(both.sort()).toEqual(['conflict', 'worked'])
  })

  test('only managers change it; another account has its own and cannot name our teams or lines', async () => {
    expect(await codeOf(saveRouting(kit.shop.as.agent, { rules: [] }))).toBe('forbidden')
    expect(await codeOf(saveRouting(kit.rival.as.owner, { rules: [line('x', { teamId: billing })] }))).toBe(
      'invalid_input',
    )
    const { rules } = await readRouting(kit.shop.as.owner)
    const stolen = await saveRouting(kit.rival.as.owner, { rules: rules as never })
    expect(stolen.rules[0]?.id).not.toBe(rules[0]?.id)
    expect((await readRouting(kit.shop.as.owner)).rules).toEqual(rules)
  })

  test('decides the very next message, and says why', async () => {
    await kit.owner.query(`UPDATE membership SET online_until = now() + interval '1 hour' WHERE id = $1`, [
      kit.shop.members.agent,
    ])
    await saveRouting(kit.shop.as.owner, {
      rules: [
        line('Angry refunds', {
          when: { intents: ['refund'], sentiments: ['negative'] },
          teamId: billing,
          priority: 'high',
          assign: 'round_robin',
        }),
        line('Off', { enabled: false, teamId: billing }),
      ],
    })
    const { conversationId } = await kit.shop.write('refund negative: now')
    expect(await conversation(conversationId)).toMatchObject({
      team_id: billing,
      assignee_id: kit.shop.members.agent,
      priority: 'high',
      needs_person: false,
      route: { because: 'rule', ruleName: 'Angry refunds', teamName: 'Billing' },
    })
    // Who takes no new work is passed over with the desk open, from the very next message on; and back again.
    await beAvailable(kit.shop.as.agent, { availability: 'away' })
    const passed = await kit.shop.write('refund negative: again')
    expect(await conversation(passed.conversationId)).toMatchObject({ team_id: billing, assignee_id: null })
    await beAvailable(kit.shop.as.agent, { availability: 'online' })
    const back = await kit.shop.write('refund negative: and again')
    expect(await conversation(back.conversationId)).toMatchObject({ assignee_id: kit.shop.members.agent })
    const calm = await kit.shop.write('refund positive: thanks')
    expect(await conversation(calm.conversationId)).toMatchObject({ team_id: null, route: { because: 'default' } })
    const unsure = await kit.shop.write('refund negative unsure: hm')
    expect(await conversation(unsure.conversationId)).toMatchObject({
      team_id: null,
      needs_person: true,
      route: { because: 'abstained' },
    })
  })
})

describe('trying a text', () => {
  test('shows each line down to the one that decides, and stores nothing', async () => {
    const before = await kit.owner.query('SELECT count(*) FROM message')
    const rules = [
      line('Invoices', { when: { intents: ['invoice'] }, teamId: billing }),
      line('Off', { enabled: false }),
      line('Upset', { when: { sentiments: ['negative'] }, priority: 'urgent' }),
      line('Rest'),
    ]
    const tried = await tryRouting(kit.shop.as.agent, { text: 'refund negative: where', rules })
    expect(tried.route).toMatchObject({ because: 'rule', ruleName: 'Upset', priority: 'urgent' })
    expect(tried.lines.map(({ id, fit }) => [id, fit.matches])).toEqual([
      ['new 0', false],
      ['new 1', true],
    ])
    expect(tried.lines[0]?.fit).toMatchObject({ missed: { field: 'intent', label: 'refund' } })
    expect((await kit.owner.query('SELECT count(*) FROM message')).rows).toEqual(before.rows)
  })

  test('uses the saved table when no other is given', async () => {
    const tried = await tryRouting(kit.shop.as.viewer, { text: 'refund negative: where' })
    expect(tried.route.ruleName).toBe('Angry refunds')
  })

  test('a model that is away is said, not hidden', async () => {
    const tried = await tryRouting(kit.shop.as.owner, { text: 'away: hello' })
    expect(tried).toMatchObject({ said: null, route: { because: 'unlabelled', needsPerson: true }, lines: [] })
  })
})
