/** Settings: routing. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Words } from '@/app/_ui/words'
import { Routing } from './_parts/routing'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('settings.routing')
  return { title: t('title') }
}

export default function Page() {
  return (
    <Words names={['settings', 'routing', 'inbox', 'intents']}>
      <Routing />
    </Words>
  )
}
