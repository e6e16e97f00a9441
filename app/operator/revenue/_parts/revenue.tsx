/** What an operator looks at first: money by way, what needs a hand, then accounts and events. */
'use client'

import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { api } from '@/app/_ui/api'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { formatPrice } from '@/app/(site)/pricing/_parts/plan-list'
import { type Currency, currencies } from '@/lib/features/billing/plans'
import { type Money, ways } from '@/lib/features/billing/revenue'
import type { OperatedBilling } from '@/lib/flows/operate-billing'
import { Accounts } from './accounts'
import { Events } from './events'

export const revenueKey = ['operator', 'revenue']

export function Revenue() {
  const t = useTranslations('operator')
  const query = useQuery({
    queryKey: revenueKey,
    queryFn: ({ signal }) => api.get<OperatedBilling>('operator/billing', {}, { signal }),
    refetchInterval: 15_000,
  })
  if (query.error && !query.data) return <ErrorState error={query.error} retry={() => query.refetch()} />
  if (!query.data) return <SkeletonRows rows={8} />
  const { provider, mrr, paid, accounts, events } = query.data
  return (
    <>
      {provider === 'demo' ? (
        <p className="rounded-md bg-canvas px-3 py-2 text-pretty text-ink-2">{t('demo')}</p>
      ) : null}
      <div className="grid gap-4 md:grid-cols-2">
        <Earned title={t('mrr')} money={mrr} />
        <Earned title={t('paid')} money={paid} />
      </div>
      <Attention accounts={accounts} events={events} />
      <Accounts accounts={accounts} />
      <Events events={events} />
    </>
  )
}

/** One currency beside the other: they are never added up. */
function Earned({ title, money }: { title: string; money: Money }) {
  const t = useTranslations('operator')
  const locale = useLocale()
  const shown = currencies.filter((currency) => money[currency])
  const sum = (currency: Currency) => ways.reduce((all, way) => all + (money[currency]?.[way] ?? 0), 0)
  return (
    <section className="panel flex flex-col gap-3 p-4">
      <h2 className="text-ink-2">{title}</h2>
      {shown.length ? (
        <>
          <p className="flex flex-wrap gap-x-6 text-2xl font-semibold tracking-tight tabular-nums">
            {shown.map((currency) => (
              <span key={currency}>{formatPrice(sum(currency), currency, locale)}</span>
            ))}
          </p>
          <dl className="flex flex-col gap-1">
            {ways.map((way) => (
              <div key={way} className="flex justify-between gap-4">
                <dt className="text-ink-2">{t(`way.${way}`)}</dt>
                <dd className="flex gap-4 tabular-nums">
                  {shown.map((currency) => (
                    <span key={currency}>{formatPrice(money[currency]?.[way] ?? 0, currency, locale)}</span>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </>
      ) : (
        <p className="text-ink-3">{t('none')}</p>
      )}
    </section>
  )
}

const week = 7 * 86_400_000

/** Payments that are due, trials that end within a week, events that were given up. */
function Attention({ accounts, events }: Pick<OperatedBilling, 'accounts' | 'events'>) {
  const t = useTranslations('operator.attention')
  const locale = useLocale()
  const date = (value: Date | string | null) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(new Date(value ?? 0))
  const ending = accounts.filter(({ provider, subscription }) => {
    const left = new Date(subscription?.trialEnd ?? 0).getTime() - Date.now()
    return provider === 'stripe' && subscription?.state === 'trialing' && left < week
  })
  const lines = [
    ...accounts
      .filter(({ graceUntil }) => graceUntil)
      .map(({ id, name, graceUntil, readOnly }) => ({
        key: id,
        text: t(readOnly ? 'readOnly' : 'due', { account: name, date: date(graceUntil) }),
      })),
    ...ending.map(({ id, name, subscription }) => ({
      key: `trial ${id}`,
      text: t('trial', { account: name, date: date(subscription?.trialEnd ?? null) }),
    })),
    ...events
      .filter(({ state }) => state === 'failed')
      .map(({ id, type, attempts }) => ({ key: id, text: t('event', { type, count: attempts }) })),
  ]
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-lg">{t('title')}</h2>
      {lines.length ? (
        <ul className="panel divide-y divide-line">
          {lines.map(({ key, text }) => (
            <li key={key} className="px-4 py-2.5 text-pretty">
              {text}
            </li>
          ))}
        </ul>
      ) : (
        <p className="text-ink-3">{t('none')}</p>
      )}
    </section>
  )
}
