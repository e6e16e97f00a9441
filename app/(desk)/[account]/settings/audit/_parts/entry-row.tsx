/** One entry: when, who, what, on which thing. */
'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { Time } from '@/app/_ui/time'
import type { Act } from '@/lib/features/audit/acts'
import type { PlanName } from '@/lib/features/billing/plans'
import type { Role } from '@/lib/platform/context'
import type { Entry } from './data'

/** What is said behind the act: the thing by its name, or what was chosen. */
function useDetail() {
  const t = useTranslations('audit')
  const format = useFormatter()
  const roleOf = useTranslations('common.role')
  const planOf = useTranslations('billing.plan')
  const serviceOf = useTranslations('billing.addOn')
  return ({ act, thing, facts, by }: Entry): string[] => {
    const said: string[] = []
    // What somebody did with themselves needs no name twice.
    if (thing && thing !== by?.name) said.push(thing)
    if (typeof facts.was === 'string' && typeof facts.role === 'string')
      said.push(t('detail.from', { was: roleOf(facts.was as Role), now: roleOf(facts.role as Role) }))
    else if (typeof facts.role === 'string') said.push(roleOf(facts.role as Role))
    if (typeof facts.plan === 'string') said.push(planOf(facts.plan as PlanName))
    if (typeof facts.service === 'string') said.push(serviceOf(`${facts.service as 'data'}.name`))
    if (typeof facts.into === 'string') said.push(t('detail.into', { name: facts.into }))
    if (typeof facts.rows === 'number') said.push(t('detail.texts', { count: facts.rows }))
    if (typeof facts.lines === 'number') said.push(t('detail.lines', { count: facts.lines }))
    if (act === 'intent.thresholds') {
      if (!thing) said.push(t('detail.intents', { count: Number(facts.intents) }))
      if (typeof facts.threshold === 'number')
        said.push(t('detail.threshold', { percent: format.number(facts.threshold, { style: 'percent' }) }))
      else if (facts.threshold === null) said.push(t('detail.usualThreshold'))
    }
    if (typeof facts.share === 'number') said.push(t('detail.share', { percent: facts.share }))
    if (act === 'contact.consent')
      said.push(
        t(
          facts.consent === 'given'
            ? 'detail.consentGiven'
            : facts.consent === 'refused'
              ? 'detail.consentRefused'
              : 'detail.consentUnknown',
        ),
      )
    if (act === 'privacy.changed')
      said.push(facts.keepMonths ? t('detail.months', { months: Number(facts.keepMonths) }) : t('detail.forever'))
    if (act === 'contact.erased' || act === 'retention.applied')
      said.push(t('detail.erased', { conversations: Number(facts.conversations), messages: Number(facts.messages) }))
    if (facts.archived !== undefined) said.push(t(facts.archived ? 'detail.archived' : 'detail.restored'))
    if ((act === 'export.examples' || act === 'export.dataset') && typeof facts.kind === 'string') said.push(facts.kind)
    return said
  }
}

export function EntryRow({ entry }: { entry: Entry }) {
  const t = useTranslations('audit')
  const detail = useDetail()(entry)
  return (
    <li className="flex items-baseline gap-x-3 px-4 py-2.5">
      <span className="numbers w-10 flex-none text-xs text-ink-3">{entry.sequence}</span>
      <span className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-3">
        <span className="min-w-0 break-words">
          <b className="font-medium">{entry.by ? entry.by.name : t('product')}</b>
          {t('colon')}
          {t(`name.${entry.act as Act}`)}
          {detail.length ? <span className="text-ink-2"> · {detail.join(' · ')}</span> : null}
        </span>
        <Time at={entry.at} look="clock" className="numbers flex-none text-ink-3" />
      </span>
    </li>
  )
}
