/** Members, teams, labels and intents, for names on the page and for the pickers. */
'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useCallback, useMemo } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { useLive } from '@/app/_ui/live'
import { useMembership } from '@/app/(desk)/_shell/session'
import type { IntentGroup } from '@/lib/features/predictions/intents'
import type { People } from '@/lib/flows/read-people'

const nobody: People = { me: '', members: [], teams: [], labels: [] }

export function usePeople() {
  const api = useApi()
  const account = useAccount()
  const { data } = useQuery({
    queryKey: [account, 'people'],
    queryFn: ({ signal }) => api.get<People>('people', {}, { signal }),
    staleTime: 60_000,
  })
  const people = data ?? nobody
  return useMemo(
    () => ({
      ...people,
      member: (id: string | null) => people.members.find((member) => member.id === id),
      team: (id: string | null) => people.teams.find((team) => team.id === id),
      label: (id: string) => people.labels.find((label) => label.id === id),
    }),
    [people],
  )
}

/** Names change rarely; the news say when. Mount once. */
export function useLivePeople(): void {
  const client = useQueryClient()
  const account = useAccount()
  const again = () => void client.invalidateQueries({ queryKey: [account, 'people'] })
  useLive('account.updated', again)
  useLive('member.updated', again)
  useLive('inbox.updated', again)
}

export function useIntents(): readonly { id: string; group: IntentGroup }[] {
  const api = useApi()
  const account = useAccount()
  const { data } = useQuery({
    queryKey: [account, 'intents'],
    queryFn: ({ signal }) => api.get<{ intents: { id: string; group: IntentGroup }[] }>('intents', {}, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return data?.intents ?? []
}

type AnyWord = { (key: string): string; has(key: string): boolean }

/** The name of an intent in the reader's language; a model of somebody's own may know others, shown as they are. */
export function useIntentName(): (id: string) => string {
  const t = useTranslations('intents.name') as unknown as AnyWord
  return useCallback((id) => (t.has(id) ? t(id) : id.replaceAll('_', ' ')), [t])
}

/** Everyone but viewers works here. */
export const useCanWork = (): boolean => {
  const membership = useMembership()
  return membership !== undefined && membership.role !== 'viewer'
}
