/** The audit log: what is in it, who reads it, and that a chain tells when it was touched. */
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hashOf } from '@/lib/features/audit/chain'
import { record } from '@/lib/features/audit/write'
import { changePlan } from '@/lib/flows/change-plan'
import { changeRole } from '@/lib/flows/change-role'
import { createInbox } from '@/lib/flows/create-inbox'
import { createLabel } from '@/lib/flows/create-label'
import { deleteLabel } from '@/lib/flows/delete-label'
import { inviteMember } from '@/lib/flows/invite-member'
import { checkAudit, exportAudit, readAudit } from '@/lib/flows/read-audit'
import { removeMember } from '@/lib/flows/remove-member'
import { rotateIdentitySecret } from '@/lib/flows/rotate-identity-secret'
import { takeBack } from '@/lib/flows/take-back'
import { updateLabel } from '@/lib/flows/update-label'
import { inAccount } from '@/lib/platform/db/in-account'
import { codeOf, createKit, type Kit, type Shop } from '../settings/kit'

let kit: Kit
beforeAll(async () => {
  kit = await createKit()
  for (const shop of [kit.shop, kit.rival])
    await changePlan(shop.as.owner, { plan: 'business', interval: 'month', currency: 'usd' })
})
afterAll(() => kit.close())

/** Acts with their things, the oldest first. */
async function actsOf(shop: Shop): Promise<string[]> {
  const { entries } = await readAudit(shop.as.admin, {})
  return entries.map(({ act, thing, by }) => `${by?.name ?? '-'} ${act} ${thing ?? ''}`.trim()).reverse()
}

/** Behind the policies, as somebody with the database's own rights. */
const behind = (sql: string) =>
  kit.owner.query(sql.replaceAll(':account', `'${kit.rival.accountId}'`)).then(({ rowCount }) => rowCount)

test('what matters is in it with who did it, and what failed is not', async () => {
  const { as, members, inboxId } = kit.shop
  const { id } = await createLabel(as.owner, { name: 'VIP', colour: 'grey' })
  expect(await codeOf(createLabel(as.owner, { name: 'vip', colour: 'grey' }))).toBe('name_taken')
  await updateLabel(as.admin, { id, colour: 'red' })
  const { undoId } = await deleteLabel(as.admin, { id })
  await takeBack(as.admin, { id: undoId })
  await inviteMember(as.owner, { email: 'new@elsewhere.example', role: 'agent' })
  await changeRole(as.owner, { id: members.viewer, role: 'agent' })
  await removeMember(as.owner, { id: members.viewer })
  await rotateIdentitySecret(as.admin, { id: inboxId })
  expect(await codeOf(changeRole(as.agent, { id: members.agent, role: 'owner' }))).toBe('forbidden')
  expect(await actsOf(kit.shop)).toEqual([
    'shop owner billing.plan_changed',
    'shop owner label.created VIP',
    'shop admin label.changed VIP',
    'shop admin label.deleted VIP',
    'shop admin label.restored VIP',
    'shop owner invitation.sent new@elsewhere.example',
    'shop owner member.role_changed shop viewer',
    'shop owner member.removed shop viewer',
    'shop admin inbox.secret_rotated Shop',
  ])
  const { rows } = await kit.owner.query(
    `SELECT string_agg(facts::text || coalesce(thing_id, ''), ' ') AS said FROM audit_entry WHERE account_id = $1`,
    [kit.shop.accountId],
  )
  expect(rows[0].said).not.toContain('elsewhere.example')
  expect(rows[0].said).toContain('"was": "viewer"')
})

test('pages by keyset, filtered by act and by person; another account sees its own', async () => {
  const { as } = kit.shop
  await inAccount(as.owner, async (tx) => {
    for (let n = 0; n < 60; n++) await record(tx, as.owner, { act: 'label.created', facts: { name: `label ${n}` } })
  })
  const first = await readAudit(as.owner, { act: 'label.created' })
  expect([first.entries.length, first.entries[0]?.thing]).toEqual([50, 'label 59'])
  const second = await readAudit(as.owner, { act: 'label.created', before: first.next ?? 0 })
  expect([second.entries.length, second.next]).toEqual([11, null])
  const byAdmin = await readAudit(as.owner, { by: kit.shop.members.admin })
  expect(byAdmin.entries.length).toBe(4)
  expect((await readAudit(as.owner, { by: 'system' })).entries).toEqual([])
  expect(byAdmin.people.map(({ name }) => name).sort()).toEqual([
    'shop admin',
    'shop agent',
    'shop owner',
    'shop viewer',
  ])
  expect((await readAudit(kit.rival.as.owner, {})).entries.map(({ act }) => act)).toEqual(['billing.plan_changed'])
  expect(await codeOf(readAudit(as.agent, {}))).toBe('forbidden')
})

