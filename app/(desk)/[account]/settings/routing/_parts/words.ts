/** Names of labels, conditions and outcomes in the reader's language. */
'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { useCallback, useMemo } from 'react'
import { useIntentName, usePeople } from '@/app/(desk)/[account]/inbox/_data/people'
import type { Evidence, RuleConditions } from '@/lib/features/routing/rules'
import type { Line } from './data'

type AnyWord = { (key: string): string; has(key: string): boolean }

export const fields = {
  intents: 'intent',
  sentiments: 'sentiment',
  languages: 'language',
  urgencies: 'urgency',
} as const
export type ConditionName = keyof typeof fields
export const conditionNames = Object.keys(fields) as ConditionName[]

/** Languages the model tells apart that people route by. */
export const languages = ['en', 'zh', 'es', 'fr', 'de', 'pt', 'ja', 'ko'] as const

/** The name of a label of any kind. */
export function useLabelName(): (field: Evidence['field'], value: string) => string {
  const common = useTranslations('common')
  const own = useTranslations('routing.language') as unknown as AnyWord
  const intentName = useIntentName()
  const format = useFormatter()
  return useCallback(
    (field, value) => {
      if (field === 'intent') return intentName(value)
      if (field === 'sentiment') return common(`sentiment.${value as 'neutral'}`)
      if (field === 'urgency') return common(`urgency.${value as 'normal'}`)
      return own.has(value) ? own(value) : format.displayName(value, { type: 'language' })
    },
    [common, own, intentName, format],
  )
}

/** "Refund or Invoice", "Negative", "at least 80% sure": the parts of a line's condition. */
export function useConditionWords(): (when: RuleConditions) => string[] {
  const t = useTranslations('settings.routing')
  const name = useLabelName()
  const format = useFormatter()
  return useCallback(
    (when) => {
      const parts = conditionNames.flatMap((key) => {
        const values = when[key]
        return values?.length
          ? [
              format.list(
                values.map((value) => name(fields[key], value)),
                { type: 'disjunction' },
              ),
            ]
          : []
      })
      if (parts.length && when.minConfidence !== undefined)
        parts.push(t('atLeast', { percent: format.number(when.minConfidence, { style: 'percent' }) }))
      return parts
    },
    [t, name, format],
  )
}

/** "team Billing", "high priority", "in turn to who is online". */
export function useOutcomeWords(): (line: Pick<Line, 'teamId' | 'priority' | 'assign'>) => string[] {
  const t = useTranslations('settings.routing')
  const people = usePeople()
  return useMemo(
    () =>
      ({ teamId, priority, assign }) => {
        const team = people.team(teamId)
        return [
          ...(team ? [t('team', { team: team.name })] : []),
          ...(priority ? [t('priority', { priority: t(`priorities.${priority}`) })] : []),
          ...(team && assign === 'round_robin' ? [t('assign')] : []),
        ]
      },
    [t, people],
  )
}
