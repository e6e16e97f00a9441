/** Cases that a version gets wrong, where somebody is about to put it in charge all the same. */
'use client'

import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useAccount, useApi } from '@/app/_ui/account'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import type { TriedCase } from '@/lib/flows/compare-version'

/** @param versionId null: the model that comes along */
export function BrokenCases({ versionId }: { versionId: string | null }) {
  const t = useTranslations('models.report.cases')
  const api = useApi()
  const account = useAccount()
  const nameOf = useIntentName()
  const id = versionId ?? 'base'
  const { data } = useQuery({
    queryKey: [account, 'cases', id],
    queryFn: ({ signal }) => api.get<{ cases: TriedCase[] }>(`learning/versions/${id}/cases`, {}, { signal }),
    retry: false,
  })
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
