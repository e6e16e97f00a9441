/** One endpoint: what it is told, its signature, and the log of what was sent. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Words } from '@/app/_ui/words'
import { EndpointPage } from './_parts/endpoint'

type Props = { params: Promise<{ id: string }> }

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('webhooks')
  return { title: t('title') }
}

export default async function Page({ params }: Props) {
  return (
    <Words names={['settings', 'webhooks']}>
      <EndpointPage id={(await params).id} />
    </Words>
  )
}
