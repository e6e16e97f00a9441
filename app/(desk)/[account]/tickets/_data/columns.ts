/** The columns of the table and which of them a person wants to see, remembered in their browser. */
'use client'

import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { useMe } from '@/app/(desk)/_shell/session'
import type { TicketSort } from '@/lib/features/tickets/input'

/** Widths in px; the title takes what is left, but not less than its own. */
export const columnWidths = {
  number: 56,
  title: 196,
  contact: 112,
  status: 100,
  priority: 88,
  owner: 116,
  team: 88,
  labels: 140,
  intent: 116,
  sentiment: 104,
  waiting: 88,
  created: 112,
  activity: 112,
} as const
export type ColumnId = keyof typeof columnWidths
export const columnIds = Object.keys(columnWidths) as ColumnId[]
/** Always there: without them a row says nothing. */
export const fixedColumns: readonly ColumnId[] = ['number', 'title']
const hiddenAtFirst: readonly ColumnId[] = ['labels', 'created']
export const sortOf: Partial<Record<ColumnId, TicketSort>> = {
  number: 'number',
  priority: 'priority',
  waiting: 'waiting',
  created: 'created',
  activity: 'activity',
}

export type Visibility = Record<string, boolean>

const listeners = new Set<() => void>()
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
/** Private windows may refuse storage: the choice then lasts as long as the page. */
const unkept = new Map<string, string>()
function read(key: string): string | null {
  try {
    return localStorage.getItem(key) ?? unkept.get(key) ?? null
  } catch {
    return unkept.get(key) ?? null
  }
}
function keep(key: string, value: string | null): void {
  if (value === null) unkept.delete(key)
  else unkept.set(key, value)
  try {
    if (value === null) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // Kept in memory above.
  }
  for (const listener of listeners) listener()
}

/** Which columns are shown, and the way to change it; one choice per person, whichever account. */
export function useColumns() {
  const person = useMe().data?.user.id ?? ''
  const key = `lingxi.tickets.columns.${person}`
  const stored = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => null,
  )
  const hidden = useMemo(() => new Set(stored === null ? hiddenAtFirst : stored.split(',')), [stored])
  const visibility = useMemo<Visibility>(
    () => Object.fromEntries(columnIds.map((id) => [id, fixedColumns.includes(id) || !hidden.has(id)])),
    [hidden],
  )
  const toggle = useCallback(
    (id: ColumnId) => {
      const next = new Set(hidden)
      if (!next.delete(id)) next.add(id)
      keep(key, [...next].join(','))
    },
    [hidden, key],
  )
  const reset = useCallback(() => keep(key, null), [key])
  return { visibility, toggle, reset, usual: stored === null }
}
