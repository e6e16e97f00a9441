/** The status page: what works right now and what a part's absence means, in words. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Words } from '../_ui/words'
import { SiteFooter } from '../(site)/_parts/site-footer'
import { SiteHeader } from '../(site)/_parts/site-header'
import { StatusBoard } from './status-board'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('status')
  return { title: t('title') }
}

export default async function StatusPage() {
  const t = await getTranslations('status')
  return (
    <Words names={['status']}>
      <div className="mx-auto flex min-h-dvh max-w-3xl flex-col px-5 sm:px-8">
        <SiteHeader />
        <main className="flex-1 pt-8 pb-16">
          <h1 className="text-3xl font-semibold tracking-tight">{t('title')}</h1>
          <p className="mt-1 text-base text-ink-2">{t('lead')}</p>
          <StatusBoard />
        </main>
        <SiteFooter />
      </div>
    </Words>
  )
}
