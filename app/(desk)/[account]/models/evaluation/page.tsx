/** Models, evaluation: a static frame; how good a version is comes from the API. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Evaluation } from './evaluation'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('models.evaluation')
  return { title: t('title') }
}

export default function Page() {
  return <Evaluation />
}
