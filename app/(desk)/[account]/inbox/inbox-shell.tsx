/** The three panes: the list, the conversation, and what is known of the contact. */
'use client'

import Inbox from 'lucide-react/icons/inbox'
import { useTranslations } from 'next-intl'
import { lazy, Suspense, useCallback, useState } from 'react'
import { Kbd } from '@/app/_ui/kbd'
import { useCommand } from '@/app/_ui/keyboard'
import { type Pane, SplitPanes } from '@/app/_ui/split-panes'
import { EmptyState } from '@/app/_ui/states'
import { undoLatest } from '@/app/_ui/toast'
import { whenNeeded } from '@/app/_ui/when-needed'
import { useList, useLiveList } from './_data/list'
import { unreadWords, useTitle } from './_data/use-title'
import { useOpen, useOpenNumber, useView } from './_data/view'
import { ListPane } from './_list/list-pane'

const load = whenNeeded(() => import('./_conversation/opened-pane'))
const OpenedPane = lazy(() => load().then((module) => ({ default: module.OpenedPane })))
const SideOf = lazy(() => load().then((module) => ({ default: module.SideOf })))
const approach = () => void load()

export function InboxShell() {
  const t = useTranslations('inbox')
  const number = useOpenNumber()
  const [view, changeView] = useView()
  const list = useList(view)
  useLiveList(view)
  useMoving(list.rows, number)
  useTitle('unread', unreadWords(list.rows, list.hasNextPage))
  useCommand('undo', () => void undoLatest())

  const panes: Pane[] = [
    {
      id: 'inbox-list',
      label: t('list'),
      width: { start: 340, min: 260, max: 520 },
      content: (
        // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done here but fetching code ahead of a press
        <div className="h-full" onPointerEnter={approach} onFocus={approach}>
          <ListPane list={list} view={view} changeView={changeView} open={number} />
        </div>
      ),
    },
    {
      id: 'inbox-conversation',
      label: t('conversation'),
      content: number ? (
        <Suspense>
          <OpenedPane key={number} number={number} />
        </Suspense>
      ) : (
        <NothingOpen />
      ),
    },
    {
      id: 'inbox-side',
      label: t('details'),
      width: { start: 280, min: 240, max: 420 },
      wideOnly: true,
      content: number ? (
        <Suspense>
          <SideOf number={number} />
        </Suspense>
      ) : null,
      className: 'bg-canvas',
    },
  ]
  return <SplitPanes panes={number ? panes : panes.slice(0, 2)} active={number ? 'inbox-conversation' : 'inbox-list'} />
}

/** j and k: to the next and the previous row; when the open row has left the list, from where it was. */
function useMoving(rows: readonly { displayId: number }[], number: string | null) {
  const open = useOpen()
  const at = rows.findIndex((row) => String(row.displayId) === number)
  const [last, setLast] = useState(-1)
  if (at >= 0 && at !== last) setLast(at)
  const go = useCallback(
    (step: 1 | -1) => {
      const from = at >= 0 ? at + step : step > 0 ? Math.max(0, last) : last - 1
      const row = rows[Math.min(rows.length - 1, Math.max(0, from))]
      if (row) open(row.displayId)
    },
    [rows, at, last, open],
  )
  useCommand('next', () => go(1), rows.length > 0)
  useCommand('previous', () => go(-1), rows.length > 0)
}

function NothingOpen() {
  const t = useTranslations('inbox.none')
  return (
    <div className="grid h-full place-items-center">
      <EmptyState icon={<Inbox aria-hidden />} title={t('title')}>
        {t.rich('detail', { key: (chunks) => <Kbd keys={String(chunks)} /> })}
      </EmptyState>
    </div>
  )
}
