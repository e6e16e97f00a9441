/** A mailed link to a new password. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Frame } from '../../sign-in/_parts/frame'
import { ResetForm } from '../../sign-in/_parts/reset-forms'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('identity.reset')
  return { title: t('title'), referrer: 'no-referrer', robots: 'noindex' }
}

export default async function NewPasswordPage({ params }: { params: Promise<{ token: string }> }) {
  const t = await getTranslations('identity.reset')
  const { token } = await params
  return (
    <Frame title={t('title')} lead={t('others')}>
      <ResetForm token={token} />
    </Frame>
  )
}
