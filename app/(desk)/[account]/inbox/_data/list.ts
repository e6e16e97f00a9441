/** The list's rows: pages by cursor, kept true by the account's news. */
'use client'

import { type InfiniteData, type QueryClient, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { useLive } from '@/app/_ui/live'
import type { Counts } from '@/lib/features/conversations/read'
import type { ConversationRow } from '@/lib/features/conversations/row'
import { type ListPage, mergeRows, withoutChange } from './merge'
import { useReady } from './use-ready'
import { formatView, queryOf, type View } from './view'

type Page = ListPage & { counts?: Counts }
type Pages = InfiniteData<Page, string | null>

const listKey = (account: string, view?: View) =>
  view ? [account, 'inbox', 'list', formatView(view)] : [account, 'inbox', 'list']

export function useList(view: View) {
  const api = useApi()
  const account = useAccount()
  const query = useInfiniteQuery<Page, Error, Pages, string[], string | null>({
    queryKey: listKey(account, view),
    initialPageParam: null,
    queryFn: ({ pageParam, signal }) =>
      api.get<Page>('conversations', { ...queryOf(view), cursor: pageParam, limit: 40 }, { signal }),
    getNextPageParam: (page) => page.next,
    // The stream keeps it true; asking again on every focus would only move rows under the pointer.
    staleTime: 60_000,
    placeholderData: (before, earlier) =>
      // While typing a search, the rows of the former words stay instead of a flash of nothing.
      view.q && String(earlier?.queryKey.at(-1) ?? '').includes('q=') ? before : undefined,
  })
  const { data, error, isPending, isPlaceholderData, refetch } = query
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query
  const rows = useMemo(() => rowsOf(data), [data])
  // Only what is read here draws the list again when it changes.
  const counts = data?.pages[0]?.counts
  const next = { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage }
  return { rows, counts, error, isPending, isPlaceholderData, refetch, ...next }
}

/** Milliseconds in which news gather before the list asks what became of them. */
const gather = 60

/** Mount once beside the list: asks about conversations that moved and puts them where they belong. */
export function useLiveList(view: View): void {
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const moved = useRef(new Set<string>())
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef(view)
  useEffect(() => {
    latest.current = view
  }, [view])
  useEffect(() => () => clearTimeout(timer.current), [])

  const flush = async () => {
    const now = latest.current
    const key = listKey(account, now)
    // A page on its way may be from before the news: it must not come after what they bring.
    if (client.isFetching({ queryKey: key })) {
      timer.current = setTimeout(() => void flush(), gather)
      return
    }
    timer.current = undefined
    const asked = new Set(moved.current)
    moved.current = new Set()
    if (now.q || asked.size > 60) return void client.invalidateQueries({ queryKey: key })
    try {
      const answer = await api.get<Page>('conversations', { ...queryOf(now), ids: [...asked].join(','), limit: 100 })
      client.setQueryData<Pages>(key, (old) => {
        if (!old) return old
        const [first, ...rest] = mergeRows(old.pages, asked, answer.rows)
        return first ? { ...old, pages: [{ ...first, counts: answer.counts ?? first.counts }, ...rest] } : old
      })
    } catch {
      void client.invalidateQueries({ queryKey: key })
    }
  }
  const note = ({ conversationId }: { conversationId: string | null }) => {
    if (!conversationId) return
    moved.current.add(conversationId)
    timer.current ??= setTimeout(() => void flush(), gather)
  }
  useLive('message.created', note)
  useLive('message.labelled', note)
  useLive('conversation.updated', note)
  useReady(listKey(account))
}

/** True when a row with these values still stands in the list of a view; filters are left to the server. */
const staysIn = (row: ConversationRow, view: string, me: string | undefined): boolean => {
  const params = new URLSearchParams(view)
  if (params.get('q') || params.get('status')) return true
  const tab = params.get('tab') ?? 'all'
  if (tab === 'mine') return row.status === 'open' && row.assigneeId === me
  if (tab === 'unassigned') return row.status === 'open' && row.assigneeId === null
  return row.status === (tab === 'all' ? 'open' : tab)
}

/** Changes a row wherever it is listed, at once; rows that no longer belong leave. Returns the way back. */
export function patchRow(
  client: QueryClient,
  account: string,
  id: string,
  patch: Partial<ConversationRow>,
  me: string | undefined,
): () => void {
  const backs: (() => void)[] = []
  for (const [key, data] of client.getQueriesData<Pages>({ queryKey: listKey(account) })) {
    const before = rowsOf(data).find((row) => row.id === id)
    if (!before) continue
    const changed = { ...before, ...patch }
    const put = (change: (pages: Page[]) => Page[]) =>
      client.setQueryData<Pages>(key, (now) => now && { ...now, pages: change(now.pages) })
    const stays = staysIn(changed, String(key.at(-1)), me)
    put((pages) => changeRow(pages, id, () => (stays ? [changed] : [])))
    backs.push(() => {
      const there = rowsOf(client.getQueryData<Pages>(key)).some((row) => row.id === id)
      put((pages) =>
        there
          ? changeRow(pages, id, (now) => [withoutChange(now, before, changed)])
          : mergeRows(pages, new Set([id]), [before]),
      )
    })
  }
  return () => {
    for (const back of backs) back()
    // Somebody else may have moved it meanwhile.
    void client.invalidateQueries({ queryKey: listKey(account) })
  }
}

const changeRow = (pages: readonly Page[], id: string, change: (row: ConversationRow) => ConversationRow[]): Page[] =>
  pages.map((page) => ({ ...page, rows: page.rows.flatMap((row) => (row.id === id ? change(row) : [row])) }))

const rowsOf = (data: Pages | undefined): ConversationRow[] => data?.pages.flatMap((page) => page.rows) ?? []

/** A row of any list by its number, for showing something before the whole conversation has arrived. */
export function findRow(client: QueryClient, account: string, displayId: string): ConversationRow | undefined {
  for (const [, data] of client.getQueriesData<Pages>({ queryKey: listKey(account) })) {
    const found = rowsOf(data).find((row) => String(row.displayId) === displayId)
    if (found) return found
  }
  return undefined
}
