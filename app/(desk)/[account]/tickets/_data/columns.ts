/** The columns of the table, and which of them a person wants to see in which order. */
'use client'

import { useCallback, useMemo } from 'react'
import { usePreferences } from '@/app/_ui/preferences'
import type { TicketSort } from '@/lib/features/tickets/rules'

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
/** What a ticket says is the widest of its columns on a common screen; mood and the rest are one press away. */
const hiddenAtFirst: readonly ColumnId[] = ['labels', 'sentiment', 'created']
const atFirst: readonly ColumnId[] = columnIds.filter((id) => !hiddenAtFirst.includes(id))
export const sortOf: Partial<Record<ColumnId, TicketSort>> = {
  number: 'number',
  priority: 'priority',
  waiting: 'waiting',
  created: 'created',
  activity: 'activity',
}

/** Which columns are shown, in which order, and the ways to change it; the choice follows the person. */
export function useColumns() {
  const { columns, change } = usePreferences()
  const shown = useMemo<readonly ColumnId[]>(() => {
    // A name may come from a desk of another version.
    const chosen = columns?.filter((id): id is ColumnId => id in columnWidths) ?? atFirst
    return [...new Set([...fixedColumns, ...chosen])]
  }, [columns])
  const free = useMemo(() => shown.filter((id) => !fixedColumns.includes(id)), [shown])
  const toggle = useCallback(
    (id: ColumnId) => {
      if (free.includes(id)) return change({ columns: free.filter((one) => one !== id) })
      // Back where it usually stands: before the first shown column that usually follows it.
      const next = free.findIndex((one) => columnIds.indexOf(one) > columnIds.indexOf(id))
      change({ columns: free.toSpliced(next < 0 ? free.length : next, 0, id) })
    },
    [free, change],
  )
  const move = useCallback(
    (id: ColumnId, step: -1 | 1) => {
      const at = free.indexOf(id)
      const to = at + step
      if (at < 0 || to < 0 || to >= free.length) return
      change({ columns: free.toSpliced(at, 1).toSpliced(to, 0, id) })
    },
    [free, change],
  )
  const reset = useCallback(() => change({ columns: null }), [change])
  return { shown, free, toggle, move, reset, usual: columns === null }
}
