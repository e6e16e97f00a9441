/** The table itself: a real table whose rows exist only while they are near the window. */
'use client'

import { rowSelectionFeature, tableFeatures, useTable } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { type MouseEvent, type ReactNode, useEffect, useRef } from 'react'
import { useAccount } from '@/app/_ui/account'
import { cn } from '@/app/_ui/cn'
import { Checkbox } from '@/app/_ui/input'
import { useCommand } from '@/app/_ui/keyboard'
import { usePreferences } from '@/app/_ui/preferences'
import { Th } from '@/app/_ui/table'
import { mostAtOnce, usualDirection } from '@/lib/features/tickets/rules'
import type { Ticket } from '@/lib/flows/list-tickets'
import { type ColumnId, columnWidths, sortOf } from '../_data/columns'
import type { View } from '../_data/view'
import { Cell } from './cells'

export type Selection = Record<string, true>
export interface RowsProps {
  rows: readonly Ticket[]
  view: View
  changeView: (next: Partial<View>) => void
  selection: Selection
  setSelection: (next: Selection) => void
  canSelect: boolean
  /** Called when the last rows come near. */
  onEnd: () => void
  /** Stands below the last row. */
  end: ReactNode
  busy: boolean
}

const features = tableFeatures({ rowSelectionFeature })
/** Row heights by density, px (see `--spacing-row`). */
export const heights = { compact: 32, normal: 36, comfortable: 48 }
const tickColumn = 40

