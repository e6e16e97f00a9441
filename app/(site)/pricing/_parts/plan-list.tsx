/** The plans side by side, with their prices by month or year and currency; what a plan's button does comes from the page. */
'use client'

import Check from 'lucide-react/icons/check'
import { useLocale, useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'
import { cn } from '@/app/_ui/cn'
import { Segmented } from '@/app/_ui/segmented'
import {
  type AddOn,
  addOns,
  type Currency,
  currencies,
  type Interval,
  includesAddOn,
  intervals,
  type PlanName,
  planNames,
  plans,
} from '@/lib/features/billing/plans'

export interface Terms {
  interval: Interval
  currency: Currency
}

/** "$19", "¥269": without hundredths where there are none. @param amount hundredths */
export function formatPrice(amount: number, currency: Currency, locale: string): string {
  const format = { style: 'currency', currency: currency.toUpperCase(), currencyDisplay: 'narrowSymbol' } as const
  const digits = amount % 100 === 0 ? 0 : 2
  const shown = { ...format, minimumFractionDigits: digits, maximumFractionDigits: digits }
  return new Intl.NumberFormat(locale, shown).format(amount / 100)
}

export function PlanList({
  start,
  fixed = false,
  current,
  action,
  services = [],
  level: Heading = 'h3',
}: {
  start?: Terms
  /** A plan that runs keeps its currency: there is none to choose. */
  fixed?: boolean
  current?: PlanName
  action?: (plan: PlanName, terms: Terms) => ReactNode
  /** Sold beside the plans. */
  services?: readonly AddOn[]
  level?: 'h2' | 'h3'
}) {
  const t = useTranslations('billing')
  const locale = useLocale()
  const [terms, setTerms] = useState<Terms>(
    start ?? { interval: 'month', currency: locale === 'zh-CN' ? 'cny' : 'usd' },
  )
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-3">
        <Segmented
          label={t('interval.label')}
          options={intervals.map((value) => ({ value, label: t(`interval.${value}`) }))}
          value={terms.interval}
          onChange={(interval) => setTerms({ ...terms, interval })}
        />
        {fixed ? (
          <p className="text-ink-3">{t('currency.fixed', { currency: t(`currency.${terms.currency}`) })}</p>
        ) : (
          <Segmented
            label={t('currency.label')}
            options={currencies.map((value) => ({ value, label: t(`currency.${value}`) }))}
            value={terms.currency}
            onChange={(currency) => setTerms({ ...terms, currency })}
          />
        )}
      </div>
      <ul className="grid gap-4 md:grid-cols-3">
        {planNames.map((name) => (
          <li
            key={name}
            className={cn('panel flex flex-col gap-4 p-5', name === current && 'ring-1 ring-accent-ink')}
            aria-current={name === current || undefined}
          >
            <div>
              <Heading className="text-lg">{t(`plan.${name}`)}</Heading>
              {/* Room for two lines in each, so that the prices stand in one row. */}
              <p className="text-pretty text-ink-2 md:min-h-10">{t(`for.${name}`)}</p>
            </div>
            <p>
              <span className="text-3xl font-semibold tracking-tight tabular-nums">
                {formatPrice(plans[name].price[terms.currency][terms.interval], terms.currency, locale)}
              </span>{' '}
              <span className="text-ink-3">{name === 'free' ? '' : t(`per.${terms.interval}`)}</span>
            </p>
            <Included plan={name} currency={terms.currency} />
            <div className="mt-auto empty:hidden">{action?.(name, terms)}</div>
          </li>
        ))}
      </ul>
      {services.length ? (
        <section className="flex flex-col gap-2">
          <Heading className="text-lg">{t('addOn.publicTitle')}</Heading>
          <ul className="panel divide-y divide-line">
            {services.map((name) => (
              <Service key={name} name={name} currency={terms.currency} />
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  )
}

function Service({ name, currency }: { name: AddOn; currency: Currency }) {
  const t = useTranslations('billing')
  const locale = useLocale()
  const within = planNames.find((plan) => includesAddOn(plan, name))
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-5 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="font-medium">{t(`addOn.${name}.name`)}</p>
        <p className="text-pretty text-ink-2">{t(`addOn.${name}.what`)}</p>
      </div>
      <p className="text-end max-md:text-start">
        <span className="tabular-nums">
          {t('addOn.price', { price: formatPrice(addOns[name][currency], currency, locale) })}
        </span>
        {within ? (
          <span className="block text-ink-3">{t('addOn.publicIncluded', { plan: t(`plan.${within}`) })}</span>
        ) : null}
      </p>
    </li>
  )
}

function Included({ plan, currency }: { plan: PlanName; currency: Currency }) {
  const t = useTranslations('billing.included')
  const locale = useLocale()
  const overage = plans[plan].overage?.[currency]
  return (
    <ul className="flex flex-col gap-1.5">
      {(['seats', 'messages', 'trainings', 'intents'] as const).map((measure) => (
        <li key={measure} className="flex gap-2">
          <Check aria-hidden className="mt-0.5 size-4 flex-none text-accent-ink" />
          <span>{t(measure, { count: plans[plan][measure] ?? 0 })}</span>
        </li>
      ))}
      {plans[plan].features.map((feature) => (
        <li key={feature} className="flex gap-2">
          <Check aria-hidden className="mt-0.5 size-4 flex-none text-accent-ink" />
          <span>{t(feature)}</span>
        </li>
      ))}
      {overage ? (
        <li className="ps-6 text-ink-2">{t('overage', { price: formatPrice(overage, currency, locale) })}</li>
      ) : null}
    </ul>
  )
}
