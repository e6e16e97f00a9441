/** What an operator looks at first: money by way, what needs a hand, then accounts and events. */
'use client'

import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import { api } from '@/app/_ui/api'
import { Chip } from '@/app/_ui/chip'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { formatPrice } from '@/app/(site)/pricing/_parts/plan-list'
import { type Currency, currencies } from '@/lib/features/billing/plans'
import { type Money, ways } from '@/lib/features/billing/revenue'
import type { OperatedBilling } from '@/lib/flows/operate-billing'
import { Accounts } from './accounts'
import { Events } from './events'
import { SetUp } from './set-up'

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
  const { provider, mrr, paid, made, attention } = query.data
  return (
    <>
      {provider === 'demo' ? (
        <p className="rounded-md bg-canvas px-3 py-2 text-pretty text-ink-2">{t('demo')}</p>
      ) : (
        <SetUp />
      )}
      <div className="grid gap-4 md:grid-cols-2">
        <Earned title={t('mrr')} lead={t('mrrLead')} money={mrr} made={made.accounts ? t('made', made) : null} />
        <Earned title={t('paid')} lead={t('paidLead')} money={paid} />
      </div>
      <Attention attention={attention} />
      <Accounts billed={provider === 'stripe'} />
      <Events />
    </>
  )
}

/** One currency beside the other: they are never added up. */
function Earned({
  title,
  lead,
  money,
  made,
}: {
  title: string
  lead: string
  money: Money
  /** Of models made to order. */
  made?: string | null
}) {
  const t = useTranslations('operator')
  const locale = useLocale()
  const shown = currencies.filter((currency) => money[currency])
  const sum = (currency: Currency) => ways.reduce((all, way) => all + (money[currency]?.[way] ?? 0), 0)
  return (
    <section className="panel flex flex-col gap-3 p-4">
      <div>
        <h2 className="text-ink-2">{title}</h2>
        <p className="text-xs text-pretty text-ink-3">{lead}</p>
      </div>
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
                <dt className="text-ink-2">
                  {t(`way.${way}`)}
                  {way === 'model' && made ? <span className="block text-xs text-ink-3">{made}</span> : null}
                </dt>
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

/** Payments that are due or disputed, trials that end within a week, events that were given up. */
function Attention({ attention }: Pick<OperatedBilling, 'attention'>) {
  const t = useTranslations('operator.attention')
  const locale = useLocale()
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const wordsOf = (one: OperatedBilling['attention'][number]): string => {
    if (one.kind === 'event') return t('event', { type: one.type, count: one.attempts })
    const { account } = one
    if ('date' in one) return t(one.kind, { account, date: date.format(new Date(one.date)) })
    if (one.kind !== 'dispute') return t(one.kind, { account })
    return t('dispute', {
      account,
      amount: formatPrice(one.amount, one.currency, locale),
      invoice: one.invoice ?? '',
    })
  }
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-lg">{t('title')}</h2>
      {attention.length ? (
        <ul className="panel max-h-[20rem] divide-y divide-line overflow-auto">
          {attention.map((one) => {
            const urgent = one.kind === 'readOnly' || one.kind === 'dispute' || one.kind === 'event'
            const words = wordsOf(one)
            return (
              <li key={one.kind === 'event' ? one.id : words} className="flex items-baseline gap-3 px-4 py-2.5">
                <Chip tone={urgent ? 'bad' : 'warn'}>{t(`kind.${one.kind}`)}</Chip>
                <span className="text-pretty">{words}</span>
              </li>
            )
          })}
        </ul>
      ) : (
        <p className="text-ink-3">{t('none')}</p>
      )}
    </section>
  )
}
