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
  const fresh = useLiveRows(key, rows)
  const total = query.data?.pages[0]?.total ?? (query.hasNextPage || !query.data ? null : rows.length)
  return { ...query, rows, total, fresh, key }
}

/** Fetches rows that news speaks of in place, and counts what is new; `show` brings it in when the reader wants it. */
function useLiveRows(key: readonly unknown[], rows: readonly Ticket[]) {
  const api = useApi()
  const client = useQueryClient()
  const shown = useRef<ReadonlySet<string>>(new Set())
  const changed = useRef(new Set<string>())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [news, setNews] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => {
    shown.current = new Set(rows.map((row) => row.id))
  }, [rows])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view begins without news
  useEffect(() => setNews(new Set()), [key])
  useEffect(() => () => clearTimeout(timer.current), [])

  const fetchChanged = useCallback(async () => {
    timer.current = undefined
    const ids = [...changed.current].slice(0, mostIds)
    changed.current.clear()
    try {
      const { rows: found } = await api.get<{ rows: Ticket[] }>('conversations', {
        status: 'any',
        ids: ids.join(','),
        limit: mostIds,
      })
      const byId = new Map(found.map((row) => [row.id, row]))
      client.setQueryData<Pages>(key, (data) => data && patchPages(data, byId))
    } catch {
      // The next news, or the next look at the page, brings it.
    }
  }, [api, client, key])

  const hear = ({ conversationId }: { conversationId: string | null }) => {
    if (!conversationId) return
    if (!shown.current.has(conversationId)) {
      setNews((old) => (old.has(conversationId) ? old : new Set(old).add(conversationId)))
      return
    }
    changed.current.add(conversationId)
    timer.current ??= setTimeout(fetchChanged, gather)
  }
  useLive('conversation.updated', hear)
  useLive('message.created', hear)
  useLive('message.labelled', hear)
  const show = useCallback(() => {
    setNews(new Set())
    return client.resetQueries({ queryKey: key })
  }, [client, key])
  useLive('resumed', () => void client.invalidateQueries({ queryKey: key }))
  return { count: news.size, show }
}

const patchPages = (data: Pages, byId: ReadonlyMap<string, Ticket>): Pages => ({
  ...data,
  pages: data.pages.map((page) => ({
    ...page,
    tickets: page.tickets.map((ticket) => byId.get(ticket.id) ?? ticket),
  })),
})
