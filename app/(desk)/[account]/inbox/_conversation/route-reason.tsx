/** Why the conversation went where it went, as a sentence: "Negative 93% and Refund 88% → team Billing, to Mei, high priority". */
'use client'

import Split from 'lucide-react/icons/split'
import { useFormatter, useTranslations } from 'next-intl'
import { readRoute, reasonOf } from '@/lib/features/routing/reason'
import { useIntentName, usePeople } from '../_data/people'

type AnyWord = { (key: string): string; has(key: string): boolean }

export function RouteReason({ route: stored }: { route: unknown }) {
  const t = useTranslations('routing')
  const loose = useTranslations('routing.language') as unknown as AnyWord
  const common = useTranslations('common')
  const inbox = useTranslations('inbox.reason')
  const intentName = useIntentName()
  const { member } = usePeople()
  const format = useFormatter()
  const route = readRoute(stored)
  if (!route) return null
  const { key, facts, evidence, outcome } = reasonOf(route)
  const given = member(outcome.assigneeId)
  const labels = evidence.map(({ field, label, probability }) => {
    const name =
      field === 'intent'
        ? intentName(label)
        : field === 'sentiment'
          ? common(`sentiment.${label as 'neutral'}`)
          : field === 'urgency'
            ? common(`urgency.${label as 'normal'}`)
            : loose.has(label)
              ? loose(label)
              : label
    return t('evidence', { label: name, percent: format.number(probability, { style: 'percent' }) })
  })
  const results = [
    outcome.teamName ? t('outcome.team', { team: outcome.teamName }) : '',
    // Whoever has left since is nobody to go to.
    given ? t('outcome.person', { name: given.name }) : '',
    outcome.priority ? t(`outcome.priority.${outcome.priority}`) : '',
  ].filter(Boolean)
  const because = key === 'rule' && labels.length ? format.list(labels) : t(`reason.${key}`, facts)
  const outcomes = results.reduce((first, second) => (first ? t('outcome.both', { first, second }) : second), '')
  const sentence = outcomes ? t('sentence', { because, outcome: outcomes }) : because
  return (
    <p
      className="flex items-start gap-1.5 text-xs text-ink-3"
      data-tip={key === 'rule' ? t('reason.rule', facts) : undefined}
    >
      <Split role="img" aria-label={inbox('label')} className="mt-0.5 size-3.5 flex-none" />
      <span className="text-pretty">{sentence}</span>
    </p>
  )
}
