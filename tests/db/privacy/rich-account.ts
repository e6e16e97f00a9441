/** An account with something in every table that leaves it, made through the flows, odd values among it; and files of accounts for tests. */
import { createHash, createHmac } from 'node:crypto'
import { makeCtx } from '@/lib/border/caller'
import { newId } from '@/lib/core/ids'
import { portableTables } from '@/lib/features/accounts/portable'
import { addNote } from '@/lib/flows/add-note'
import { assignConversation } from '@/lib/flows/assign'
import { attachAsMember, attachAsVisitor } from '@/lib/flows/attach-file'
import { importExamples, writeCase, writeExample } from '@/lib/flows/change-examples'
import { createIntent, mergeIntents } from '@/lib/flows/change-intents'
import { choosePrivacy, noteContactConsent } from '@/lib/flows/choose-privacy'
import { correctLabel } from '@/lib/flows/correct-label'
import { createInbox } from '@/lib/flows/create-inbox'
import { createLabel } from '@/lib/flows/create-label'
import { createTeam } from '@/lib/flows/create-team'
import { exportAccount } from '@/lib/flows/export-account'
import { flagMessage } from '@/lib/flows/flag-message'
import { type Imported, importAccount } from '@/lib/flows/import-account'
import { inviteMember } from '@/lib/flows/invite-member'
import { keepLabel } from '@/lib/flows/keep-label'
import { setLabels } from '@/lib/flows/label-conversation'
import { limitSpend } from '@/lib/flows/limit-spend'
import { openSession } from '@/lib/flows/open-session'
import { decideOnOrder, orderTraining, setConsent } from '@/lib/flows/order-training'
import { promoteVersion } from '@/lib/flows/promote-version'
import { readLearning } from '@/lib/flows/read-learning'
import { receiveMessage } from '@/lib/flows/receive-message'
import { removeMember } from '@/lib/flows/remove-member'
import { reply } from '@/lib/flows/reply'
import { discardReview } from '@/lib/flows/review-messages'
import { rotateIdentitySecret } from '@/lib/flows/rotate-identity-secret'
import { saveRouting } from '@/lib/flows/save-routing'
import { setStatus } from '@/lib/flows/set-status'
import { setTrainingRule } from '@/lib/flows/set-training-rule'
import { snoozeConversation } from '@/lib/flows/snooze'
import { startTraining } from '@/lib/flows/start-training'
import { updateInbox } from '@/lib/flows/update-inbox'
import type { Ctx } from '@/lib/platform/context'
import type { MemoryStorage } from '../../kit/memory-storage'
import { png } from '../../kit/sample-files'
import { type LearningKit, linesOf } from '../learning/kit'
import { createKit, type Kit } from '../settings/kit'

/** Someone who writes from a page of the shop. */
async function visitorOf(kit: Kit, identity: Parameters<typeof openSession>[1]['identity']) {
  const outside = makeCtx(kit.services, { kind: 'system', reason: 'test' }, '', 'en')
  const page = 'https://shop.example/茶?x=1&y=%E8%8C%B6'
  const { siteKey } = kit.shop
  const opened = await openSession(outside, { siteKey, origin: undefined, host: undefined, identity, page })
  const actor = { kind: 'visitor', ...opened, inboxId: kit.shop.inboxId } as const
  return makeCtx(kit.services, actor, kit.shop.accountId, 'zh-CN')
}

