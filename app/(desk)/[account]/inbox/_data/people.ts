/** Members, teams, labels and intents, for names on the page and for the pickers. */
'use client'

import { queryOptions, useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useCallback, useMemo } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { useMayWork } from '@/app/(desk)/_shell/session'
import type { MessagePrediction } from '@/lib/features/conversations/transcript'
import { abstainBelow } from '@/lib/features/routing/rules'
import type { ListedIntent } from '@/lib/flows/read-intents'
import type { People } from '@/lib/flows/read-people'

const nobody: People = { me: '', members: [], teams: [], labels: [] }

export const peopleQuery = (api: ReturnType<typeof useApi>, account: string) =>
  queryOptions({
    queryKey: [account, 'people'],
    queryFn: ({ signal }) => api.get<People>('people', {}, { signal }),
    // Names change rarely; the news say when (`DeskNews`).
    staleTime: 60_000,
  })

export function usePeople() {
  const { data } = useQuery(peopleQuery(useApi(), useAccount()))
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

const noIntents: readonly ListedIntent[] = []

/** All of them, those out of use too. */
export function useAllIntents(): readonly ListedIntent[] {
  const api = useApi()
  const account = useAccount()
  const { data } = useQuery({
    queryKey: [account, 'intents'],
    queryFn: ({ signal }) => api.get<{ intents: ListedIntent[] }>('intents', {}, { signal }),
    staleTime: 60_000,
  })
  return data?.intents ?? noIntents
}

export type IntentChoice = { id: string; group: ListedIntent['group'] }

/** Those in use, the account's own first: what can be chosen. */
export function useIntents(): readonly IntentChoice[] {
  const all = useAllIntents()
  return useMemo(() => all.flatMap(({ key, group, archived }) => (archived ? [] : [{ id: key, group }])), [all])
}

type AnyWord = { (key: string): string; has(key: string): boolean }

/** The account's own name for an intent, or the product's in the reader's language. */
export function useIntentName(): (id: string) => string {
  const t = useTranslations('intents.name') as unknown as AnyWord
  const all = useAllIntents()
  const own = useMemo(() => new Map(all.flatMap(({ key, name }) => (name ? [[key, name]] : []))), [all])
  return useCallback((id) => own.get(id) ?? (t.has(id) ? t(id) : id.replaceAll('_', ' ')), [own, t])
}

/** Why the model does not dare to say what a message is about, by what is asked of its intents now; null when it does. */
export function useUnsure(): (
  said: Pick<MessagePrediction, 'intent' | 'intentProbability' | 'inScope'>,
) => 'outOfScope' | 'belowThreshold' | null {
  const all = useAllIntents()
  const lines = useMemo(() => new Map(all.map(({ key, threshold }) => [key, threshold ?? abstainBelow])), [all])
  return useCallback(
    ({ intent, intentProbability, inScope }) =>
      !inScope ? 'outOfScope' : intentProbability < (lines.get(intent) ?? abstainBelow) ? 'belowThreshold' : null,
    [lines],
  )
}

export const useCanWork = (): boolean => useMayWork() === true
