/** The accounts of a person: open one, or start another. */
import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { makeCtx } from '@/lib/border/caller'
import { planChoice } from '@/lib/features/billing/input'
import { readMe } from '@/lib/flows/read-me'
import { services } from '@/lib/start'
import { AccountList } from '../sign-in/_parts/account-list'
import { Frame } from '../sign-in/_parts/frame'
import { visitor } from '../sign-in/_parts/session'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('identity.accounts')
  return { title: t('title') }
}

type Search = Record<string, string | string[] | undefined>

export default async function AccountsPage({ searchParams }: { searchParams: Promise<Search> }) {
  const t = await getTranslations('identity.accounts')
  const who = await visitor()
  const search = await searchParams
  const choice = planChoice.safeParse({ plan: search.plan, interval: search.interval, currency: search.currency })
  const wanted = choice.success ? new URLSearchParams(choice.data).toString() : null
  if (!who) redirect(`/sign-in?next=${encodeURIComponent(wanted ? `/accounts?home&${wanted}` : '/accounts')}`)
  const me = await readMe(makeCtx(services(), { kind: 'user', userId: who.userId }, '', await getLocale()))
  const path = wanted ? `/settings/billing?${wanted}` : '/inbox'
  // `?home`: straight on to the desk of whoever has one. A plan is for an account that was chosen.
  if ('home' in search && me.home && (!wanted || me.accounts.length === 1)) redirect(`/${me.home}${path}`)
  return (
    <Frame title={t('title')} lead={t('lead', { email: me.user.email })}>
      <AccountList accounts={me.accounts} operator={me.user.operator} path={path} />
    </Frame>
  )
}
