/** Setting up two-step sign-in outside any desk: for people whose account asks for it before it opens. */
import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getFormatter, getLocale, getTranslations } from 'next-intl/server'
import { makeCtx } from '@/lib/border/caller'
import { readMe } from '@/lib/flows/read-me'
import { services } from '@/lib/start'
import { withNext } from '../_parts/enter'
import { Frame, TextLink } from '../_parts/frame'
import { nextPath } from '../_parts/next-path'
import { visitor } from '../_parts/session'
import { SetUp } from '../_parts/set-up'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('identity.twoStep')
  return { title: t('setUpTitle'), robots: 'noindex' }
}

type Search = Record<string, string | string[] | undefined>

export default async function TwoStepPage({ searchParams }: { searchParams: Promise<Search> }) {
  const t = await getTranslations('identity.twoStep')
  const format = await getFormatter()
  const next = nextPath((await searchParams).next)
  const who = await visitor()
  if (!who) redirect(withNext('/sign-in', withNext('/sign-in/two-step', next)))
  const me = await readMe(makeCtx(services(), { kind: 'user', userId: who.userId }, '', await getLocale()))
  if (me.user.secondFactorAt) redirect(next ?? '/accounts')
  const asking = me.accounts.filter(({ closed }) => closed).map(({ name }) => name)
  return (
    <Frame
      title={t('setUpTitle')}
      lead={asking.length ? t('asked', { accounts: format.list(asking) }) : t('lead')}
      foot={<TextLink href="/accounts">{t('leave')}</TextLink>}
    >
      <SetUp
        email={me.user.email}
        hasPassword={me.user.hasPassword}
        verified={me.user.verified}
        next={next ?? '/accounts'}
        heading="h2"
      />
    </Frame>
  )
}
