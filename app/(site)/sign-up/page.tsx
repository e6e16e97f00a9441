/** Signing up: a person, a password, a business. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Frame, TextLink } from '../sign-in/_parts/frame'
import { nextPath } from '../sign-in/_parts/next-path'
import { leaveWhenSignedIn } from '../sign-in/_parts/session'
import { SignUpForm } from '../sign-in/_parts/sign-up-form'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('identity.signUp')
  return { title: t('title'), description: t('lead') }
}

type Search = Record<string, string | string[] | undefined>

export default async function SignUpPage({ searchParams }: { searchParams: Promise<Search> }) {
  const t = await getTranslations('identity.signUp')
  const next = nextPath((await searchParams).next)
  await leaveWhenSignedIn(next)
  const signIn = next ? `/sign-in?next=${encodeURIComponent(next)}` : '/sign-in'
  return (
    <Frame
      title={t('title')}
      lead={t('lead')}
      foot={
        <>
          {t('known')} <TextLink href={signIn}>{t('knownAction')}</TextLink>
        </>
      }
    >
      <SignUpForm next={next} />
    </Frame>
  )
}
