/** What was used this month of each thing that the plan counts. */
'use client'

import { useTranslations } from 'next-intl'
import { cn } from '@/app/_ui/cn'
import { type Measure, measures } from '@/lib/features/billing/rules'
import type { Billing } from '@/lib/flows/read-billing'
import { Section } from '../../_parts/page-frame'
import { messagesSaid } from './said'
import { UsageDays } from './usage-days'
import { UsageFiles } from './usage-files'

export function Usage({ billing }: { billing: Billing }) {
  const t = useTranslations('billing')
  return (
    <Section title={t('used')} lead={t('usedLead')}>
      <ul className="panel divide-y divide-line">
        {[...measures].reverse().map((measure) => (
          <Bar key={measure} measure={measure} billing={billing} />
        ))}
      </ul>
      <UsageDays billing={billing} />
      <UsageFiles billing={billing} />
    </Section>
  )
}

function Bar({ measure, billing }: { measure: Measure; billing: Billing }) {
  const t = useTranslations('billing')
  const { limits, plan } = billing.entitlements
  // A month whose plan changed within it includes something of each.
  const limit = measure === 'messages' ? billing.after[plan].includes : limits[measure]
  // Without a limit nobody counts open invitations.
  const used = measure === 'seats' && limit === null ? billing.people : billing.used[measure]
  const full = limit !== null && used >= limit
  const said = measure === 'messages' && messagesSaid(billing)
  return (
    <li className="flex flex-col gap-1.5 px-4 py-3">
      <div className="flex flex-wrap justify-between gap-x-4">
        <span className="font-medium">{t(`measure.${measure}`)}</span>
        <span className={cn('tabular-nums', full ? 'font-medium' : 'text-ink-2')}>
          {limit === null ? t('noLimit', { used }) : t('of', { used, limit })}
        </span>
      </div>
      {limit === null ? null : (
        <progress
          className="meter w-full"
          max={limit}
          value={Math.min(used, limit)}
          aria-label={t(`measure.${measure}`)}
        />
      )}
      {said ? <p className="text-pretty text-ink-2">{t(said)}</p> : null}
      {measure === 'messages' && billing.forecast ? (
        <p className="text-ink-3">{t('forecast', { count: billing.forecast })}</p>
      ) : null}
    </li>
  )
}
