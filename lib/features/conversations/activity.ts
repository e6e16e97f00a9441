/** The lines a transcript shows between messages: what was done to the conversation, and what undoing it restores. */

export const statuses = ['open', 'pending', 'snoozed', 'resolved'] as const
export type Status = (typeof statuses)[number]
export const priorities = ['low', 'normal', 'high', 'urgent'] as const
export type Priority = (typeof priorities)[number]

export interface Named {
  id: string
  name: string
}

/** What people read. Names are those of that moment: a team that was renamed later keeps its old name here. */
export type ActivityLine =
  | { type: 'assigned'; from: Named | null; to: Named | null }
  | { type: 'team'; from: Named | null; to: Named | null }
  | { type: 'priority'; from: Priority; to: Priority }
  | { type: 'status'; from: Status; to: Status }
  | { type: 'snoozed'; from: Status; until: string }
  /** A snooze ended by itself. */
  | { type: 'awake' }
  /** The website vouched for who the visitor is. */
  | { type: 'identified' }
  /** What was open here goes on in another conversation of the contact. */
  | { type: 'continued'; number: number }
  | { type: 'labels'; added: Named[]; removed: Named[] }

/** The part of a conversation that actions move; dates as ISO 8601. */
export interface ConversationState {
  status: Status
  priority: Priority
  assigneeId: string | null
  teamId: string | null
  snoozedUntil: string | null
  resolvedAt: string | null
  waitingSince: string | null
  needsPerson: boolean
}

/** As stored: the line, what the columns held before, and what they were set to. */
export type StoredActivity = ActivityLine & { was?: Partial<ConversationState>; set?: Partial<ConversationState> }

/** The line without what only undo needs; null for a form that is not known. */
export function lineOf(stored: unknown): ActivityLine | null {
  if (!stored || typeof stored !== 'object' || typeof (stored as StoredActivity).type !== 'string') return null
  const { was: _was, set: _set, ...line } = stored as StoredActivity
  return line as ActivityLine
}
