/** A mailed sign-in link: one press signs in (a press, since mail scanners open links by themselves). */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Frame } from '../../_parts/frame'
import { LinkForm } from '../../_parts/link-form'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('identity.link')
  return { title: t('title'), referrer: 'no-referrer', robots: 'noindex' }
}

export default async function LinkPage({ params }: { params: Promise<{ token: string }> }) {
  const t = await getTranslations('identity.link')
  const { token } = await params
  return (
    <Frame title={t('title')} lead={t('lead')}>
      <LinkForm token={token} />
    </Frame>
  )
}
