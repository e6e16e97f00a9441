/** Puts what the server said about some rows or messages into what is on the page already. Pure. */
import type { ConversationRow } from '@/lib/features/conversations/row'
import type { DeskMessage } from '@/lib/features/conversations/transcript'

export interface ListPage {
  rows: ConversationRow[]
  next: string | null
}

/** By value: the cache gives equal objects, not the same ones. */
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Takes a refused change back where it still shows; what the news have said meanwhile stays. */
export function withoutChange<T extends object>(now: T, before: T, changed: T): T {
  const back = { ...now }
  for (const name of Object.keys(changed) as (keyof T)[])
    if (!same(changed[name], before[name]) && same(now[name], changed[name])) back[name] = before[name]
  return back
}

/** Newest activity first; the id decides between equals, as in the database. */
export const byActivity = (a: ConversationRow, b: ConversationRow): number =>
  a.lastActivityAt === b.lastActivityAt ? (a.id < b.id ? 1 : -1) : a.lastActivityAt < b.lastActivityAt ? 1 : -1

/**
 * Replaces the asked rows by those that still belong. All rows move to the first page (later ones stay empty), and what
 * lies beyond the last loaded row waits for its page.
 */
export function mergeRows<P extends ListPage>(
  pages: readonly P[],
  asked: ReadonlySet<string>,
  belong: readonly ConversationRow[],
): P[] {
  const old = pages.flatMap((page) => page.rows)
  const last = old.at(-1)
  const open = pages.at(-1)?.next != null
  const kept = old.filter((row) => !asked.has(row.id))
  const added = belong.filter((row) => !open || !last || byActivity(row, last) <= 0)
  const rows = [...kept, ...added].sort(byActivity)
  return pages.map((page, i) => ({ ...page, rows: i === 0 ? rows : [] }))
}

/** One entry per message, in sequence order; the later answer wins. */
export function mergeMessages(
  old: readonly DeskMessage[],
  fresh: readonly DeskMessage[],
  removed?: string,
): DeskMessage[] {
  const byId = new Map(old.map((message) => [message.id, message]))
  for (const message of fresh) byId.set(message.id, message)
  if (removed) byId.delete(removed)
  return [...byId.values()].sort((a, b) => a.sequence - b.sequence)
}

/** True when a freshly read newest page continues what is there; otherwise there would be a hole. */
export const continues = (old: readonly DeskMessage[], page: readonly DeskMessage[], more: boolean): boolean => {
  const last = old.at(-1)
  return !more || !last || (page[0]?.sequence ?? 0) <= last.sequence
}
