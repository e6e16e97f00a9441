/** The second step of a sign-in, for people who have set one up. */
import type { Metadata } from 'next'
import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { ticketName } from '@/lib/features/identity/cookie'
import { services } from '@/lib/start'
import { CodeForm } from '../_parts/code-form'
import { withNext } from '../_parts/enter'
import { Frame, TextLink } from '../_parts/frame'
import { nextPath } from '../_parts/next-path'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('identity.code')
  return { title: t('title'), robots: 'noindex' }
}

type Search = Record<string, string | string[] | undefined>

export default async function CodePage({ searchParams }: { searchParams: Promise<Search> }) {
  const t = await getTranslations('identity.code')
  const next = nextPath((await searchParams).next)
  // Nobody is in the middle of a sign-in here.
  if (!(await cookies()).has(ticketName(services().env))) redirect(withNext('/sign-in', next))
  return (
    <Frame
      title={t('title')}
      lead={t('lead')}
      foot={<TextLink href={withNext('/sign-in', next)}>{t('other')}</TextLink>}
    >
      <CodeForm next={next} />
    </Frame>
  )
}