async function threads(kit: LearningKit): Promise<void> {
  const { as, members } = kit.shop
  const { identitySecret } = await rotateIdentitySecret(as.admin, { id: kit.shop.inboxId })
  const signature = createHmac('sha256', identitySecret).update('customer-7').digest('hex')
  await visitorOf(kit, { userId: 'customer-7', name: 'Known', signature })
  const mei = await visitorOf(kit, { name: '林梅 🍵', email: 'Mei+茶@guest.example' })
  const file = await attachAsVisitor(mei, { name: '破损 📦.png', bytes: png(3, 2) })
  const { received } = await receiveMessage(mei, {
    clientId: newId(),
    text: 'refund: 坏了 👩‍👩‍👧',
    attachments: [file.id],
  })
  const id = received.conversationId
  await noteContactConsent(as.admin, {
    id: mei.actor.kind === 'visitor' ? mei.actor.contactId : '',
    trainingConsent: 'given',
  })
  const answer = await attachAsMember(as.agent, { id, name: 'how to.txt', bytes: Buffer.from('打开\nthen close\n') })
  await reply(as.agent, { id, clientId: newId(), text: '', attachments: [answer.id] })
  await addNote(as.agent, { id, clientId: newId(), text: '"third" time\\\n\u2028<script>' })
  const { id: vip } = await createLabel(as.owner, { name: 'VIP ⭐', colour: 'grey' })
  await setLabels(as.agent, { id, labelIds: [vip] })
  const { id: team } = await createTeam(as.owner, { name: '售后', memberIds: [members.agent, members.viewer] })
  const then = { teamId: team, priority: 'high', assign: 'round_robin' } as const
  await saveRouting(as.owner, { rules: [{ name: '退款', enabled: true, when: { intents: ['refund'] }, ...then }] })
  await correctLabel(as.agent, { messageId: received.id, field: 'intent', value: 'complaint' })
  const kept = (await receiveMessage(mei, { clientId: newId(), text: 'invoice: 发票 please' })).received.id
  await correctLabel(as.agent, { messageId: kept, field: 'intent', value: 'invoice' })
  await keepLabel(as.admin, { id: kept, intent: 'invoice' })
  await flagMessage(as.agent, { messageId: received.id, reason: 'manual' })
  const silent = await receiveMessage(mei, { clientId: newId(), text: 'away: nobody reads this' })
  await discardReview(as.agent, { messageIds: [silent.received.id] })
  const resolved = await kit.shop.write('greeting: hello there')
  await setStatus(as.agent, { id: resolved.conversationId, status: 'resolved' })
  // Long resolved: the next message goes on in another conversation.
  await kit.owner.query(`UPDATE conversation SET resolved_at = now() - interval '30 days' WHERE id = $1`, [
    resolved.conversationId,
  ])
  await kit.shop.write('greeting: it is me again', resolved.from)
  const later = await kit.shop.write('order_status: where is it?')
  await snoozeConversation(as.agent, { id: later.conversationId, until: new Date(Date.now() + 86_400_000) })
  const assigned = await kit.shop.write('refund negative high: now!')
  await assignConversation(as.agent, { id: assigned.conversationId, assigneeId: members.agent })
}

async function models(kit: LearningKit): Promise<void> {
  const { owner, admin } = kit.shop.as
  await createIntent(owner, { name: '卡片 arrival', description: '' })
  const { key } = await createIntent(owner, { name: 'old one', description: 'was "once"' })
  await mergeIntents(owner, { key, into: 'refund' })
  await importExamples(owner, Buffer.from(linesOf(['card_arrival', 'top_up'], 20)))
  await writeExample(owner, { text: 'ein 汉字 text', intent: 'refund' })
  await startTraining(owner)
  await kit.work()
  await promoteVersion(owner, { id: (await readLearning(owner)).versions[0]?.id as string, unjudged: true })
  await writeCase(owner, { text: 'must be refund', intent: 'refund' })
  await setConsent(owner, { given: true })
  const userId = newId()
  await kit.owner.query(
    `INSERT INTO "user" (id, email, name, operator) VALUES ($1, 'olga@operator.example', 'Olga', true)`,
    [userId],
  )
  await writeExample(owner, { text: 'one text more', intent: 'refund' })
  await orderTraining(makeCtx(kit.services, { kind: 'user', userId }, '', 'en'), { accountId: kit.shop.accountId })
  await kit.work()
  await decideOnOrder(owner, { id: (await readLearning(owner)).versions[0]?.id as string, decision: 'declined' })
  await setTrainingRule(admin, { afterCorrections: 50, weekly: true })
}

/** What no flow makes today, and may have been made once. */
async function oddities(kit: LearningKit): Promise<void> {
  const { accountId } = kit.shop
  const sql = (text: string) => kit.owner.query(text.replaceAll('$1', `'${accountId}'`))
  // A text, a person's field and an example that cannot be opened any more; a file that is gone.
  await sql(`UPDATE message SET body = '\\x01' WHERE account_id = $1 AND kind = 'incoming' AND id = (
    SELECT max(id::text)::uuid FROM message WHERE account_id = $1 AND kind = 'incoming')`)
  await sql(`UPDATE contact SET phone = '\\x0102' WHERE account_id = $1 AND email IS NULL`)
  await sql(`UPDATE contact SET former_ids = ARRAY['${newId()}'::uuid] WHERE account_id = $1 AND email IS NOT NULL`)
  await sql(`UPDATE example SET text = '\\x00' WHERE account_id = $1 AND source = 'case'`)
  await sql(`UPDATE membership SET disabled_at = now() WHERE account_id = $1 AND role = 'viewer'`)
  await sql(`UPDATE account SET last_display_id = last_display_id + 7 WHERE id = $1`)
  await sql(`UPDATE dataset_row SET example_id = NULL, erased_at = now() WHERE account_id = $1 AND place = 3`)
}

