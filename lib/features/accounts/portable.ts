/** Rows of an account as they leave it: table by table, by key, with what stays out (keys, hashes, secrets) left out. */
import type { Ctx } from '@/lib/platform/context'
import { Prisma } from '@/lib/platform/db/generated/client'
import type { Tx } from '@/lib/platform/db/in-account'

export interface PortableTable {
  name: string
  /** Of UUIDs; orders the rows. */
  key: readonly string[]
  /** Columns that leave; sealed ones are opened by the caller. */
  columns: readonly string[]
}

const table = (name: string, columns: string, key = 'id'): PortableTable => ({
  name,
  key: key.split(' '),
  columns: columns.split(' '),
})

/** In an order in which each row names only rows before it. */
export const portableTables: readonly PortableTable[] = [
  table('membership', 'id user_id role availability disabled_at created_at preferences'),
  table('invitation', 'id email role invited_by created_at expires_at accepted_at revoked_at'),
  table('team', 'id name created_at'),
  table('team_member', 'team_id membership_id', 'team_id membership_id'),
  table('label', 'id name colour created_at'),
  table('inbox', 'id name site_key allowed_origins accent texts reopen_days disclosure created_at archived_at'),
  table('routing_rule', 'id position name enabled when team_id priority assign created_at'),
  table('intent', 'id key name description threshold archived_at merged_into created_at'),
  table('privacy_choice', 'keep_months learn_from updated_at', 'account_id'),
  table('training_rule', 'after_corrections weekly', 'account_id'),
  table('contact', 'id key name email phone external_id locale training_consent created_at last_seen_at'),
  table('contact_session', 'id contact_id inbox_id locale page created_at last_seen_at revoked_at'),
  table(
    'conversation',
    'id display_id inbox_id contact_id status priority assignee_id team_id last_sequence read_sequence waiting_since first_reply_at snoozed_until resolved_at last_activity_at created_at superseded_by intent intent_probability sentiment sentiment_probability language urgency route needs_person',
  ),
  table('conversation_label', 'conversation_id label_id', 'conversation_id label_id'),
  table(
    'message',
    'id conversation_id sequence kind private contact_id author_id client_id body activity label_state created_at',
  ),
  table('attachment', 'id contact_id author_id message_id kind name key size width height created_at'),
  table(
    'prediction',
    'message_id model_version intent intent_probability in_scope sentiment sentiment_probability sentiment_score language language_probability urgency urgency_probability latency_ms created_at',
    'message_id',
  ),
  table('correction', 'id message_id field was now author_id created_at undone_at'),
  table('review_flag', 'message_id reason author_id created_at', 'message_id'),
  table('review_discard', 'message_id author_id created_at', 'message_id'),
  table('example', 'id intent text source author_id created_at'),
  table('label_keep', 'id message_id example_id intent author_id created_at'),
  table('dataset', 'id hash counts created_at'),
  table(
    'training_run',
    'id dataset_id state seed epsilon seconds cpu_seconds error report author_id created_at started_at ended_at',
  ),
  table('model_version', 'id number run_id bundle bytes labels created_at'),
  table('deployment', 'id version_id because author_id created_at'),
  table('training_consent', 'id given_by given_at withdrawn_by withdrawn_at'),
  table('training_order', 'run_id consent_id created_at decision decided_by decided_at', 'run_id'),
  table('subscription', 'provider plan interval currency state seats period_start period_end add_ons', 'account_id'),
  table('spend_limit', 'cap alert updated_at', 'account_id'),
]

export type PortableRow = Record<string, unknown>

const named = (columns: readonly string[]): Prisma.Sql =>
  // Names of this file only; none comes from outside.
  Prisma.raw(columns.map((column) => `"${column}"`).join(', '))

/** Rows behind one, in the order of their keys. @param after the key of the last row before */
export async function portableRows(
  tx: Tx,
  ctx: Ctx,
  { name, key, columns }: PortableTable,
  after: readonly string[] | null,
  take: number,
): Promise<{ row: PortableRow; at: string[] }[]> {
  const behind = after
    ? Prisma.sql`AND (${named(key)}) > (${Prisma.join(after.map((part) => Prisma.sql`${part}::uuid`))})`
    : Prisma.empty
  return tx.$queryRaw<{ row: PortableRow; at: string[] }[]>`
    SELECT (SELECT to_jsonb(c) FROM (SELECT ${Prisma.raw(columns.map((column) => `t."${column}"`).join(', '))}) c) AS row,
      ARRAY[${Prisma.raw(key.map((column) => `t."${column}"::text`).join(', '))}] AS at
    FROM ${Prisma.raw(`"${name}"`)} t WHERE t.account_id = ${ctx.accountId}::uuid ${behind} ORDER BY ${named(key)} LIMIT ${take}`
}

/** Names and addresses of everyone who is or was a member. */
export const portablePeople = (tx: Tx): Promise<{ id: string; name: string; email: string; locale: string }[]> =>
  tx.user.findMany({ orderBy: { id: 'asc' }, select: { id: true, name: true, email: true, locale: true } })
