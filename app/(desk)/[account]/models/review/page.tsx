/** Models, review: a static frame; the queue comes from the API. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Review } from './_parts/review'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('models.review')
  return { title: t('title') }
}

export default function Page() {
  return <Review />
}