export function TicketTable({ shown, ...props }: RowsProps & { shown: readonly ColumnId[] }) {
  const { rows, view, changeView, selection, setSelection, canSelect, onEnd, end, busy } = props
  const t = useTranslations('tickets')
  const { density } = usePreferences()
  const frame = useRef<HTMLElement>(null)
  const table = useTable({
    features,
    // The library keeps the selection; columns are drawn by their names below.
    columns: [],
    data: rows as Ticket[],
    getRowId: (ticket) => ticket.id,
    state: { rowSelection: selection },
    onRowSelectionChange: (next) => setSelection(bounded(typeof next === 'function' ? next(selection) : next)),
  })
  const model = table.getRowModel().rows
  const virtual = useVirtualizer({
    count: model.length,
    getScrollElement: () => frame.current,
    estimateSize: () => heights[density],
    getItemKey: (index) => model[index]?.id ?? index,
    overscan: 16,
    scrollPaddingStart: 32,
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: another density is another height
  useEffect(() => virtual.measure(), [density, virtual])
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= model.length - 20) onEnd()
  }, [last, model.length, onEnd])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view begins at its top
  useEffect(() => void frame.current?.scrollTo({ top: 0 }), [view])
  useRowKeys(
    frame,
    rows,
    (index) => virtual.scrollToIndex(index),
    (index) => canSelect && model[index]?.toggleSelected(),
  )

  const width = (canSelect ? tickColumn : 0) + shown.reduce((sum, id) => sum + columnWidths[id], 0)
  const before = items[0]?.start ?? 0
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  const wide = shown.length + (canSelect ? 1 : 0)
  return (
    // A scrolling region must be reachable by keyboard, so it has a name and takes the focus.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section ref={frame} aria-label={t('table')} tabIndex={0} className="relative min-h-0 flex-1 overflow-auto">
      <table
        className={cn('table w-full table-fixed', busy && 'opacity-60 transition-opacity delay-150')}
        aria-rowcount={model.length + 1}
        aria-busy={busy}
        style={{ minWidth: width }}
      >
        <colgroup>
          {canSelect ? <col style={{ width: tickColumn }} /> : null}
          {shown.map((id) => (
            <col key={id} style={id === 'title' ? undefined : { width: columnWidths[id] }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {canSelect ? (
              <th scope="col" className="pe-0!">
                <Checkbox
                  className="block"
                  aria-label={t('select.all')}
                  checked={model.length > 0 && table.getIsAllRowsSelected()}
                  indeterminate={table.getIsSomeRowsSelected()}
                  onChange={(event) => setSelection(event.target.checked ? firstOf(rows) : {})}
                />
              </th>
            ) : null}
            {shown.map((id) => (
              <Head key={id} id={id} view={view} changeView={changeView} />
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 ? <Gap height={before} columns={wide} /> : null}
          {items.map((item) => {
            const row = model[item.index]
            if (!row) return null
            return (
              <TicketRow
                key={row.id}
                ticket={row.original}
                index={item.index}
                columns={shown}
                selected={row.getIsSelected()}
              >
                {canSelect ? (
                  <td className="pe-0!">
                    <Checkbox
                      className="block"
                      aria-label={t('select.row', { number: row.original.displayId })}
                      checked={row.getIsSelected()}
                      onChange={() => {}}
                      onClick={row.getToggleSelectedHandler()}
                    />
                  </td>
                ) : null}
              </TicketRow>
            )
          })}
          {after > 0 ? <Gap height={after} columns={wide} /> : null}
        </tbody>
      </table>
      {end}
    </section>
  )
}

/** Rows that are out of sight, as one empty row of their height. */
const Gap = ({ height, columns }: { height: number; columns: number }) => (
  <tr aria-hidden className="hover:bg-transparent!">
    <td colSpan={columns} className="border-0! p-0!" style={{ height }} />
  </tr>
)

function Head({ id, view, changeView }: { id: ColumnId; view: View; changeView: RowsProps['changeView'] }) {
  const t = useTranslations('tickets.column')
  const sort = sortOf[id]
  if (!sort) return <Th>{t(id)}</Th>
  const here = view.sort === sort
  const turn = () => {
    const direction = here ? (view.direction === 'asc' ? 'desc' : 'asc') : usualDirection(sort)
    changeView({ sort, direction })
  }
  return (
    <Th sort={here ? (view.direction === 'asc' ? 'ascending' : 'descending') : null} onSort={turn}>
      {t(id)}
    </Th>
  )
}

function TicketRow({
  ticket,
  index,
  columns: shown,
  selected,
  children,
}: {
  ticket: Ticket
  index: number
  columns: readonly ColumnId[]
  selected: boolean
  children: React.ReactNode
}) {
  const router = useRouter()
  const account = useAccount()
  /** Anywhere on the row opens it; the link in it is for the keyboard, for new tabs and for screen readers. */
  const open = (event: MouseEvent) => {
    if (event.target instanceof Element && event.target.closest('a, button, input, td:first-child:has(input)')) return
    if (window.getSelection()?.toString()) return
    router.push(`/${account}/inbox/${ticket.displayId}`)
  }
  return (
    <tr
      data-index={index}
      aria-rowindex={index + 2}
      aria-selected={selected}
      onClick={open}
      className={cn(
        'h-row cursor-default not-aria-selected:focus-within:bg-hover',
        ticket.status === 'resolved' && 'text-ink-2',
      )}
    >
      {children}
      {shown.map((id) => (
        <td key={id} className="overflow-hidden whitespace-nowrap">
          <Cell column={id} ticket={ticket} />
        </td>
      ))}
    </tr>
  )
}

/** The first rows, as many as one action may change. */
export const firstOf = (rows: readonly Ticket[]): Selection =>
  Object.fromEntries(rows.slice(0, mostAtOnce).map((row) => [row.id, true as const]))

const bounded = (selection: Selection): Selection => Object.fromEntries(Object.entries(selection).slice(0, mostAtOnce))

/** j and k move the focus from title to title; x selects the row that has it. */
export function useRowKeys(
  frame: React.RefObject<HTMLElement | null>,
  rows: readonly Ticket[],
  scrollTo: (index: number) => void,
  toggle: (index: number) => void,
): void {
  /** Where the focus is going while its row is not drawn yet: the next key may come before that. */
  const aim = useRef<number | null>(null)
  const at = () =>
    aim.current ?? Number(document.activeElement?.closest<HTMLElement>('[data-index]')?.dataset.index ?? -1)
  const focus = (index: number): boolean => {
    const title = frame.current?.querySelector<HTMLElement>(`[data-index="${index}"] a`)
    title?.focus({ preventScroll: true })
    return Boolean(title)
  }
  const go = (index: number) => {
    if (index < 0 || index >= rows.length) return
    scrollTo(index)
    aim.current = null
    if (focus(index)) return
    aim.current = index
    requestAnimationFrame(() => {
      if (aim.current !== index) return
      aim.current = null
      focus(index)
    })
  }
  useCommand('next', () => go(at() + 1))
  useCommand('previous', () => go(Math.max(0, at() - 1)))
  useCommand('select', () => at() >= 0 && toggle(at()))
}
