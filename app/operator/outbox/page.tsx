/** The operator's outbox: the mails of this installation. */
import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { Mark } from '@/app/_ui/mark'
import { QueryProvider } from '@/app/_ui/query'
import { Words } from '@/app/_ui/words'
import { visitor } from '@/app/(site)/sign-in/_parts/session'
import { Outbox } from './_parts/outbox'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('outbox')
  return { title: t('title'), robots: 'noindex' }
}

export default async function OutboxPage() {
  const who = await visitor()
  if (!who) redirect('/sign-in?next=/operator/outbox')
  // Others need not learn that there is such a page.
  if (!who.operator) notFound()
  const t = await getTranslations('outbox')
  const common = await getTranslations('common')
  return (
    <Words names={['outbox']}>
      <QueryProvider>
        <div className="mx-auto flex min-h-dvh max-w-4xl flex-col px-5 sm:px-8">
          <header className="flex h-16 flex-none items-center gap-2">
            <Link
              href="/accounts"
              className="-ms-1 flex items-center gap-2 rounded-md p-1 font-medium text-ink-2 hover:text-ink"
            >
              <Mark className="size-6 text-accent-ink" />
              {t('back')}
            </Link>
          </header>
          <main className="flex-1 pb-16">
            <h1 className="text-2xl font-semibold tracking-tight">{t('title')}</h1>
            <p className="text-base text-ink-2">{t('lead')}</p>
            <Outbox />
          </main>
          <footer className="py-4 text-xs text-ink-3">{common('product')}</footer>
        </div>
      </QueryProvider>
    </Words>
  )
}
