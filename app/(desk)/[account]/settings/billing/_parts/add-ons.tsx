/** What the operator sells beside the plans: models made to order, datasets, support; each on or off. */
'use client'

import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { toastError } from '@/app/_ui/toast'
import { formatPrice } from '@/app/(site)/pricing/_parts/plan-list'
import { type AddOn, addOns } from '@/lib/features/billing/plans'
import type { Billing } from '@/lib/flows/read-billing'
import { Section } from '../../_parts/page-frame'

export function AddOns({
  billing,
  may,
  change,
}: {
  billing: Billing
  may: boolean
  change: (name: AddOn, on: boolean) => Promise<void>
}) {
  const t = useTranslations('billing.addOn')
  const locale = useLocale()
  const [busy, setBusy] = useState<AddOn | null>(null)
  const { subscription } = billing
  if (!billing.addOns.length || !subscription) return null
  const press = async (name: AddOn, on: boolean) => {
    setBusy(name)
    await change(name, on).catch(toastError)
    setBusy(null)
  }
  return (
    <Section title={t('title')} lead={t('lead')}>
      <ul className="panel divide-y divide-line">
        {billing.addOns.map(({ name, on }) => (
          <li key={name} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
            <div className="min-w-0 flex-1 basis-64">
              <p className="font-medium">{t(`${name}.name`)}</p>
              <p className="text-pretty text-ink-2">{t(`${name}.what`)}</p>
            </div>
            <span className="tabular-nums">
              {t('price', { price: formatPrice(addOns[name][subscription.currency], subscription.currency, locale) })}
            </span>
            {may ? (
              <Button busy={busy === name} onClick={() => press(name, !on)}>
                {t(on ? 'off' : 'on', { name: t(`${name}.name`) })}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </Section>
  )
}
