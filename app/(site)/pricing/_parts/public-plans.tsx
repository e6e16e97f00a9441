/** The plans as visitors of the site see them: each with the way in. */
'use client'

import { useTranslations } from 'next-intl'
import { ButtonLink } from '@/app/_ui/button'
import { type AddOn, type PlanName, trialDays } from '@/lib/features/billing/plans'
import { PlanList, type Terms } from './plan-list'

/** Where a plan is taken: in the settings of the person's account, once there is one. */
const choicePath = (plan: PlanName, { interval, currency }: Terms): string =>
  `/accounts?home&${new URLSearchParams({ plan, interval, currency })}`

/** @param known somebody is signed in */
export function PublicPlans({ known, services }: { known: boolean; services: readonly AddOn[] }) {
  const t = useTranslations('billing')
  const hrefOf = (plan: PlanName, terms: Terms): string => {
    if (plan === 'free') return '/sign-up'
    const path = choicePath(plan, terms)
    return known ? path : `/sign-up?next=${encodeURIComponent(path)}`
  }
  return (
    <PlanList
      level="h2"
      services={services}
      action={(plan, terms) =>
        known && plan === 'free' ? null : (
          <ButtonLink href={hrefOf(plan, terms)} look={plan === 'pro' ? 'primary' : 'plain'} className="w-full">
            {plan === 'free'
              ? t('pricing.start')
              : // Whoever is signed in may have had the trial; the account that is chosen knows.
                t(known ? 'choose' : 'try', { plan: t(`plan.${plan}`), days: trialDays })}
          </ButtonLink>
        )
      }
    />
  )
}
