/** What the list shows and which conversation is open: both live in the address, so that they can be linked and gone back to. */
'use client'

import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import { useAccount } from '@/app/_ui/account'
import { searchable } from '@/app/_ui/searchable'
import { inboxFilters } from './filter-values'

export const mainTabs = ['mine', 'unassigned', 'all'] as const
export const moreTabs = ['pending', 'snoozed', 'resolved'] as const
export type Tab = (typeof mainTabs)[number] | (typeof moreTabs)[number]
const tabs: readonly string[] = [...mainTabs, ...moreTabs]

export const filterNames = ['status', 'priority', 'team', 'label', 'intent', 'sentiment', 'needsPerson'] as const
export type FilterName = (typeof filterNames)[number]

export interface View {
  tab: Tab
  q: string
  filters: Partial<Record<FilterName, string>>
}

export function parseView(params: Pick<URLSearchParams, 'get'>): View {
  const tab = params.get('tab') ?? ''
  const filters: View['filters'] = {}
  for (const name of filterNames) {
    const value = params.get(name)
    if (value && inboxFilters[name](value)) filters[name] = value
  }
  return { tab: (tabs.includes(tab) ? tab : 'all') as Tab, q: searchable(params.get('q') ?? ''), filters }
}

/** The filters with one changed: from the address, which is ahead of what is drawn when choices follow quickly. */
export const withFilter = (name: FilterName, value: string): View['filters'] => ({
  ...parseView(new URLSearchParams(window.location.search)).filters,
  [name]: value || undefined,
})

/** `?tab=mine&priority=high`; empty for the usual view. */
export function formatView(view: View): string {
  const params = new URLSearchParams()
  if (view.tab !== 'all') params.set('tab', view.tab)
  if (view.q) params.set('q', view.q)
  for (const name of filterNames) if (view.filters[name]) params.set(name, view.filters[name])
  const text = params.toString()
  return text && `?${text}`
}

/** The view as the API takes it: a search looks everywhere unless a status is chosen. */
export const queryOf = (view: View): Record<string, string> => ({
  tab: view.tab,
  ...(view.q ? { q: view.q, ...(view.tab === 'all' ? { status: 'any' } : {}) } : {}),
  ...view.filters,
})

export function useView(): [View, (next: Partial<View>) => void] {
  const params = useSearchParams()
  const text = params.toString()
  const view = useMemo(() => parseView(new URLSearchParams(text)), [text])
  const change = useCallback((next: Partial<View>) => {
    const now = parseView(new URLSearchParams(window.location.search))
    window.history.replaceState(null, '', window.location.pathname + formatView({ ...now, ...next }))
  }, [])
  return [view, change]
}

/** The number in the address, or null on the list alone. */
export function useOpenNumber(): string | null {
  const path = usePathname()
  return /\/inbox\/(\d+)$/.exec(path)?.[1] ?? null
}

/** Opens a conversation without asking the server for a page: the frame is there already. */
export function useOpen(): (displayId: number | string | null) => void {
  const account = useAccount()
  return useCallback(
    (displayId) => {
      const path = `/${account}/inbox${displayId === null ? '' : `/${displayId}`}`
      if (path !== window.location.pathname) window.history.pushState(null, '', path + window.location.search)
    },
    [account],
  )
}
