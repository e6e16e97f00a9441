/** Tickets: conversations as numbered work, to be filtered, sorted and changed many at once. */
'use client'

import Ticket from 'lucide-react/icons/ticket'
import { useTranslations } from 'next-intl'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { useAccount } from '@/app/_ui/account'
import { Button, ButtonLink } from '@/app/_ui/button'
import { useCommand } from '@/app/_ui/keyboard'
import { useNextPage } from '@/app/_ui/next-page'
import { EmptyState, ErrorState, SkeletonRows } from '@/app/_ui/states'
import { undoLatest } from '@/app/_ui/toast'
import { useNarrow } from '@/app/_ui/use-media'
import { useCanWork } from '@/app/(desk)/[account]/inbox/_data/people'
import { useColumns } from './_data/columns'
import { useTickets } from './_data/list'
import { addressOf, isFiltered, useView, type View } from './_data/view'
import { BulkBar } from './_parts/bulk-bar'
import { TicketCards } from './_parts/ticket-cards'
import { type RowsProps, type Selection, TicketTable } from './_parts/ticket-table'
import { Toolbar } from './_parts/toolbar'

const empty: Selection = {}

export function TicketsPage() {
  const [view, changeView] = useView()
  const list = useTickets(view)
  const columns = useColumns()
  const narrow = useNarrow()
  const canSelect = useCanWork()
  const [selection, setSelection] = useState<Selection>(empty)
  useCommand('undo', () => void undoLatest())
  const clear = useCallback(() => setSelection(empty), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was selected in another view is out of sight
  useEffect(clear, [view, clear])
  useEscape(clear, Object.keys(selection).length > 0)
  const { near, end } = useNextPage(list, addressOf(view))
  const statuses = useMemo(
    () => new Set(list.rows.flatMap((row) => (selection[row.id] ? row.status : []))),
    [list.rows, selection],
  )

  const shared: RowsProps = {
    rows: list.rows,
    view,
    changeView,
    selection,
    setSelection,
    canSelect,
    onEnd: near,
    end,
    busy: list.isPlaceholderData,
  }
  return (
    <div className="relative flex h-full min-h-0 flex-col">
      <Toolbar view={view} changeView={changeView} columns={columns} total={list.total} />
      <NewsLine fresh={list.fresh} />
      {list.error && !list.rows.length ? (
        <ErrorState error={list.error} retry={() => list.refetch()} />
      ) : list.isPending ? (
        <SkeletonRows rows={14} className="pt-8" />
      ) : list.rows.length === 0 ? (
        <Nothing view={view} changeView={changeView} />
      ) : narrow ? (
        <TicketCards {...shared} />
      ) : (
        <TicketTable {...shared} shown={columns.shown} />
      )}
      {Object.keys(selection).length > 0 ? <BulkBar selection={selection} clear={clear} statuses={statuses} /> : null}
    </div>
  )
}

/** New tickets wait behind a press: nothing moves under the eye that reads. */
function NewsLine({ fresh }: { fresh: { count: number; show: () => Promise<void> } }) {
  const t = useTranslations('tickets')
  return (
    <div role="status" className="relative z-10 h-0">
      {fresh.count > 0 ? (
        <Button
          size="small"
          className="absolute start-1/2 top-10 -translate-x-1/2 rounded-full! text-accent-ink! shadow-float"
          onClick={() => void fresh.show()}
        >
          {t('news', { count: fresh.count })}
        </Button>
      ) : null}
    </div>
  )
}

function Nothing({ view, changeView }: { view: View; changeView: (next: Partial<View>) => void }) {
  const t = useTranslations('tickets')
  const account = useAccount()
  if (isFiltered(view)) {
    return (
      <EmptyState
        icon={<Ticket />}
        title={t('nothing.title')}
        action={<Button onClick={() => changeView({ filters: {}, q: '' })}>{t('filter.clear')}</Button>}
      >
        {t('nothing.detail')}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<Ticket />}
      title={t('empty.title')}
      action={
        <>
          <ButtonLink href={`/${account}/settings/inbox`} look="primary">
            {t('empty.setup')}
          </ButtonLink>
          <Button onClick={() => changeView({ filters: { status: ['resolved'] } })}>{t('empty.action')}</Button>
        </>
      }
    >
      {t('empty.detail')}
    </EmptyState>
  )
}

/** Escape lets go of the selection, unless something that floats takes it. */
function useEscape(clear: () => void, on: boolean) {
  useEffect(() => {
    if (!on) return
    const listen = (event: KeyboardEvent) => {
      const inside =
        event.target instanceof Element &&
        event.target.closest('[role=dialog], [role=menu], [role=listbox], input[type=search]')
      if (event.key === 'Escape' && !event.defaultPrevented && !inside) clear()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [clear, on])
}
