/** What the table shows lives in the address, so that a filter can be linked, shared and gone back to. */
'use client'

import { useSearchParams } from 'next/navigation'
import { useCallback, useMemo } from 'react'
import { searchable } from '@/app/_ui/searchable'
import { ticketFilters } from '@/app/(desk)/[account]/inbox/_data/filter-values'
import { sorts, type TicketSort, usualDirection } from '@/lib/features/tickets/rules'

export const filterNames = ['status', 'priority', 'owner', 'team', 'label', 'intent', 'sentiment'] as const
export type FilterName = (typeof filterNames)[number]
export type Filters = Partial<Record<FilterName, readonly string[]>>
export type Direction = 'asc' | 'desc'

export interface View {
  filters: Filters
  q: string
  sort: TicketSort
  direction: Direction
}

export function parseView(params: Pick<URLSearchParams, 'get'>): View {
  const filters: Filters = {}
  for (const name of filterNames) {
    const values = (params.get(name) ?? '').split(',').filter(ticketFilters[name])
    if (values.length) filters[name] = [...new Set(values)]
  }
  const sort = sorts.find((one) => one === params.get('sort')) ?? 'activity'
  const asked = params.get('direction')
  const direction = asked === 'asc' || asked === 'desc' ? asked : usualDirection(sort)
  return { filters, q: searchable(params.get('q') ?? ''), sort, direction }
}

/** The view as the API and the address take it; what is usual is left out. */
export function paramsOf(view: View): Record<string, string> {
  const params: Record<string, string> = {}
  for (const name of filterNames) {
    const values = view.filters[name]
    if (values?.length) params[name] = values.join(',')
  }
  if (view.q) params.q = view.q
  if (view.sort !== 'activity') params.sort = view.sort
  if (view.direction !== usualDirection(view.sort)) params.direction = view.direction
  return params
}

/** `?owner=me&sort=waiting`; commas stay readable. */
export function addressOf(view: View): string {
  const text = new URLSearchParams(paramsOf(view)).toString().replaceAll('%2C', ',')
  return text && `?${text}`
}

export const isFiltered = (view: View): boolean => view.q !== '' || Object.keys(view.filters).length > 0

export function useView(): [View, (next: Partial<View>) => void] {
  const text = useSearchParams().toString()
  const view = useMemo(() => parseView(new URLSearchParams(text)), [text])
  const change = useCallback((next: Partial<View>) => {
    const now = parseView(new URLSearchParams(window.location.search))
    window.history.replaceState(null, '', window.location.pathname + addressOf({ ...now, ...next }))
  }, [])
  return [view, change]
}
