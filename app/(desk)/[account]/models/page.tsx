/** Models, overview: a static frame; figures come from the API. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Overview } from './_parts/overview'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('models')
  return { title: t('title') }
}

export default function Page() {
  return <Overview />
}
