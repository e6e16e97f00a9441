/** Rows of an account as they leave it and come into another: table by table, by key, without keys, hashes and secrets. */
import type { Ctx } from '@/lib/platform/context'
import { Prisma } from '@/lib/platform/db/generated/client'
import type { Tx } from '@/lib/platform/db/in-account'

export interface PortableTable {
  name: string
  /** Orders the rows. */
  key: readonly string[]
  /** Columns of the database that leave; sealed ones are opened by the caller. */
  columns: readonly string[]
  /** What a row in the file consists of. */
  fields: readonly string[]
  /** Whose key seals its values: the row's own, that of the contact it names, or of the contact of the conversation it names. */
  sealedFor?: 'itself' | 'contact' | 'conversation'
  /** Why its rows are told in the file and not taken over from it. */
  notBrought?: string
}

type Special = Partial<Pick<PortableTable, 'sealedFor' | 'notBrought'>> & {
  key?: string
  /** Columns that are called otherwise in the file. */
  opened?: Record<string, string>
}

function table(name: string, words: string, { key = 'id', opened = {}, ...rest }: Special = {}): PortableTable {
  const columns = words.split(' ')
  const fields = columns.flatMap((column) => (opened[column] ?? column).split(' '))
  return { name, key: key.split(' '), columns, fields, ...rest }
}

/** In an order in which each row names only rows before it. A table that is added here is imported, too. */
export const portableTables: readonly PortableTable[] = [
  table('membership', 'id user_id role availability disabled_at created_at preferences'),
  table('invitation', 'id email role invited_by created_at expires_at accepted_at revoked_at'),
  table('team', 'id name created_at'),
  table('team_member', 'team_id membership_id', { key: 'team_id membership_id' }),
  table('label', 'id name colour created_at'),
  table('inbox', 'id name site_key allowed_origins accent texts reopen_days disclosure created_at archived_at'),
  table('routing_rule', 'id position name enabled when team_id priority assign created_at'),
  table('intent', 'id key name description threshold archived_at merged_into created_at'),
  table('privacy_choice', 'keep_months learn_from updated_at', { key: 'account_id' }),
  table('training_rule', 'after_corrections weekly', { key: 'account_id' }),
  table('contact', 'id name email phone external_id locale training_consent former_ids created_at last_seen_at', {
    sealedFor: 'itself',
  }),
  table('contact_session', 'id contact_id inbox_id locale page created_at last_seen_at revoked_at', {
    sealedFor: 'contact',
  }),
  table(
    'conversation',
    'id display_id inbox_id contact_id status priority assignee_id team_id last_sequence read_sequence message_count waiting_since first_reply_at snoozed_until resolved_at last_activity_at created_at superseded_by intent intent_probability sentiment sentiment_probability language urgency route needs_person preview preview_kind',
    { sealedFor: 'contact' },
  ),
  table('conversation_label', 'conversation_id label_id', { key: 'conversation_id label_id' }),
  // Before messages, which are found by the names of their files.
  table('attachment', 'id contact_id author_id message_id kind name key size width height created_at', {
    sealedFor: 'contact',
    opened: { key: 'sha256 content' },
  }),
  table(
    'message',
    'id conversation_id sequence kind private contact_id author_id client_id body activity label_state created_at',
    { sealedFor: 'conversation', opened: { body: 'text' } },
  ),
  table(
    'prediction',
    'message_id model_version intent intent_probability in_scope sentiment sentiment_probability sentiment_score language language_probability urgency urgency_probability latency_ms created_at',
    { key: 'message_id' },
  ),
  table('correction', 'id message_id field was now author_id created_at undone_at'),
  table('review_flag', 'message_id reason author_id created_at', { key: 'message_id' }),
  table('review_discard', 'message_id author_id created_at', { key: 'message_id' }),
  table('example', 'id intent text source conversation split author_id created_at'),
  table('label_keep', 'id message_id example_id intent author_id created_at'),
  table('dataset', 'id hash counts created_at'),
  table('dataset_row', 'dataset_id place intent split source message_id example_id erased_at', {
    key: 'dataset_id place',
  }),
  table(
    'training_run',
    'id dataset_id state seed epsilon code recipe phase progress steps seconds cpu_seconds error report author_id created_at started_at ended_at',
  ),
  table('model_version', 'id number run_id bundle bytes labels created_at'),
  table('deployment', 'id version_id because author_id created_at'),
  table('training_consent', 'id given_by given_at withdrawn_by withdrawn_at', {
    notBrought: 'given to whoever runs the other installation',
  }),
  table('training_order', 'run_id consent_id created_at decision decided_by decided_at', {
    key: 'run_id',
    notBrought: 'between the account and whoever runs the other installation',
  }),
  table('subscription', 'provider plan interval currency state seats period_start period_end add_ons', {
    key: 'account_id',
    notBrought: 'paid for elsewhere; a plan is bought where the account is',
  }),
  table('spend_limit', 'cap currency alert updated_at', { key: 'account_id', notBrought: 'belongs to the plan' }),
]

