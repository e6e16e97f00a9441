/** The name of a label in the reader's language. */
'use client'

import { useTranslations } from 'next-intl'
import { useCallback, useMemo } from 'react'
import type { CorrectedField } from '@/lib/features/conversations/transcript'
import { useAllIntents, useIntentName } from './people'

export function useLabelName(): (field: CorrectedField, value: string) => string {
  const common = useTranslations('common')
  const intentName = useIntentName()
  const all = useAllIntents()
  // What was merged is called as what took its place, also where a model said it before.
  const merged = useMemo(
    () => new Map(all.flatMap(({ key, mergedInto }) => (mergedInto ? [[key, mergedInto]] : []))),
    [all],
  )
  return useCallback(
    (field, value) =>
      field === 'intent'
        ? intentName(merged.get(value) ?? value)
        : field === 'sentiment'
          ? common(`sentiment.${value as 'neutral'}`)
          : common(`urgency.${value as 'normal'}`),
    [common, intentName, merged],
  )
}
