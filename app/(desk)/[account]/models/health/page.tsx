/** Models, health of the labels: a static frame; findings come from the API. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { LabelHealth } from './_parts/label-health'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('models.health')
  return { title: t('title') }
}

export default function Page() {
  return <LabelHealth />
}
