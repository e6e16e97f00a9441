/** Models, deployment: a static frame; what answers comes from the API. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Deployment } from './deployment'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('models.deployment')
  return { title: t('title') }
}

export default function Page() {
  return <Deployment />
}
