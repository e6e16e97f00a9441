/** The page around every identity form: the mark, the language, one quiet column, and the thread behind it. */
import Link from 'next/link'
import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Mark } from '@/app/_ui/mark'
import { Words } from '@/app/_ui/words'
import { LanguageButton } from '../../_parts/language-button'

export async function Frame({
  title,
  lead,
  children,
  foot,
}: {
  title: string
  lead?: ReactNode
  children: ReactNode
  foot?: ReactNode
}) {
  const site = await getTranslations('site')
  const common = await getTranslations('common')
  return (
    <Words names={['identity']}>
      <div className="relative isolate flex min-h-dvh flex-col overflow-hidden px-5 sm:px-8">
        {/* One thread that comes in, rounds the form and leaves, thinning to a point. */}
        <svg
          viewBox="0 0 1200 800"
          preserveAspectRatio="xMidYMid slice"
          aria-hidden
          fill="none"
          className="absolute inset-0 -z-10 hidden size-full text-accent-line opacity-60 md:block"
        >
          <path d="M-20 640C180 700 330 640 372 470S430 130 640 118" stroke="currentColor" strokeWidth="2" />
          <path d="M640 117C800 108 960 190 1220 44 980 196 800 112 640 119Z" fill="currentColor" />
        </svg>
        <header className="flex h-16 flex-none items-center">
          <Link
            href="/"
            aria-label={site('home')}
            className="-ms-1 flex items-center gap-2 rounded-md p-1 text-lg font-semibold"
          >
            <Mark className="size-7 text-accent-ink" />
            {common('product')}
          </Link>
          <span className="flex-1" />
          <LanguageButton />
        </header>
        <main className="flex flex-1 flex-col items-center justify-center pb-20 pt-4">
          <div className="w-full max-w-md sm:rounded-xl sm:bg-surface sm:p-8 sm:shadow-float">
            <h1 className="text-2xl font-semibold tracking-tight text-balance wrap-anywhere">{title}</h1>
            {lead ? <p className="mt-1 text-base text-pretty text-ink-2 wrap-anywhere">{lead}</p> : null}
            <div className="mt-6">{children}</div>
          </div>
          {foot ? <p className="mt-6 text-center text-ink-2">{foot}</p> : null}
        </main>
      </div>
    </Words>
  )
}

/** A link in running text. */
export function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      className="rounded-sm font-medium text-accent-ink underline underline-offset-4 hover:no-underline"
    >
      {children}
    </Link>
  )
}
