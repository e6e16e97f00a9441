/** The rows, drawn only where they can be seen. What comes in above never moves what is being looked at. */
'use client'

import ArrowUp from 'lucide-react/icons/arrow-up'
import { useTranslations } from 'next-intl'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { useNextPage } from '@/app/_ui/next-page'
import { usePreferences } from '@/app/_ui/preferences'
import { Spinner } from '@/app/_ui/spinner'
import type { useList } from '../_data/list'
import { useOpen } from '../_data/view'
import { ConversationRow, useRowWords } from './conversation-row'

/** Height of a row, px, by the person's density; rows are cut to it, so that their places can be computed. */
export const rowHeights = { compact: 64, normal: 76, comfortable: 88 } as const
/** Rows drawn beyond each edge. */
const beyond = 6

export function ListRows({ list, open }: { list: ReturnType<typeof useList>; open: string | null }) {
  const t = useTranslations('inbox')
  const words = useRowWords()
  const height = rowHeights[usePreferences().density]
  const { rows, hasNextPage, isFetchingNextPage } = list
  // Rows of another view are another mounting of this.
  const { near, end } = useNextPage(list, '')
  const box = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState({ from: 0, to: 14 })
  const go = useOpen()
  const { fresh, seeFresh } = useSteady(box, rows, height)

  const measure = () => {
    const element = box.current
    if (!element) return
    const from = Math.max(0, Math.floor(element.scrollTop / height) - beyond)
    const to = Math.ceil((element.scrollTop + element.clientHeight) / height) + beyond
    setSeen((old) => (old.from === from && old.to === to ? old : { from, to }))
    if (element.scrollTop < height / 2) seeFresh()
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of rows or height moves what can be seen
  useLayoutEffect(measure, [rows, height])
  useEffect(() => {
    const observer = new ResizeObserver(measure)
    if (box.current) observer.observe(box.current)
    return () => observer.disconnect()
  })
  useEffect(() => {
    if (seen.to >= rows.length - 4) near()
  }, [seen.to, rows.length, near])
  useKeepInView(box, rows, open, height)

  return (
    <div className="relative min-h-0 flex-1">
      <div ref={box} onScroll={measure} className="h-full overflow-y-auto [overflow-anchor:none]" tabIndex={-1}>
        <ul aria-label={t('list')} className="relative" style={{ height: rows.length * height }}>
          {rows.slice(seen.from, seen.to).map((row, i) => (
            <li
              key={row.id}
              aria-setsize={hasNextPage ? -1 : rows.length}
              aria-posinset={seen.from + i + 1}
              className="absolute inset-x-0"
              style={{ top: (seen.from + i) * height, height }}
            >
              <ConversationRow row={row} words={words} current={String(row.displayId) === open} open={go} />
            </li>
          ))}
        </ul>
        {isFetchingNextPage ? (
          <p className="flex justify-center py-3">
            <Spinner label={t('loadingMore')} />
          </p>
        ) : (
          end
        )}
      </div>
      {fresh > 0 ? (
        <Button
          size="small"
          className="absolute inset-x-0 top-2 mx-auto w-max rounded-full"
          onClick={() => {
            box.current?.scrollTo({ top: 0 })
            seeFresh()
          }}
        >
          <ArrowUp aria-hidden />
          {t('new', { count: fresh })}
        </Button>
      ) : null}
    </div>
  )
}

/** Holds the first visible row in its place when rows come and go above it, if the list is scrolled or the pointer is on it. */
function useSteady(box: React.RefObject<HTMLDivElement | null>, rows: readonly { id: string }[], height: number) {
  const anchor = useRef<{ id: string; offset: number; top: string | undefined } | null>(null)
  const [fresh, setFresh] = useState(0)
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const held = anchor.current
    const scrolled = element.scrollTop > height / 2
    if (held && (scrolled || element.matches(':hover'))) {
      const now = rows.findIndex((row) => row.id === held.id)
      const wanted = now * height + held.offset
      if (now > 0 && Math.abs(wanted - element.scrollTop) > 1) {
        element.scrollTop = wanted
        const news = rows.findIndex((row) => row.id === held.top)
        if (news > 0) setFresh((old) => old + news)
      }
    }
    const first = Math.floor(element.scrollTop / height)
    const row = rows[first]
    anchor.current = row ? { id: row.id, offset: element.scrollTop - first * height, top: rows[0]?.id } : null
  }, [rows, height, box])
  useEffect(() => {
    const element = box.current
    if (!element) return
    const onScroll = () => {
      const first = Math.floor(element.scrollTop / height)
      const row = rows[first]
      if (row) anchor.current = { id: row.id, offset: element.scrollTop - first * height, top: rows[0]?.id }
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => element.removeEventListener('scroll', onScroll)
  }, [rows, height, box])
  return { fresh, seeFresh: () => setFresh(0) }
}

/** Scrolls the open row into view when another one was opened, for instance by key. */
function useKeepInView(
  box: React.RefObject<HTMLDivElement | null>,
  rows: readonly { displayId: number }[],
  open: string | null,
  height: number,
) {
  const shown = useRef<string | null>(null)
  useLayoutEffect(() => {
    const element = box.current
    if (!element || shown.current === open) return
    const at = rows.findIndex((row) => String(row.displayId) === open)
    if (at < 0) return
    shown.current = open
    const top = at * height
    if (top < element.scrollTop) element.scrollTop = top
    else if (top + height > element.scrollTop + element.clientHeight)
      element.scrollTop = top + height - element.clientHeight
  }, [box, rows, open, height])
}
