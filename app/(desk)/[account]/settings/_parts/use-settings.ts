/** Reads one part of the settings (news of it come by `DeskNews`); takes a change back by the id the server gave for it. */
'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'

export type Part = 'labels' | 'teams' | 'inboxes' | 'routing' | 'billing' | 'privacy' | 'webhooks'

export function useSettings<Data>(part: Part) {
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const query = useQuery({
    queryKey: [account, part],
    queryFn: ({ signal }) => api.get<Data>(part, {}, { signal }),
  })
  const again = useCallback(async () => {
    await client.invalidateQueries({ queryKey: [account, part] })
    void client.invalidateQueries({ queryKey: [account, 'people'] })
  }, [client, account, part])
  const show = useCallback(
    (change: (old: Data) => Data) =>
      client.setQueryData<Data>([account, part], (old) => (old === undefined ? old : change(old))),
    [client, account, part],
  )
  return { query, api, again, show }
}
