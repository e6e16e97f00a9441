/** Pages of tickets as they are scrolled to; rows on the screen stay where they are while news changes what they say. */
'use client'

import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { useLive } from '@/app/_ui/live'
import type { Ticket, TicketList } from '@/lib/flows/list-tickets'
import { addressOf, paramsOf, type View } from './view'

type Pages = InfiniteData<TicketList, string>
const none: Ticket[] = []
/** News is gathered for this long before changed rows are fetched, milliseconds. */
const gather = 300
/** Rows the API gives by id at once. */
const mostIds = 100

export function useTickets(view: View) {
  const api = useApi()
  const account = useAccount()
  const key = useMemo(() => [account, 'tickets', addressOf(view)] as const, [account, view])
  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api.get<TicketList>('tickets', { ...paramsOf(view), ...(pageParam ? { cursor: pageParam } : {}) }, { signal }),
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.tickets) ?? none, [query.data])
  const fresh = useLiveRows(key, view, rows)
  const total = query.data?.pages[0]?.total ?? (query.hasNextPage || !query.data ? null : rows.length)
  return { ...query, rows, total, fresh, key }
}

/** Fetches rows that news speaks of in place, and counts what the filter finds new; `show` brings it in when the reader wants it. */
function useLiveRows(key: readonly unknown[], view: View, rows: readonly Ticket[]) {
  const api = useApi()
  const client = useQueryClient()
  const ids = useMemo<ReadonlySet<string>>(() => new Set(rows.map((row) => row.id)), [rows])
  const latest = useRef({ key, view, ids })
  useEffect(() => {
    latest.current = { key, view, ids }
  }, [key, view, ids])
  const heard = useRef(new Set<string>())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [news, setNews] = useState<ReadonlySet<string>>(new Set())
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view begins without news
  useEffect(() => setNews(new Set()), [key])
  useEffect(() => () => clearTimeout(timer.current), [])

  const ask = useCallback(async () => {
    const asked = [...heard.current].slice(0, mostIds)
    for (const id of asked) heard.current.delete(id)
    timer.current = heard.current.size ? setTimeout(ask, gather) : undefined
    const now = latest.current
    const here = asked.filter((id) => now.ids.has(id))
    const beyond = asked.filter((id) => !now.ids.has(id))
    const limit = mostIds
    try {
      // What is on the screen is asked by itself: it stays there, even if the filter would not find it any more.
      const [changed, found] = await Promise.all([
        here.length
          ? api.get<{ rows: Ticket[] }>('conversations', { status: 'any', ids: here.join(','), limit })
          : null,
        beyond.length ? api.get<TicketList>('tickets', { ...paramsOf(now.view), ids: beyond.join(','), limit }) : null,
      ])
      const byId = new Map(changed?.rows.map((row) => [row.id, row]))
      if (byId.size) client.setQueryData<Pages>(now.key, (data) => data && patchPages(data, byId))
      if (found && latest.current.key === now.key) {
        setNews(
          (old) => new Set([...[...old].filter((id) => !beyond.includes(id)), ...found.tickets.map(({ id }) => id)]),
        )
      }
    } catch {
      // The next news, or the next look at the page, brings it.
    }
  }, [api, client])

  const hear = ({ conversationId }: { conversationId: string | null }) => {
    if (!conversationId) return
    heard.current.add(conversationId)
    timer.current ??= setTimeout(ask, gather)
  }
  useLive('conversation.updated', hear)
  useLive('message.created', hear)
  useLive('message.labelled', hear)
  const show = useCallback(() => {
    setNews(new Set())
    return client.resetQueries({ queryKey: key })
  }, [client, key])
  useLive('resumed', () => void client.invalidateQueries({ queryKey: key }))
  return { count: [...news].filter((id) => !ids.has(id)).length, show }
}

const patchPages = (data: Pages, byId: ReadonlyMap<string, Ticket>): Pages => ({
  ...data,
  pages: data.pages.map((page) => ({
    ...page,
    tickets: page.tickets.map((ticket) => byId.get(ticket.id) ?? ticket),
  })),
})
