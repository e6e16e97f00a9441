/** A conversation as lists show it, and how a stored row is opened into one. */
import type { AccountVault } from '@/lib/platform/crypto/vault'
import type { Priority, Status } from './activity'
import { about } from './sealed'

/** As the database function `desk_rows` returns it. */
export interface StoredRow {
  id: string
  display_id: number
  inbox_id: string
  contact_id: string
  contact_key: Uint8Array
  contact_name: Uint8Array | null
  contact_locale: string
  status: Status
  priority: Priority
  assignee_id: string | null
  team_id: string | null
  label_ids: string[]
  last_sequence: string
  read_sequence: string
  message_count: number
  waiting_since: Date | null
  first_reply_at: Date | null
  snoozed_until: Date | null
  resolved_at: Date | null
  last_activity_at: Date
  created_at: Date
  superseded_by: string | null
  intent: string | null
  intent_probability: number | null
  sentiment: string | null
  sentiment_probability: number | null
  language: string | null
  urgency: string | null
  route: unknown
  needs_person: boolean
  preview: Uint8Array | null
  preview_kind: string
}

export interface ConversationRow {
  id: string
  displayId: number
  inboxId: string
  contact: { id: string; name: string | null; locale: string }
  /** Start of the newest message; null when it cannot be opened. */
  preview: string | null
  /** incoming, outgoing, note */
  previewKind: string
  status: Status
  priority: Priority
  assigneeId: string | null
  teamId: string | null
  labelIds: string[]
  intent: string | null
  /** Calibrated, 0..1; null where a person corrected the label. */
  intentProbability: number | null
  sentiment: 'negative' | 'neutral' | 'positive' | null
  sentimentProbability: number | null
  urgency: 'low' | 'normal' | 'high' | null
  language: string | null
  waitingSince: string | null
  firstReplyAt: string | null
  snoozedUntil: string | null
  resolvedAt: string | null
  lastActivityAt: string
  createdAt: string
  messageCount: number
  lastSequence: number
  unread: boolean
  /** True when the model was not sure and a person must decide. */
  needsPerson: boolean
  /** The routing decision (see features/routing), or null. */
  route: unknown
  /** A newer conversation of the same visitor goes on instead of this one. */
  superseded: boolean
}

/** Opens a sealed value; one that cannot be opened (a damaged row) must not take the whole list with it. */
export function openOr<T>(otherwise: T, open: () => string): string | T {
  try {
    return open()
  } catch {
    return otherwise
  }
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null

export function openRow(row: StoredRow, vault: AccountVault): ConversationRow {
  const box = vault.contact(row.contact_id, row.contact_key)
  const { contact_name: name, preview } = row
  return {
    id: row.id,
    displayId: row.display_id,
    inboxId: row.inbox_id,
    contact: {
      id: row.contact_id,
      name: name ? openOr(null, () => box.open(name, `${row.contact_id} name`)) : null,
      locale: row.contact_locale,
    },
    preview: preview ? openOr(null, () => box.open(preview, about.preview(row.contact_id))) : null,
    previewKind: row.preview_kind,
    status: row.status,
    priority: row.priority,
    assigneeId: row.assignee_id,
    teamId: row.team_id,
    labelIds: row.label_ids,
    intent: row.intent,
    intentProbability: row.intent_probability,
    sentiment: row.sentiment as ConversationRow['sentiment'],
    sentimentProbability: row.sentiment_probability,
    urgency: row.urgency as ConversationRow['urgency'],
    language: row.language,
    waitingSince: iso(row.waiting_since),
    firstReplyAt: iso(row.first_reply_at),
    snoozedUntil: iso(row.snoozed_until),
    resolvedAt: iso(row.resolved_at),
    lastActivityAt: row.last_activity_at.toISOString(),
    createdAt: row.created_at.toISOString(),
    messageCount: row.message_count,
    lastSequence: Number(row.last_sequence),
    unread: BigInt(row.last_sequence) > BigInt(row.read_sequence),
    needsPerson: row.needs_person,
    route: row.route ?? null,
    superseded: row.superseded_by !== null,
  }
}
