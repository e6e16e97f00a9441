/** Settings: webhooks. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Words } from '@/app/_ui/words'
import { WebhooksPage } from './_parts/webhooks'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('webhooks')
  return { title: t('title') }
}

export default function Page() {
  return (
    <Words names={['settings', 'webhooks']}>
      <WebhooksPage />
    </Words>
  )
}
