/** All accounts with their plan, state, people, monthly amount and use: searched, and a page at a time. */
'use client'

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import ExternalLink from 'lucide-react/icons/external-link'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { api } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { Select } from '@/app/_ui/input'
import { SearchField } from '@/app/_ui/search-field'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { Table, Th } from '@/app/_ui/table'
import { formatPrice } from '@/app/(site)/pricing/_parts/plan-list'
import type { AccountPage, OperatedAccount } from '@/lib/features/billing/operator-lists'
import { customerAt } from './customer-at'

const standings = ['active', 'trialing', 'due', 'ended', 'none'] as const
const plans = ['pro', 'business'] as const

/**
 * @param billed money moves: a plan from demo billing is pointed out, and what is paid can be asked for
 * @param testMode of Stripe, where a customer opens
 */
export function Accounts({ billed, testMode }: { billed: boolean; testMode: boolean }) {
  const t = useTranslations('operator.accounts')
  const plan = useTranslations('billing.plan')
  const [search, setSearch] = useState('')
  const [wanted, setWanted] = useState({ standing: '', plan: '' })
  const filters = { standing: wanted.standing || undefined, plan: wanted.plan || undefined }
  const filtered = Boolean(filters.standing || filters.plan)
  const query = useInfiniteQuery({
    queryKey: ['operator', 'accounts', search, wanted],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      api.get<AccountPage>('operator/accounts', { search, ...filters, before: pageParam }, { signal }),
    getNextPageParam: ({ next }) => next ?? undefined,
    // What was found stays until the next is: no flicker while one types.
    placeholderData: keepPreviousData,
  })
  const accounts = query.data?.pages.flatMap((page) => page.accounts)
  return (
    <section className="flex flex-col gap-2">
      <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 className="text-lg">{t('title')}</h2>
        <div className="flex flex-wrap gap-2 max-md:w-full">
          {billed ? (
            <>
              <Select
                aria-label={t('state')}
                className="w-40 max-md:flex-1"
                value={wanted.standing}
                onChange={(event) => setWanted({ ...wanted, standing: event.target.value })}
              >
                <option value="">{t('anyState')}</option>
                {standings.map((one) => (
                  <option key={one} value={one}>
                    {t(`standing.${one}`)}
                  </option>
                ))}
              </Select>
              <Select
                aria-label={t('plan')}
                className="w-36 max-md:flex-1"
                value={wanted.plan}
                onChange={(event) => setWanted({ ...wanted, plan: event.target.value })}
              >
                <option value="">{t('anyPlan')}</option>
                {plans.map((one) => (
                  <option key={one} value={one}>
                    {plan(one)}
                  </option>
                ))}
              </Select>
            </>
          ) : null}
          <SearchField label={t('search')} value={search} onChange={setSearch} className="w-64 max-md:w-full" />
        </div>
      </header>
      {query.error && !accounts ? (
        <ErrorState heading="h3" error={query.error} retry={() => query.refetch()} />
      ) : !accounts ? (
        <SkeletonRows rows={6} />
      ) : accounts.length ? (
        <Rows accounts={accounts} billed={billed} testMode={testMode} />
      ) : (
        <p className="panel px-4 py-6 text-center text-ink-2">
          {filtered ? t('noneSo') : search ? t('noneFound', { search }) : t('noneYet')}
        </p>
      )}
      {query.hasNextPage ? (
        <Button className="self-start" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('more')}
        </Button>
      ) : null}
    </section>
  )
}

function Rows({ accounts, billed, testMode }: { accounts: OperatedAccount[]; billed: boolean; testMode: boolean }) {
  const t = useTranslations('operator.accounts')
  const plan = useTranslations('billing.plan')
  const way = useTranslations('operator.way')
  const locale = useLocale()
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const number = new Intl.NumberFormat(locale)
  const states = useStates(billed)
  return (
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
            <td>
              {account.customer ? (
                <a
                  href={customerAt(account.customer, testMode)}
                  target="_blank"
                  rel="noreferrer"
                  data-tip={t('open')}
                  className="flex w-fit max-w-56 items-center gap-1.5 font-medium hover:underline max-sm:max-w-40"
                >
                  <span className="truncate">{account.name}</span>
                  <ExternalLink aria-hidden className="size-3.5 flex-none text-ink-3" />
                </a>
              ) : (
                <span className="block max-w-56 truncate font-medium max-sm:max-w-40">{account.name}</span>
              )}
              <span className="block max-w-56 truncate text-xs text-ink-3 max-sm:max-w-40">{account.slug}</span>
            </td>
            <td>
              {account.addOns.length
                ? t('with', { plan: plan(account.plan), services: account.addOns.map((one) => way(one)).join(', ') })
                : plan(account.plan)}
            </td>
            <td className="text-ink-2">{states(account)}</td>
            <td className="number">{account.subscription?.seats ?? '–'}</td>
            <td className="number">
              {account.subscription && account.mrr
                ? formatPrice(account.mrr, account.subscription.currency, locale)
                : '–'}
            </td>
            <td className="number">{number.format(account.messages)}</td>
            <td className="text-ink-3">{date.format(new Date(account.createdAt))}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

/** Where a subscription stands, in a few words. */
function useStates(billed: boolean) {
  const t = useTranslations('operator.accounts.is')
  const locale = useLocale()
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  return ({ subscription, provider: by, graceUntil, readOnly }: OperatedAccount): string => {
    if (!subscription) return t('none')
    if (billed && by === 'demo') return t('unmanaged')
    const { state, cancelAtPeriodEnd, periodEnd } = subscription
    const when = { date: date.format(new Date(periodEnd)) }
    if (graceUntil || state === 'past_due' || state === 'unpaid') return t(readOnly ? 'readOnly' : 'due')
    if (cancelAtPeriodEnd && state !== 'canceled') return t('ending', when)
    return t(state, when)
  }
}
