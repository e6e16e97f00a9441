/** A mailed link that proves an address. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ConfirmForm } from '../../_parts/confirm-form'
import { Frame } from '../../_parts/frame'
import { visitor } from '../../_parts/session'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('identity.confirm')
  return { title: t('title'), referrer: 'no-referrer', robots: 'noindex' }
}

export default async function ConfirmPage({ params }: { params: Promise<{ token: string }> }) {
  const t = await getTranslations('identity.confirm')
  const { token } = await params
  const who = await visitor()
  return (
    <Frame title={t('title')} lead={who ? t('lead') : t('signIn')}>
      <ConfirmForm token={token} signedIn={who !== null} />
    </Frame>
  )
}
