/** A whole account as one file: every row of it, texts and files opened, nothing of another account, no secret. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCtx } from '@/lib/border/caller'
import { newId } from '@/lib/core/ids'
import { portableTables } from '@/lib/features/accounts/portable'
import { addNote } from '@/lib/flows/add-note'
import { attachAsVisitor } from '@/lib/flows/attach-file'
import { importExamples } from '@/lib/flows/change-examples'
import { correctLabel } from '@/lib/flows/correct-label'
import { createLabel } from '@/lib/flows/create-label'
import { exportAccount } from '@/lib/flows/export-account'
import { setLabels } from '@/lib/flows/label-conversation'
import { openSession } from '@/lib/flows/open-session'
import { receiveMessage } from '@/lib/flows/receive-message'
import { reply } from '@/lib/flows/reply'
import { png } from '../../kit/sample-files'
import { codeOf, createKit, type Kit } from '../settings/kit'
import { accountTables } from '../tenancy/catalog'

let kit: Kit
beforeAll(async () => {
  kit = await createKit()
})
afterAll(() => kit.close())

interface Line {
  what: string
  row: Record<string, unknown>
}

async function linesOf(): Promise<Line[]> {
  let text = ''
  for await (const part of await exportAccount(kit.shop.as.admin)) text += part
  expect(text.endsWith('\n')).toBe(true)
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
}

test('every row leaves once, opened, and the last line says how many there were', async () => {
  const { as, siteKey, inboxId, accountId } = kit.shop
  await importExamples(as.owner, Buffer.from('text,label\nwhere is my parcel,parcel\n'))
  const { id: labelId } = await createLabel(as.owner, { name: 'VIP', colour: 'grey' })
  const outside = makeCtx(kit.services, { kind: 'system', reason: 'test' }, '', 'en')
  const identity = { name: '林梅', email: 'mei@guest.example' }
  const page = 'https://shop.example/tea'
  const opened = await openSession(outside, { siteKey, origin: undefined, host: undefined, identity, page })
  const actor = { kind: 'visitor', contactId: opened.contactId, sessionId: opened.sessionId, inboxId } as const
  const visitor = makeCtx(kit.services, actor, accountId, 'en')
  const picture = png(3, 2)
  const file = await attachAsVisitor(visitor, { name: '破损.png', bytes: picture })
  const { received } = await receiveMessage(visitor, {
    clientId: newId(),
    text: 'refund: 坏了',
    attachments: [file.id],
  })
  await reply(as.agent, { id: received.conversationId, clientId: newId(), text: 'We are sorry.' })
  await addNote(as.agent, { id: received.conversationId, clientId: newId(), text: 'third time' })
  await setLabels(as.agent, { id: received.conversationId, labelIds: [labelId] })
  await correctLabel(as.agent, { messageId: received.id, field: 'intent', value: 'complaint' })
  await kit.rival.write('refund: of somebody else')

  const lines = await linesOf()
  expect(lines[0]).toMatchObject({
    what: 'export',
    row: { format: 'lingxi', version: 3, account: { slug: 'shop', id: accountId } },
  })
  const of = (what: string) => lines.filter((line) => line.what === what).map(({ row }) => row)
  for (const { name } of portableTables) {
    const { rows } = await kit.owner.query(`SELECT count(*)::int AS n FROM "${name}" WHERE account_id = $1`, [
      accountId,
    ])
    expect([name, of(name).length]).toEqual([name, rows[0].n])
  }
  const counts = Object.fromEntries(portableTables.map(({ name }) => [name, of(name).length]))
  const { counts: told, sha256 } = (lines.at(-1) as Line).row
  expect(told).toEqual({ ...counts, person: 4 })
  const before = lines.slice(0, -1).map((line) => `${JSON.stringify(line)}\n`)
  expect(sha256).toBe(createHash('sha256').update(before.join('')).digest('hex'))
  expect(of('message').map(({ text }) => text)).toEqual(
    expect.arrayContaining(['refund: 坏了', 'We are sorry.', 'third time']),
  )
  expect(of('contact')).toMatchObject([{ name: '林梅', email: 'mei@guest.example', phone: null }])
  expect(of('contact_session')).toMatchObject([{ page }])
  expect(of('example')).toMatchObject([{ text: 'where is my parcel', intent: 'parcel' }])
  expect(of('attachment')).toMatchObject([{ id: file.id, name: '破损.png', message_id: received.id }])
  const bytes = Buffer.from(String(of('attachment')[0]?.content), 'base64')
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(createHash('sha256').update(picture).digest('hex'))
  // Each row names only rows before it.
  const seen = new Set<unknown>()
  for (const { what, row } of lines) {
    if (what === 'message') expect(seen).toContain(row.conversation_id)
    if (what === 'conversation') expect(seen).toContain(row.contact_id)
    seen.add(row.id)
  }
  const whole = JSON.stringify(lines)
  expect(whole).not.toMatch(/\\\\x[0-9a-f]{20}|identity_secret|token_hash|password|somebody else/)
  expect(await codeOf(exportAccount(as.agent))).toBe('forbidden')
})

test('every table of accounts leaves, or says why not', async () => {
  const staying: Record<string, string> = {
    account: 'the first line of the file',
    audit_entry: 'a file of its own, with its plan',
    billing_customer: 'who the account is at Stripe',
    invoice: 'at Stripe, where invoices are made',
    conversation_count: 'counted from the conversations',
    event: 'news of a week',
    label_look: 'found anew by the next look',
    model_trial: 'how a version did beside another',
    shadow_prediction: 'what a silent model would have said',
    undo: 'what can be taken back for a day',
    usage_month: 'billing; the billing page has it as a file',
    usage_record: 'billing; the billing page has it as a file',
    usage_report: 'billing; what the meter was told',
    webhook_cursor: 'how far the news has been told',
    webhook_delivery: 'log of a week',
    webhook_endpoint: 'addresses and secrets between machines; they are set up anew with who listens',
  }
  const all = (await accountTables(kit.owner)).sort()
  expect(all).toEqual([...portableTables.map(({ name }) => name), ...Object.keys(staying)].sort())
})

/** Columns that stay, by table; `account_id` stays everywhere. */
const columnsThatStay: Record<string, Record<string, string>> = {
  membership: {
    online_until: 'whether a desk is open just now',
    role_changed_at: 'ends older sessions; there are none elsewhere',
    place_at: 'who works within the plan of here',
  },
  invitation: { token_hash: 'a secret' },
  inbox: { identity_secret: 'a secret' },
  contact: {
    key: 'a secret',
    email_hash: 'follows from the address and the key',
    external_hash: 'follows from the id and the key',
    tokens: 'follow from name, address and the key',
  },
  conversation: { labelled: 'follows from its labels' },
  conversation_label: { status: 'copied from the conversation', last_activity_at: 'copied from the conversation' },
  message: { body_hash: 'follows from the text and the key', tokens: 'follow from the text and the key' },
  attachment: { claim: 'of a message that is being sent' },
  example: { text_hash: 'follows from the text and the key' },
  training_run: { attempts: 'of workers of this installation', beat_at: 'of a worker of this installation' },
  deployment: { stand_in: 'about files of this installation' },
  model_version: { brought: 'says that it came with a file' },
  training_order: { operator_id: 'a person of this installation, in no account' },
  subscription: {
    trial_end: 'between the provider and this installation',
    cancel_at_period_end: 'between the provider and this installation',
    past_due_since: 'between the provider and this installation',
    stripe_id: 'a name at Stripe',
    own_add_ons: 'in a subscription of their own at Stripe',
    monthly: 'read from Stripe',
    charges: 'read from Stripe',
    each: 'read from Stripe',
    overage: 'read from Stripe',
    created_at: 'when it was read',
    updated_at: 'when it was read',
  },
  spend_limit: { alerted: 'that a mail went out' },
}

