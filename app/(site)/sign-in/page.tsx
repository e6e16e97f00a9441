/** Signing in: password, mailed link, or a provider. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { oauthChoices } from '@/lib/features/identity/provider.oauth'
import { services } from '@/lib/start'
import { Frame, TextLink } from './_parts/frame'
import { nextPath } from './_parts/next-path'
import { leaveWhenSignedIn } from './_parts/session'
import { SignInForm } from './_parts/sign-in-form'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('identity.signIn')
  return { title: t('action') }
}

type Search = Record<string, string | string[] | undefined>

export default async function SignInPage({ searchParams }: { searchParams: Promise<Search> }) {
  const t = await getTranslations('identity.signIn')
  const { next: wanted, callbackUrl, error, email } = await searchParams
  const next = nextPath(wanted) ?? nextPath(callbackUrl)
  await leaveWhenSignedIn(next)
  const { env } = services()
  const up = next ? `/sign-up?next=${encodeURIComponent(next)}` : '/sign-up'
  return (
    <Frame
      title={t('title')}
      lead={t('lead')}
      foot={
        <>
          {t('new')} <TextLink href={up}>{t('newAction')}</TextLink>
        </>
      }
    >
      <SignInForm
        next={next}
        email={typeof email === 'string' ? email : ''}
        error={typeof error === 'string' ? error : null}
        providers={oauthChoices(env)}
        held={env.SMTP_URL === ''}
      />
    </Frame>
  )
}
