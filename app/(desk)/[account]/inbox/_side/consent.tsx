/** What a contact said about being learned from, and where it is noted. */
'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useAccount, useApi } from '@/app/_ui/account'
import { Select } from '@/app/_ui/input'
import { toastError } from '@/app/_ui/toast'
import { useCanWork } from '../_data/people'
import { Property } from './property'

interface Answer {
  trainingConsent: 'given' | 'refused' | null
}

export function Consent({ contactId }: { contactId: string }) {
  const t = useTranslations('inbox.side')
  const api = useApi()
  const client = useQueryClient()
  const key = [useAccount(), 'consent', contactId]
  const may = useCanWork()
  const { data } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<Answer>(`contacts/${contactId}/consent`, {}, { signal }),
  })
  if (!data) return null
  const note = async (trainingConsent: Answer['trainingConsent']) => {
    client.setQueryData(key, { trainingConsent })
    try {
      await api.put(`contacts/${contactId}/consent`, { trainingConsent })
    } catch (error) {
      client.setQueryData(key, data)
      toastError(error)
    }
  }
  return (
    <Property name={t('consent')}>
      <Select
        aria-label={t('consent')}
        className="max-w-40"
        disabled={!may}
        value={data.trainingConsent ?? ''}
        onChange={({ target }) => void note((target.value || null) as Answer['trainingConsent'])}
      >
        <option value="">{t('consentUnknown')}</option>
        <option value="given">{t('consentGiven')}</option>
        <option value="refused">{t('consentRefused')}</option>
      </Select>
    </Property>
  )
}
