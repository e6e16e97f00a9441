/** Settings: billing. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Words } from '@/app/_ui/words'
import { BillingPage } from './_parts/billing'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('billing')
  return { title: t('title') }
}

export default function Page() {
  return (
    <Words names={['settings', 'billing']}>
      <BillingPage />
    </Words>
  )
}