/** @returns the address of its guest */
export async function enrich(kit: LearningKit): Promise<void> {
  const { owner, admin } = kit.shop.as
  await threads(kit)
  await models(kit)
  await choosePrivacy(owner, { keepMonths: 24, learnFrom: 'consented' })
  await inviteMember(owner, { email: 'new@shop.example', role: 'agent' })
  await updateInbox(admin, {
    id: kit.shop.inboxId,
    texts: { en: { greeting: 'Hi “you” 👋' }, 'zh-CN': { greeting: '您好' } },
    accent: '#00aa7f',
    allowedOrigins: ['https://shop.example'],
  })
  const { id } = await createInbox(admin, { name: 'Old shop' })
  await updateInbox(admin, { id, archived: true })
  await limitSpend(owner, { cap: 5_000, alert: 1_000 })
  await removeMember(owner, { id: kit.shop.members.viewer })
  await oddities(kit)
}

/** The whole file. */
export async function fileOf(ctx: Ctx): Promise<string> {
  let text = ''
  for await (const part of await exportAccount(ctx)) text += part
  return text
}

async function* bytesOf(text: string | Buffer): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  // Not at the ends of lines.
  for (let at = 0; at < bytes.length; at += 10_007) yield bytes.subarray(at, at + 10_007)
}

export const bring = (kit: Kit, text: string | Buffer, name?: string): Promise<Imported> =>
  importAccount(makeCtx(kit.services, { kind: 'system', reason: 'test' }, '', 'en'), { source: bytesOf(text), name })

/** Someone of the account that was brought in. */
export async function actingAs(kit: Kit, accountId: string, role: 'owner' | 'agent' = 'owner'): Promise<Ctx> {
  const { rows } = await kit.owner.query(
    'SELECT id, user_id FROM membership WHERE account_id = $1 AND role = $2 AND disabled_at IS NULL',
    [accountId, role],
  )
  return makeCtx(
    kit.services,
    { kind: 'member', userId: rows[0].user_id, membershipId: rows[0].id, role },
    accountId,
    'en',
  )
}

export interface Line {
  what: string
  row: Record<string, unknown>
  /** Written as it stands. */
  raw?: string
}

export const linesIn = (text: string): Line[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

/** A file with other lines, counted and with its digest, as whoever changes one on purpose would write it. */
export function fileWith(lines: readonly Line[]): string {
  const body = lines.filter(({ what }) => what !== 'end')
  const counts: Record<string, number> = {}
  for (const { what } of body) if (what !== 'export') counts[what] = (counts[what] ?? 0) + 1
  const text = body.map(({ raw, ...line }) => `${raw ?? JSON.stringify(line)}\n`).join('')
  const sha256 = createHash('sha256').update(text).digest('hex')
  return `${text}${JSON.stringify({ what: 'end', row: { counts, sha256 } })}\n`
}

const told = new Set(portableTables.flatMap(({ name, notBrought }) => (notBrought ? [name] : [])))

/** What must be equal, byte by byte: all but the first line's time, the last line, and what is told and not brought. */
export function comparable(text: string): string {
  const [first = '', ...rest] = text.trimEnd().split('\n')
  const { row } = JSON.parse(first) as Line
  return [
    JSON.stringify({ ...row, at: null }),
    ...rest.filter((line) => !told.has(JSON.parse(line).what)).slice(0, -1),
  ].join('\n')
}

/** An installation that has its operator and nothing else. */
export async function emptyKit(): Promise<Kit> {
  const kit = await createKit()
  await kit.owner.query('DELETE FROM account')
  await kit.owner.query('DELETE FROM "user"')
  await kit.owner.query(`INSERT INTO "user" (id, email, name, operator) VALUES ($1, 'op@there.example', 'Op', true)`, [
    newId(),
  ])
  return kit
}

/** How many rows each table has, and how many files there are. */
export async function censusOf(kit: Kit): Promise<Record<string, number>> {
  const { rows } = await kit.owner.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`,
  )
  const one = rows.map(({ name }) => `SELECT '${name}' AS name, count(*)::int AS n FROM "${name}"`).join(' UNION ALL ')
  const counted = await kit.owner.query<{ name: string; n: number }>(one)
  const files = (kit.services.storage as MemoryStorage).held.size
  return { ...Object.fromEntries(counted.rows.map(({ name, n }) => [name, n])), files }
}
