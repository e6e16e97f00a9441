/** Settings: the signed-in person's own profile. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Words } from '@/app/_ui/words'
import { Profile } from './_parts/profile'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('profile')
  return { title: t('title') }
}

export default function ProfilePage() {
  return (
    <Words names={['profile', 'identity']}>
      <Profile />
    </Words>
  )
}
