/** What a change would cost, asked for while its dialog is open: at once, next, and what of it is tax. Where that cannot be told, it says so. */
'use client'

import { useQuery } from '@tanstack/react-query'
import { useLocale, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { ApiError } from '@/app/_ui/api'
import { useErrorWords } from '@/app/_ui/error-words'
import { Skeleton } from '@/app/_ui/states'
import { formatPrice } from '@/app/(site)/pricing/_parts/plan-list'
import type { Preview, Wish } from '@/lib/features/billing/preview'

function usePreview(wish: Wish) {
  const [api, account] = [useApi(), useAccount()]
  return useQuery({
    queryKey: [account, 'preview', wish],
    queryFn: () => api.post<Preview>('billing/preview', wish),
    // It goes by the second: asked once for each dialog, and not kept for the next.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  })
}

function useMoney({ currency, next }: Preview) {
  const locale = useLocale()
  const price = (amount: number) => formatPrice(amount, currency, locale)
  const date = next ? new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(next.at)) : ''
  return { price, date }
}

/** What is said where no charge comes after the change: that, or that messages beyond the plan are billed all the same. */
type Afterwards = 'none' | 'beyondOnly'

export function Charged({ wish, afterwards }: { wish: Wish; afterwards: Afterwards }) {
  const t = useTranslations('billing.charged')
  const wordsOf = useErrorWords()
  const { data, error } = usePreview(wish)
  return (
    <div className="min-h-20 rounded-md border border-line bg-canvas px-3 py-2.5" aria-live="polite">
      {data ? (
        <Amounts preview={data} afterwards={afterwards} />
      ) : error ? (
        // What the change itself would be refused for is better read before it.
        <p className="text-pretty text-ink-2">
          {error instanceof ApiError && error.code === 'billing_address' ? wordsOf(error).detail : t('away')}
        </p>
      ) : (
        <div role="status" aria-label={t('wait')} className="flex flex-col gap-2.5 py-1">
          <Skeleton className="h-3 w-2/5" />
          <Skeleton className="h-3 w-3/5" />
        </div>
      )}
    </div>
  )
}

function Amounts({ preview, afterwards }: { preview: Preview; afterwards: Afterwards }) {
  const t = useTranslations('billing.charged')
  const { price, date } = useMoney(preview)
  const { now, next, credit, tax, page } = preview
  return (
    <>
      <dl className="flex flex-col gap-1">
        <Line name={t('now')}>{price(now)}</Line>
        {next ? <Line name={t('next', { date })}>{price(next.amount)}</Line> : null}
      </dl>
      <p className="mt-1.5 text-xs text-pretty text-ink-3">
        {next ? '' : `${t(afterwards)} `}
        {credit ? `${t('credit', { amount: price(credit) })} ` : ''}
        {tax && !page ? `${t('tax', { amount: price(tax) })} ` : ''}
        {page ? t(tax === null ? 'page' : 'pageTax') : next ? t('beyond') : ''}
      </p>
    </>
  )
}

function Line({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-4">
      <dt className="text-ink-2">{name}</dt>
      <dd className="font-semibold tabular-nums">{children}</dd>
    </div>
  )
}

/** The next charge with that many people, in a sentence; nothing where it cannot be told. */
export function ChargedPeople({ people, name }: { people: number; name: 'more' | 'fewer' }) {
  const t = useTranslations('team.charged')
  const { data } = usePreview({ of: 'people', people })
  // A plan that ends has no next one: what is added to it is charged at once.
  const next = data?.next ?? (data?.now ? { amount: data.now, at: new Date() } : null)
  return data && next ? <NextCharge preview={{ ...data, next }} words={(money) => t(name, money)} /> : null
}

function NextCharge({
  preview,
  words,
}: {
  preview: Preview
  words: (money: { price: string; date: string }) => string
}) {
  const { price, date } = useMoney(preview)
  return <>{words({ price: price(preview.next?.amount ?? 0), date })}</>
}
