/** The landing page: what Lingxi is, a look at it, three promises, and the doors in. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ButtonLink } from '@/app/_ui/button'
import { services } from '@/lib/start'
import { Look } from './_parts/look'
import { Promises } from './_parts/promises'
import { SiteFooter } from './_parts/site-footer'
import { SiteHeader } from './_parts/site-header'
import { visitor } from './sign-in/_parts/session'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('site')
  return { title: { absolute: t('title') }, description: t('description') }
}

export default async function LandingPage() {
  const t = await getTranslations('site')
  const demo = services().env.LINGXI_DEMO === '1'
  return (
    <div className="mx-auto flex min-h-dvh max-w-6xl flex-col px-5 sm:px-8">
      <SiteHeader known={(await visitor()) !== null} />
      <main className="flex flex-1 flex-col gap-20 pb-20 md:gap-28">
        <section className="grid items-center gap-12 pt-10 md:pt-16 lg:grid-cols-[1fr_1.05fr] lg:gap-16">
          <div>
            <h1 className="text-4xl font-semibold tracking-tight text-balance sm:text-5xl">{t('hero.title')}</h1>
            <p className="mt-5 max-w-prose text-lg text-pretty text-ink-2">{t('hero.lead')}</p>
            <div className="mt-8 flex flex-wrap gap-3">
              {/* The shop is a page of the server itself, outside this app's router. Without a demo nobody answers there. */}
              {demo ? (
                <a href="/demo/shop" className="btn btn-primary" data-size="large">
                  {t('demo')}
                </a>
              ) : null}
              <ButtonLink href="/sign-up" size="large" look={demo ? undefined : 'primary'}>
                {t('signUp')}
              </ButtonLink>
            </div>
          </div>
          <Look />
        </section>
        <Promises />
      </main>
      <SiteFooter />
    </div>
  )
}
