/** What the operator sells beside the plans: models made to order, datasets, support; each on or off. */
'use client'

import Link from 'next/link'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAccount } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { toastError } from '@/app/_ui/toast'
import { formatPrice } from '@/app/(site)/pricing/_parts/plan-list'
import { type AddOn, addOns } from '@/lib/features/billing/plans'
import type { Billing } from '@/lib/flows/read-billing'
import { Section } from '../../_parts/page-frame'
import { refusal } from './said'
import { ServiceDialog } from './service-dialog'
import { useSentTo } from './use-sent-to'

export function AddOns({
  billing,
  may,
  over,
  change,
}: {
  billing: Billing
  may: boolean
  /** No plan runs, so that none can be added. */
  over: boolean
  change: (name: AddOn, on: boolean) => Promise<void>
}) {
  const t = useTranslations('billing.addOn')
  const plan = useTranslations('billing.plan')
  const account = useAccount()
  const locale = useLocale()
  const [busy, setBusy] = useState<AddOn | null>(null)
  const [asked, setAsked] = useState<{ name: AddOn; on: boolean } | null>(null)
  const currency = billing.subscription?.currency ?? (locale === 'zh-CN' ? 'cny' : 'usd')
  useSentTo('services')
  if (!billing.addOns.length) return null
  const press = async (name: AddOn, on: boolean) => {
    setAsked(null)
    setBusy(name)
    await change(name, on).catch(toastError)
    setBusy(null)
  }
  return (
    <Section id="services" title={t('title')} lead={t('lead')}>
      <ul className="panel divide-y divide-line">
        {billing.addOns.map(({ name, on, included }) => (
          <li key={name} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
            <div className="min-w-0 flex-1 basis-64">
              <p className="font-medium">{t(`${name}.name`)}</p>
              <p className="text-pretty text-ink-2">
                {t(`${name}.what`)}{' '}
                {name === 'model' && on ? (
                  <Link href={`/${account}/models`} className="link whitespace-nowrap">
                    {t('consent')}
                  </Link>
                ) : null}
              </p>
            </div>
            <span className="tabular-nums">
              {t('price', { price: formatPrice(addOns[name][currency], currency, locale) })}
            </span>
            {included && !on ? (
              <span className="text-ink-3">{t('included', { plan: plan(billing.entitlements.plan) })}</span>
            ) : !may || (over && !on) ? null : !on && refusal(billing, name) ? (
              <span className="text-ink-3">{t(refusal(billing, name) ?? 'on')}</span>
            ) : (
              <Button busy={busy === name} onClick={() => setAsked({ name, on: !on })}>
                {t(on ? 'off' : 'on', { name: t(`${name}.name`) })}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {asked && may ? (
        <ServiceDialog
          {...asked}
          billing={billing}
          currency={currency}
          onClose={() => setAsked(null)}
          onConfirm={() => press(asked.name, asked.on)}
        />
      ) : null}
    </Section>
  )
}
