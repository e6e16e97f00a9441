/** Settings: labels. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Words } from '@/app/_ui/words'
import { Labels } from './_parts/labels'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('settings.labels')
  return { title: t('title') }
}

export default function Page() {
  return (
    <Words names={['settings']}>
      <Labels />
    </Words>
  )
}
