/** Settings: teams. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Words } from '@/app/_ui/words'
import { Teams } from './_parts/teams'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('settings.teams')
  return { title: t('title') }
}

export default function Page() {
  return (
    <Words names={['settings']}>
      <Teams />
    </Words>
  )
}
