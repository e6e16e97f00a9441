/** Pages of the audit log under a filter, the newest first (news of it come by `DeskNews`). */
'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { useAccount, useApi } from '@/app/_ui/account'
import type { AuditLog } from '@/lib/flows/read-audit'

export interface Filter {
  act: string
  /** A membership, `system`, or nothing. */
  by: string
}

/** As JSON carries it. */
export type Entry = Omit<AuditLog['entries'][number], 'at'> & { at: string }
type Page = Omit<AuditLog, 'entries'> & { entries: Entry[] }

export function useAudit(filter: Filter) {
  const api = useApi()
  const account = useAccount()
  return useInfiniteQuery({
    queryKey: [account, 'audit', filter],
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) => api.get<Page>('audit', { ...filter, before: pageParam || null }, { signal }),
    getNextPageParam: (page) => page.next ?? undefined,
    // A plan that lacks it will not have it a second later.
    retry: false,
  })
}
