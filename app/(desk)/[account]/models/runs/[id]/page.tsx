/** One training: what it does now or did, what it learned from and what came of it. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { RunPage } from './run-page'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('models.runs')
  return { title: t('one') }
}

export default async function Page({ params }: Props) {
  return <RunPage id={(await params).id} />
}
