/** Models, intents: a static frame; the set comes from the API. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Intents } from './_parts/intents'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('models.intents')
  return { title: t('title') }
}

export default function Page() {
  return <Intents />
}