export type PortableRow = Record<string, unknown>

export interface ReadRow {
  row: PortableRow
  /** The row's key, to go on from. */
  at: string[]
  /** Whose key seals it. */
  contactId: string | null
  contactKey: Uint8Array | null
}

// Names of this file only; none comes from outside.
const raw = Prisma.raw
const named = (columns: readonly string[]): Prisma.Sql => raw(columns.map((column) => `"${column}"`).join(', '))
/** All keys are ids, but for the place in a dataset. */
const typeOf = (column: string) => (column === 'place' ? 'int' : 'uuid')

const contacts: Record<NonNullable<PortableTable['sealedFor']>, string> = {
  itself: 'p.id',
  contact: 'p.contact_id',
  conversation:
    '(SELECT c.contact_id FROM conversation c WHERE c.account_id = p.account_id AND c.id = p.conversation_id)',
}

/** Rows behind one, in the order of their keys. @param after the key of the last row before */
export async function portableRows(
  tx: Tx,
  ctx: Ctx,
  { name, key, columns, sealedFor }: PortableTable,
  after: readonly string[] | null,
  take: number,
): Promise<ReadRow[]> {
  const place = after?.map((part, i) => Prisma.sql`${part}::${raw(typeOf(key[i] as string))}`)
  const behind = place ? Prisma.sql`AND (${named(key)}) > (${Prisma.join(place)})` : Prisma.empty
  return tx.$queryRaw<ReadRow[]>`
    SELECT (SELECT to_jsonb(c) FROM (SELECT ${raw(columns.map((column) => `p."${column}"`).join(', '))}) c) AS row,
      ARRAY[${raw(key.map((column) => `p."${column}"::text`).join(', '))}] AS at,
      ${sealedFor ? raw('k.id AS "contactId", k.key AS "contactKey"') : raw('NULL AS "contactId", NULL AS "contactKey"')}
    FROM (SELECT * FROM ${raw(`"${name}"`)} t WHERE t.account_id = ${ctx.accountId}::uuid ${behind} ORDER BY ${named(key)} LIMIT ${take}) p
    ${sealedFor ? raw(`LEFT JOIN contact k ON k.account_id = p.account_id AND k.id = ${contacts[sealedFor]}`) : Prisma.empty}
    ORDER BY ${raw(key.map((column) => `p."${column}"`).join(', '))}`
}

/** Names and addresses of everyone who is or was a member. */
export const portablePeople = (tx: Tx): Promise<{ id: string; name: string; email: string; locale: string }[]> =>
  tx.user.findMany({ orderBy: { id: 'asc' }, select: { id: true, name: true, email: true, locale: true } })

/** The account's own row, but for its key. */
export const portableAccount = (tx: Tx, ctx: Ctx) =>
  tx.account.findUniqueOrThrow({
    where: { id: ctx.accountId },
    select: { id: true, slug: true, name: true, locale: true, timeZone: true, lastDisplayId: true, createdAt: true },
  })
