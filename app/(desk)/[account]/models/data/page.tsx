/** Models, the data that is learned from: a static frame; findings come from the API. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { DataPage } from './_parts/data-page'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('models.data')
  return { title: t('title') }
}

export default function Page() {
  return <DataPage />
}
