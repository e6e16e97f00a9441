/** All accounts with their plan, state, people, monthly amount and use. */
'use client'

import { useLocale, useTranslations } from 'next-intl'
import { Table, Th } from '@/app/_ui/table'
import { formatPrice } from '@/app/(site)/pricing/_parts/plan-list'
import type { OperatedBilling } from '@/lib/flows/operate-billing'

export function Accounts({ accounts }: Pick<OperatedBilling, 'accounts'>) {
  const t = useTranslations('operator.accounts')
  const plan = useTranslations('billing.plan')
  const locale = useLocale()
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const number = new Intl.NumberFormat(locale)
  const states = useStates()
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-lg">{t('title')}</h2>
      <Table label={t('title')} className="panel max-h-[32rem] [&_td]:whitespace-nowrap">
        <thead>
          <tr>
            <Th>{t('name')}</Th>
            <Th>{t('plan')}</Th>
            <Th>{t('state')}</Th>
            <Th number>{t('seats')}</Th>
            <Th number>{t('mrr')}</Th>
            <Th number>{t('messages')}</Th>
            <Th>{t('since')}</Th>
          </tr>
        </thead>
        <tbody>
          {accounts.map((account) => (
            <tr key={account.id}>
              <td className="font-medium">{account.name}</td>
              <td>{plan(account.plan)}</td>
              <td className="text-ink-2">{states(account.subscription)}</td>
              <td className="number">{account.subscription?.seats ?? ''}</td>
              <td className="number">
                {account.subscription && account.mrr
                  ? formatPrice(account.mrr, account.subscription.currency, locale)
                  : ''}
              </td>
              <td className="number">{number.format(account.messages)}</td>
              <td className="text-ink-3">{date.format(new Date(account.createdAt))}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </section>
  )
}

/** Where a subscription stands, in a few words. */
function useStates() {
  const t = useTranslations('billing.state')
  const none = useTranslations('operator.accounts')
  const locale = useLocale()
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  return (subscription: OperatedBilling['accounts'][number]['subscription']): string => {
    if (!subscription) return none('none')
    const { state, cancelAtPeriodEnd, periodEnd } = subscription
    const when = date.format(new Date(periodEnd))
    if (state === 'past_due' || state === 'unpaid') return t('unpaid')
    return t(cancelAtPeriodEnd && state !== 'canceled' ? 'ending' : state, { date: when })
  }
}
