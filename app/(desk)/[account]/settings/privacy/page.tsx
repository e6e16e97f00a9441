/** Settings: privacy. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Words } from '@/app/_ui/words'
import { PrivacyPage } from './_parts/privacy'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('settings.privacy')
  return { title: t('title') }
}

export default function Page() {
  return (
    <Words names={['settings']}>
      <PrivacyPage />
    </Words>
  )
}
