/** The public prices: what each plan costs and includes, from the same table that the limits read. */
import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ButtonLink } from '@/app/_ui/button'
import { Words } from '@/app/_ui/words'
import { plans, trialDays } from '@/lib/features/billing/plans'
import { services } from '@/lib/start'
import { SiteFooter } from '../_parts/site-footer'
import { SiteHeader } from '../_parts/site-header'
import { visitor } from '../sign-in/_parts/session'
import { PublicPlans } from './_parts/public-plans'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('billing.pricing')
  return { title: t('title'), description: t('lead') }
}

export default async function PricingPage() {
  const t = await getTranslations('billing.pricing')
  const { STRIPE_SECRET_KEY, LINGXI_ADD_ONS, LINGXI_STRIPE_TAX } = services().env
  const billed = STRIPE_SECRET_KEY !== ''
  const taxed = billed && LINGXI_STRIPE_TAX === 'automatic'
  const known = (await visitor()) !== null
  return (
    <div className="mx-auto flex min-h-dvh max-w-6xl flex-col px-5 sm:px-8">
      <SiteHeader known={known} />
      <main className="flex flex-1 flex-col gap-8 pt-10 pb-20 md:pt-16">
        <header className="flex flex-col gap-3">
          <h1 className="text-4xl font-semibold tracking-tight text-balance">{t('title')}</h1>
          <p className="max-w-prose text-lg text-pretty text-ink-2">{t('lead')}</p>
          {billed ? null : <p className="panel self-start px-3 py-2 text-ink-2">{t('demo')}</p>}
        </header>
        <Words names={['billing']}>
          <PublicPlans known={known} services={LINGXI_ADD_ONS} />
        </Words>
        <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
          {known ? <ButtonLink href="/accounts">{t('accounts')}</ButtonLink> : null}
          <p className="max-w-prose text-pretty text-ink-2">
            {t('note', { days: trialDays, places: plans.free.seats ?? 0 })} {taxed ? t('tax') : ''}
          </p>
        </div>
      </main>
      <SiteFooter />
    </div>
  )
}
