/** Settings: who belongs to the account. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Words } from '@/app/_ui/words'
import { Team } from './_parts/team'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('team')
  return { title: t('title') }
}

export default function TeamPage() {
  return (
    <Words names={['team']}>
      <Team />
    </Words>
  )
}
