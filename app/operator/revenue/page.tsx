/** The operator's revenue: accounts and their plans, what was earned, and what Stripe sent. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Words } from '@/app/_ui/words'
import { OperatorFrame } from '../_parts/frame'
import { Revenue } from './_parts/revenue'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('operator')
  return { title: t('title'), robots: 'noindex' }
}

export default async function RevenuePage() {
  const t = await getTranslations('operator')
  return (
    <OperatorFrame path="/operator/revenue" title={t('title')} lead={t('lead')}>
      <Words names={['operator', 'billing']}>
        <Revenue />
      </Words>
    </OperatorFrame>
  )
}
