/** Models that the operator makes to order, for accounts that consented. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Words } from '@/app/_ui/words'
import { OperatorFrame } from '../_parts/frame'
import { MadeToOrder } from './_parts/made-to-order'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('operator.models')
  return { title: t('title'), robots: 'noindex' }
}

export default async function OperatorModelsPage() {
  const t = await getTranslations('operator.models')
  return (
    <OperatorFrame path="/operator/models" title={t('title')} lead={t('lead')}>
      <Words names={['operator']}>
        <MadeToOrder />
      </Words>
    </OperatorFrame>
  )
}
