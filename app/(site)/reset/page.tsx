/** Asking for a way to a new password. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { services } from '@/lib/start'
import { Frame, TextLink } from '../sign-in/_parts/frame'
import { ResetRequest } from '../sign-in/_parts/reset-forms'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('identity.reset')
  return { title: t('title') }
}

export default async function ResetPage() {
  const t = await getTranslations('identity')
  return (
    <Frame title={t('reset.title')} lead={t('reset.lead')} foot={<TextLink href="/sign-in">{t('sent.back')}</TextLink>}>
      <ResetRequest held={services().env.SMTP_URL === ''} />
    </Frame>
  )
}
