/** Reads where the account's model stands (news of it come by `DeskNews`), and a run, looked at each second while it is under way. */
'use client'

import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { useMembership } from '@/app/(desk)/_shell/session'
import { canTrain } from '@/lib/features/accounts/permissions'
import type { WholeRun } from '@/lib/features/learning/read-runs'
import type { Learning } from '@/lib/flows/read-learning'

/** Dates travel as text. */
export type Sent<T> = T extends Date ? string : T extends object ? { [K in keyof T]: Sent<T[K]> } : T
export type LearningState = Sent<Learning>
export type SentRun = LearningState['runs'][number]
export type SentVersion = LearningState['versions'][number]
/** A run with its curve and its report. */
export type SentRunWhole = Sent<WholeRun>

export const isUnderWay = (run: Pick<SentRun, 'state'>): boolean => run.state === 'queued' || run.state === 'running'

/** The version of an ordinary training of the same texts with the same seed: judged by the same held-out ones. */
export function ordinaryOf({ runs, versions }: LearningState, { runId }: SentVersion): SentVersion | undefined {
  const run = runs.find(({ id }) => id === runId)
  const like = runs.filter(
    ({ epsilon, seed, dataset }) => epsilon === null && seed === run?.seed && dataset.hash === run.dataset.hash,
  )
  return versions.find((one) => like.some(({ id }) => id === one.runId))
}

/** Nor does who is beyond the people that the plan includes. */
export function useMayTrain(): boolean | undefined {
  const membership = useMembership()
  return membership && canTrain(membership) && !membership.waits
}

/** @param asked a version by its number, or a run, that may be older than what is listed; or so many runs */
export function useLearning(asked: { version?: string; run?: string; runs?: string } = {}) {
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const may = useMayTrain()
  const query = useQuery({
    queryKey: [account, 'learning', asked],
    queryFn: ({ signal }) => api.get<LearningState>('learning', asked, { signal }),
    enabled: may === true,
    // A longer list takes the place of the shorter one.
    ...(asked.runs ? { placeholderData: keepPreviousData } : {}),
  })
  const again = useCallback(() => client.invalidateQueries({ queryKey: [account, 'learning'] }), [client, account])
  return { query, api, again }
}

/** Everything about one run. What becomes of it is seen here first, and told to the lists. */
export function useRun(id: string | undefined) {
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const may = useMayTrain()
  const query = useQuery({
    queryKey: [account, 'run', id],
    queryFn: ({ signal }) => api.get<SentRunWhole>(`learning/runs/${id}`, {}, { signal }),
    enabled: may === true && id !== undefined,
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? 1_000 : false),
  })
  const state = query.data?.state
  useEffect(() => {
    const listed = client.getQueryData<LearningState>([account, 'learning', {}])?.runs.find((run) => run.id === id)
    if (state && listed && listed.state !== state) void client.invalidateQueries({ queryKey: [account, 'learning'] })
  }, [client, account, id, state])
  return query
}
