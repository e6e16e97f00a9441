/** How long conversations are kept: what is older goes with all that belongs to it, what was reopened stays, and repeating changes nothing. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { cutoffOf } from '@/lib/features/privacy/choices'
import { applyRetention } from '@/lib/flows/apply-retention'
import { changePlan } from '@/lib/flows/change-plan'
import { choosePrivacy, readPrivacy } from '@/lib/flows/choose-privacy'
import { correctLabel } from '@/lib/flows/correct-label'
import { readAudit } from '@/lib/flows/read-audit'
import { setStatus } from '@/lib/flows/set-status'
import { held } from '../../kit/guarantee'
import { codeOf, createKit, type Kit, type Shop, type Written } from '../settings/kit'

let kit: Kit
beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.close())

const ctxOf = (accountId: string) => makeCtx(kit.services, { kind: 'system', reason: 'test' }, accountId, 'en')
const run = () => applyRetention(kit.services, ctxOf)

/** A conversation that was resolved so many days ago; its contact was last seen then. */
async function old(shop: Shop, days: number, text = 'refund: it is long ago'): Promise<Written> {
  const written = await shop.write(text)
  await setStatus(shop.as.agent, { id: written.conversationId, status: 'resolved' })
  const at = new Date(Date.now() - days * 86_400_000)
  await kit.owner.query('UPDATE conversation SET resolved_at = $2, last_activity_at = $2 WHERE id = $1', [
    written.conversationId,
    at,
  ])
  await kit.owner.query('UPDATE contact SET last_seen_at = $2 WHERE id = $1', [written.from.contactId, at])
  return written
}

const count = async (table: string, shop: Shop): Promise<number> =>
  (await kit.owner.query(`SELECT count(*)::int AS n FROM ${table} WHERE account_id = $1`, [shop.accountId])).rows[0].n

test('what was resolved longer ago goes, the rest stays, and a second run finds nothing', async () => {
  const { shop, rival } = kit
  const gone = await old(shop, 100)
  const kept = await old(shop, 80)
  const open = await shop.write('refund: still open')
  await old(rival, 1_000)
  const { rows } = await kit.owner.query(`SELECT id FROM message WHERE conversation_id = $1 AND kind = 'incoming'`, [
    gone.conversationId,
  ])
  await correctLabel(shop.as.agent, { messageId: rows[0].id, field: 'intent', value: 'invoice' })

  expect(await run()).toBe(0)
  expect(await readPrivacy(shop.as.admin)).toMatchObject({ keepMonths: null, due: { 3: 1, 6: 0 } })
  await choosePrivacy(shop.as.admin, { keepMonths: 3 })
  expect(await run()).toBe(1)
  expect(await run()).toBe(0)
  const left = await kit.owner.query('SELECT id FROM conversation WHERE account_id = $1 ORDER BY id', [shop.accountId])
  expect(left.rows.map(({ id }) => id).sort()).toEqual([kept.conversationId, open.conversationId].sort())
  expect([await count('contact', shop), await count('correction', shop), await count('prediction', shop)]).toEqual([
    2, 0, 2,
  ])
  // Another account chose nothing.
  expect(await count('conversation', rival)).toBe(1)
  await changePlan(shop.as.owner, { plan: 'business', interval: 'month', currency: 'usd' })
  const [entry] = (await readAudit(shop.as.owner, { act: 'retention.applied' })).entries
  expect(entry).toMatchObject({ by: null, facts: { conversations: 1, contacts: 1 } })
  expect(await codeOf(choosePrivacy(shop.as.agent, { keepMonths: null }))).toBe('forbidden')
})

test('who writes again in the middle loses nothing: a reopened conversation stays, a retired one is followed by a new one', async () => {
  const { shop } = kit
  await kit.owner.query('UPDATE inbox SET reopen_days = 365 WHERE account_id = $1', [shop.accountId])
  const back = await old(shop, 200)
  await shop.write('refund: I am here again', back.from)
  const crossed = await old(shop, 200)
  // A run that died after taking the conversation out of use.
  await kit.owner.query('UPDATE conversation SET superseded_by = id WHERE id = $1', [crossed.conversationId])
  const again = await shop.write('refund: in the middle', crossed.from)
  expect(again.conversationId).not.toBe(crossed.conversationId)
  expect(await run()).toBe(1)
  const { rows } = await kit.owner.query('SELECT id FROM conversation WHERE id = ANY ($1)', [
    [back.conversationId, crossed.conversationId, again.conversationId],
  ])
  expect(rows.map(({ id }) => id).sort()).toEqual([back.conversationId, again.conversationId].sort())
  expect((await kit.owner.query('SELECT 1 FROM contact WHERE id = $1', [crossed.from.contactId])).rowCount).toBe(1)
})

test('more than a round', async () => {
  const { rival } = kit
  await kit.owner.query(`UPDATE conversation SET resolved_at = now() WHERE account_id = $1`, [rival.accountId])
  for (let n = 0; n < 6; n++) await old(rival, 400)
  // Copies of one, to fill rounds without writing each.
  await kit.owner.query(
    `INSERT INTO conversation (account_id, id, display_id, inbox_id, contact_id, status, last_sequence, resolved_at, last_activity_at, created_at, superseded_by)
     SELECT account_id, gen_random_uuid(), 1000 + n, inbox_id, contact_id, 'resolved', 0, resolved_at, resolved_at, resolved_at, gen_random_uuid()
     FROM (SELECT * FROM conversation WHERE account_id = $1 AND resolved_at < now() - interval '300 days' LIMIT 1) c, generate_series(1, 110) n`,
    [rival.accountId],
  )
  await choosePrivacy(rival.as.owner, { keepMonths: 12 })
  expect(await run()).toBe(116)
  expect(await run()).toBe(0)
  held('8 retention', '116 conversations past their time gone in a run of more than one round, 0 in a second')
})

test('months are whole months, and never longer than the month', () => {
  const at = (iso: string, months: number) => cutoffOf(new Date(iso), months).toISOString()
  expect(at('2026-11-30T10:00:00.000Z', 3)).toBe('2026-08-30T10:00:00.000Z')
  expect(at('2026-05-31T10:00:00.000Z', 3)).toBe('2026-02-28T10:00:00.000Z')
  expect(at('2026-02-28T10:00:00.000Z', 24)).toBe('2024-02-28T10:00:00.000Z')
  expect(at('2024-02-29T10:00:00.000Z', 12)).toBe('2023-02-28T10:00:00.000Z')
})