test('many writers at once make one chain', async () => {
  const { as, accountId } = kit.shop
  const before = (await checkAudit(as.owner)).upTo
  await Promise.all(
    Array.from({ length: 16 }, (_, n) =>
      n % 2
        ? createLabel(as.owner, { name: `race ${n}`, colour: 'grey' })
        : createInbox(as.admin, { name: `race ${n}` }),
    ),
  )
  expect(await checkAudit(as.owner)).toMatchObject({ upTo: before + 16, broken: null })
  const { rows } = await kit.owner.query(
    'SELECT count(DISTINCT previous)::int AS n, max(sequence)::int AS last FROM audit_entry WHERE account_id = $1',
    [accountId],
  )
  expect(rows[0]).toEqual({ n: before + 16, last: before + 16 })
})

test('the check names what was changed, removed or put in; without a change it is intact', async () => {
  const { as } = kit.rival
  for (let n = 0; n < 6; n++) await createLabel(as.owner, { name: `chain ${n}`, colour: 'grey' })
  const intact = await checkAudit(as.owner)
  expect(intact).toMatchObject({ upTo: 7, broken: null })
  // Each is undone before the next, by the value that was there.
  const touched: [string, string, number][] = [
    [
      `UPDATE audit_entry SET facts = '{"name": "another"}' WHERE account_id = :account AND sequence = 3`,
      `UPDATE audit_entry SET facts = '{"name": "chain 1"}' WHERE account_id = :account AND sequence = 3`,
      3,
    ],
    [
      `UPDATE audit_entry SET at = at + interval '1 second' WHERE account_id = :account AND sequence = 5`,
      `UPDATE audit_entry SET at = at - interval '1 second' WHERE account_id = :account AND sequence = 5`,
      5,
    ],
    [
      `UPDATE audit_entry SET actor_id = NULL WHERE account_id = :account AND sequence = 1`,
      `UPDATE audit_entry SET actor_id = '${kit.rival.members.owner}' WHERE account_id = :account AND sequence = 1`,
      1,
    ],
    [
      `UPDATE audit_entry SET sequence = 70 WHERE account_id = :account AND sequence = 7`,
      `UPDATE audit_entry SET sequence = 7 WHERE account_id = :account AND sequence = 70`,
      7,
    ],
  ]
  for (const [sql, undo, named] of touched) {
    expect(await behind(sql)).toBe(1)
    expect([sql, (await checkAudit(as.owner)).broken]).toEqual([sql, named])
    await behind(undo)
    expect(await checkAudit(as.owner)).toEqual(intact)
  }
  await behind(`DELETE FROM audit_entry WHERE account_id = :account AND sequence = 4`)
  expect(await checkAudit(as.owner)).toMatchObject({ upTo: 3, broken: 4 })
})

test('the file holds everything that the hashes cover, and says that it was taken', async () => {
  const { as, accountId } = kit.shop
  let file = ''
  for await (const piece of await exportAudit(as.owner)) file += piece
  const rows = parse(file, { columns: true, bom: true }) as Record<string, string>[]
  let previous = '00'.repeat(32)
  for (const row of rows) {
    expect(row.previous).toBe(previous)
    const entry = {
      sequence: Number(row.sequence),
      at: new Date(row.at as string),
      act: row.act as string,
      actorId: row.by_id || null,
      thingId: row.thing_id || null,
      facts: JSON.parse(row.facts as string),
    }
    previous = hashOf(accountId, Buffer.from(previous, 'hex'), entry).toString('hex')
    expect(row.hash).toBe(previous)
  }
  expect(rows.at(-1)?.act).toBe('export.audit')
})