test('every column of what leaves leaves, or says why not', async () => {
  const { rows } = await kit.owner.query<{ name: string; column: string }>(
    `SELECT table_name AS name, column_name AS column FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name <> 'account_id' ORDER BY 1, 2`,
  )
  for (const { name, columns } of portableTables) {
    const all = rows.filter((row) => row.name === name).map(({ column }) => column)
    expect([name, [...columns, ...Object.keys(columnsThatStay[name] ?? {})].sort()]).toEqual([name, all.sort()])
  }
})

test('pages join without a gap', async () => {
  const { as, accountId } = kit.shop
  await kit.owner.query(
    `INSERT INTO team (account_id, id, name) SELECT $1, gen_random_uuid(), 'team ' || n FROM generate_series(1, 1203) n`,
    [accountId],
  )
  await kit.owner.query(
    `INSERT INTO team_member (account_id, team_id, membership_id) SELECT account_id, id, $2 FROM team WHERE account_id = $1`,
    [accountId, kit.shop.members.agent],
  )
  const lines = await linesOf()
  const teams = lines.filter(({ what }) => what === 'team')
  expect([teams.length, new Set(teams.map(({ row }) => row.id)).size]).toEqual([1203, 1203])
  expect(lines.filter(({ what }) => what === 'team_member').length).toBe(1203)
  expect(as.owner.accountId).toBe(accountId)
})
