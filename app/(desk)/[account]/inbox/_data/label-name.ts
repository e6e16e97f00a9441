/** The name of a label in the reader's language. */
'use client'

import { useTranslations } from 'next-intl'
import { useCallback } from 'react'
import type { CorrectedField } from '@/lib/features/conversations/transcript'
import { useIntentName } from './people'

export function useLabelName(): (field: CorrectedField, value: string) => string {
  const common = useTranslations('common')
  const intentName = useIntentName()
  return useCallback(
    (field, value) =>
      field === 'intent'
        ? intentName(value)
        : field === 'sentiment'
          ? common(`sentiment.${value as 'neutral'}`)
          : common(`urgency.${value as 'normal'}`),
    [common, intentName],
  )
}
