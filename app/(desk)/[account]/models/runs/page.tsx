/** Models, trainings: a static frame; the runs come from the API. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { RunsPage } from './runs-page'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('models.runs')
  return { title: t('title') }
}

export default function Page() {
  return <RunsPage />
}
