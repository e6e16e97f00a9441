/** Settings: inbox. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Words } from '@/app/_ui/words'
import { Inboxes } from './_parts/inboxes'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('settings.inbox')
  return { title: t('title') }
}

export default function Page() {
  return (
    <Words names={['settings']}>
      <Inboxes />
    </Words>
  )
}
