/** What a version says to the saved cases now: which it gets wrong, and what that means for the comparison. */
'use client'

import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useAccount, useApi } from '@/app/_ui/account'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import type { Gate } from '@/lib/features/learning/gate'
import type { TriedCase } from '@/lib/flows/compare-version'

/** @param id of a version; `base`: the model that comes along */
export function useCases(id: string, { enabled = true }: { enabled?: boolean } = {}) {
  const api = useApi()
  const account = useAccount()
  return useQuery({
    queryKey: [account, 'cases', id],
    queryFn: ({ signal }) => api.get<{ cases: TriedCase[] }>(`learning/versions/${id}/cases`, {}, { signal }),
    enabled,
    retry: false,
  })
}

/** The comparison as it was made, with the cases of now: some may have been written or removed since. */
export function useGateNow({ id, brought }: { id: string; brought: boolean }, gate: Gate): Gate {
  const { data } = useCases(id, { enabled: !brought })
  if (!data) return gate
  const figures = gate.faults.filter(({ because }) => because !== 'case')
  const broken = data.cases.filter(({ intent, guess }) => intent !== guess)
  const faults = [
    ...figures,
    ...broken.map(({ id: one, intent, guess }) => ({ because: 'case' as const, id: one, intent, guess })),
  ]
  return { ...gate, passes: faults.length === 0, faults }
}

/** Where somebody is about to put it in charge. @param versionId null: the model that comes along */
export function BrokenCases({ versionId }: { versionId: string | null }) {
  const t = useTranslations('models.report.cases')
  const nameOf = useIntentName()
  const { data } = useCases(versionId ?? 'base')
  const broken = data?.cases.filter(({ intent, guess }) => intent !== guess) ?? []
  if (!broken.length) return null
  return (
    <ul className="mt-3 flex max-h-64 flex-col gap-2 overflow-y-auto">
      {broken.map(({ id: caseId, text, intent, guess }) => (
        <li key={caseId}>
          <p className="text-pretty">{text}</p>
          <p className="text-xs text-ink-3">
            {nameOf(intent)} <span className="text-bad-ink">· {t('breaks', { guess: nameOf(guess) })}</span>
          </p>
        </li>
      ))}
    </ul>
  )
}
