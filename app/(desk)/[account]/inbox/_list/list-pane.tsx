/** The list: tabs with counts, search, filters, rows. */
'use client'

import { useTranslations } from 'next-intl'
import { ErrorState } from '@/app/_ui/states'
import type { useList } from '../_data/list'
import { formatView, type View } from '../_data/view'
import { ListEmpty } from './list-empty'
import { ListRows } from './list-rows'
import { ListSkeleton } from './list-skeleton'
import { ListTabs } from './list-tabs'
import { ListToolbar } from './list-toolbar'

export interface ListProps {
  list: ReturnType<typeof useList>
  view: View
  changeView: (next: Partial<View>) => void
  /** Number of the open conversation. */
  open: string | null
}

export function ListPane({ list, view, changeView, open }: ListProps) {
  const t = useTranslations('inbox')
  return (
    <div className="flex h-full flex-col">
      <h1 className="sr-only">{t('title')}</h1>
      <ListTabs view={view} counts={list.counts} changeView={changeView} />
      <ListToolbar view={view} changeView={changeView} />
      <Body list={list} view={view} open={open} changeView={changeView} />
    </div>
  )
}

function Body({ list, view, open, changeView }: ListProps) {
  // Another view begins at its top: when it is asked for, and when its own rows take the place of the former ones.
  if (list.rows.length)
    return <ListRows key={`${formatView(view)} ${list.isPlaceholderData}`} list={list} open={open} />
  if (list.error) return <ErrorState error={list.error} retry={() => void list.refetch()} />
  if (list.isPending) return <ListSkeleton />
  return <ListEmpty view={view} changeView={changeView} />
}
