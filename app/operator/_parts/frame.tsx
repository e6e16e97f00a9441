/** The operator's pages: who may see them, their tabs and their name. */
import Link from 'next/link'
import { notFound, redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { LinkTabs } from '@/app/_ui/link-tabs'
import { Mark } from '@/app/_ui/mark'
import { QueryProvider } from '@/app/_ui/query'
import { visitor } from '@/app/(site)/sign-in/_parts/session'

export async function OperatorFrame({
  path,
  title,
  lead,
  children,
}: {
  path: string
  title: string
  lead: string
  children: ReactNode
}) {
  const who = await visitor()
  if (!who) redirect(`/sign-in?next=${path}`)
  // Others need not learn that there is such a page.
  if (!who.operator) notFound()
  const t = await getTranslations('operator')
  const common = await getTranslations('common')
  return (
    <QueryProvider>
      <div className="mx-auto flex min-h-dvh max-w-5xl flex-col px-5 sm:px-8">
        <header className="flex h-16 flex-none items-center gap-2">
          <Link
            href="/accounts"
            className="-ms-1 flex items-center gap-2 rounded-md p-1 font-medium text-ink-2 hover:text-ink"
          >
            <Mark className="size-6 text-accent-ink" />
            {t('back')}
          </Link>
        </header>
        <main className="flex flex-1 flex-col gap-5 pb-16">
          <LinkTabs
            label={t('tabs.label')}
            tabs={[
              { href: '/operator/revenue', label: t('tabs.revenue') },
              { href: '/operator/models', label: t('tabs.models') },
              { href: '/operator/outbox', label: t('tabs.outbox') },
            ]}
          />
          <header>
            <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
            <p className="text-base text-pretty text-ink-2">{lead}</p>
          </header>
          {children}
        </main>
        <footer className="py-4 text-xs text-ink-3">{common('product')}</footer>
      </div>
    </QueryProvider>
  )
}
