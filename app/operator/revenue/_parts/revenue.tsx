/** What an operator looks at first: money by way, what needs a hand, then accounts and events. */
'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import Download from 'lucide-react/icons/download'
import ExternalLink from 'lucide-react/icons/external-link'
import { useLocale, useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'
import { api } from '@/app/_ui/api'
import { Chip } from '@/app/_ui/chip'
import { Select } from '@/app/_ui/input'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { formatPrice } from '@/app/(site)/pricing/_parts/plan-list'
import { type Currency, currencies } from '@/lib/features/billing/plans'
import { type Money, ways } from '@/lib/features/billing/revenue'
import type { OperatedBilling } from '@/lib/flows/operate-billing'
import { Accounts } from './accounts'
import { customerAt } from './customer-at'
import { Events } from './events'
import { SetUp } from './set-up'

export const revenueKey = ['operator', 'revenue']

export function Revenue() {
  const t = useTranslations('operator')
  const [month, setMonth] = useState<string | null>(null)
  const query = useQuery({
    queryKey: [...revenueKey, month],
    queryFn: ({ signal }) => api.get<OperatedBilling>('operator/billing', { month: month ?? undefined }, { signal }),
    refetchInterval: 15_000,
    // One month's amounts stay until the other's are there.
    placeholderData: keepPreviousData,
  })
  if (query.error && !query.data) return <ErrorState error={query.error} retry={() => query.refetch()} />
  if (!query.data) return <SkeletonRows rows={8} />
  const { provider, testMode, mrr, paid, moved, made, attention } = query.data
  return (
    <>
      {provider === 'demo' ? <p className="panel px-3 py-2 text-pretty text-ink-2">{t('demo')}</p> : <SetUp />}
      <div className="grid gap-4 md:grid-cols-2">
        <Earned title={t('mrr')} lead={t('mrrLead')} money={mrr} made={made.accounts ? t('made', made) : null} />
        <Earned
          title={t('paid')}
          lead={t('paidLead')}
          money={paid}
          choice={<MonthChoice chosen={month} choose={setMonth} />}
          foot={
            <div className="mt-auto flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-t border-line pt-3">
              <p className="text-ink-2">{t('moved', { ...moved })}</p>
              <a href="/api/v1/operator/revenue.csv" download className="link flex items-center gap-1.5">
                <Download aria-hidden className="size-3.5" />
                {t('months')}
              </a>
            </div>
          }
        />
      </div>
      <Attention attention={attention} testMode={testMode} />
      <Accounts billed={provider === 'stripe'} testMode={testMode} />
      <Events billed={provider === 'stripe'} />
    </>
  )
}

/** Months that can be looked at. */
const most = 24

/** @param chosen yyyy-mm; null is the running month, whichever that becomes */
function MonthChoice({ chosen, choose }: { chosen: string | null; choose: (month: string | null) => void }) {
  const t = useTranslations('operator')
  const name = new Intl.DateTimeFormat(useLocale(), { month: 'long', year: 'numeric', timeZone: 'UTC' })
  const now = new Date()
  const months = Array.from(
    { length: most },
    (_, ago) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - ago)),
  )
  return (
    <Select
      aria-label={t('month')}
      className="w-40 flex-none"
      value={chosen ?? ''}
      onChange={(event) => choose(event.target.value || null)}
    >
      {months.map((month, ago) => (
        <option key={month.getTime()} value={ago === 0 ? '' : month.toISOString().slice(0, 7)}>
          {name.format(month)}
        </option>
      ))}
    </Select>
  )
}

/** One currency beside the other: they are never added up. */
function Earned({
  title,
  lead,
  money,
  made,
  choice,
  foot,
}: {
  title: string
  lead: string
  money: Money
  /** Of models made to order. */
  made?: string | null
  /** Which month it is. */
  choice?: ReactNode
  foot?: ReactNode
}) {
  const t = useTranslations('operator')
  const locale = useLocale()
  const shown = currencies.filter((currency) => money[currency])
  const sum = (currency: Currency) => ways.reduce((all, way) => all + (money[currency]?.[way] ?? 0), 0)
  return (
    <section className="panel flex flex-col gap-3 p-4">
      <div className="flex flex-col gap-1">
        <div className="flex min-h-8 items-center justify-between gap-4">
          <h2 className="text-ink-2">{title}</h2>
          {choice}
        </div>
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
                <dd className="flex gap-2 tabular-nums">
                  {shown.map((currency) => (
                    // One below the other: amounts of a currency are a column.
                    <span key={currency} className="min-w-20 text-end">
                      {formatPrice(money[currency]?.[way] ?? 0, currency, locale)}
                    </span>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </>
      ) : (
        <p className="text-ink-3">{t('none')}</p>
      )}
      {foot}
    </section>
  )
}

/** Payments that are due or disputed, trials that end within a week, events that were given up. */
function Attention({ attention, testMode }: Pick<OperatedBilling, 'attention' | 'testMode'>) {
  const t = useTranslations('operator.attention')
  const locale = useLocale()
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const wordsOf = (one: OperatedBilling['attention'][number]): string => {
    if (one.kind === 'event') return t('event', { type: one.type, count: one.attempts })
    const { account } = one
    if ('date' in one) {
      const words = t(one.kind, { account, date: date.format(new Date(one.date)) })
      const owed = one.owed.map(({ amount, currency }) => formatPrice(amount, currency, locale))
      return owed.length ? t('owed', { words, amount: owed.join(' + ') }) : words
    }
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
              <li
                key={one.kind === 'event' ? one.id : words}
                className="flex items-baseline gap-3 px-4 py-2.5 max-sm:flex-col max-sm:gap-1"
              >
                <span className="w-24 flex-none">
                  <Chip tone={urgent ? 'bad' : 'warn'}>{t(`kind.${one.kind}`)}</Chip>
                </span>
                <span className="min-w-0 flex-1 text-pretty">{words}</span>
                {one.kind !== 'event' && one.customer ? (
                  <a
                    href={customerAt(one.customer, testMode)}
                    target="_blank"
                    rel="noreferrer"
                    className="link flex flex-none items-center gap-1"
                  >
                    {t('open')}
                    <ExternalLink aria-hidden className="size-3.5" />
                  </a>
                ) : null}
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
