/** The plans as visitors of the site see them: each with the way in. */
'use client'

import { useTranslations } from 'next-intl'
import { ButtonLink } from '@/app/_ui/button'
import { trialDays } from '@/lib/features/billing/plans'
import { PlanList } from './plan-list'

/** @param known somebody is signed in: plans are taken in an account's settings */
export function PublicPlans({ billed, known }: { billed: boolean; known: boolean }) {
  const t = useTranslations('billing')
  return (
    <PlanList
      level="h2"
      billed={billed}
      action={(plan) =>
        known ? null : (
          <ButtonLink href="/sign-up" look={plan === 'pro' ? 'primary' : 'plain'} className="w-full">
            {plan === 'free' ? t('pricing.start') : t('try', { days: trialDays })}
          </ButtonLink>
        )
      }
    />
  )
}
