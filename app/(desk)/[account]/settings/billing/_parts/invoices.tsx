/** The account's invoices: number, day, amount and state; each opens at the payment provider. */
'use client'

import ExternalLink from 'lucide-react/icons/external-link'
import { useLocale, useTranslations } from 'next-intl'
import { cn } from '@/app/_ui/cn'
import { webAddress } from '@/app/_ui/web-address'
import { formatPrice } from '@/app/(site)/pricing/_parts/plan-list'
import type { Billing } from '@/lib/flows/read-billing'
import { Section } from '../../_parts/page-frame'

type Invoice = Billing['invoices'][number]

/** What a person must know first: a dispute, then money given back, then the state. */
const standingOf = ({ disputed, refunded, total, state }: Invoice) =>
  disputed ? 'disputed' : refunded > 0 ? (refunded >= total ? 'refunded' : 'partly') : state

export function Invoices({ invoices }: { invoices: Invoice[] }) {
  const t = useTranslations('billing.invoices')
  const locale = useLocale()
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  return (
    <Section title={t('title')}>
      {invoices.length ? (
        <ul className="panel divide-y divide-line">
          {invoices.map((invoice) => {
            const standing = standingOf(invoice)
            const address = webAddress(invoice.url ?? '')
            return (
              <li key={invoice.id} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-4 py-2.5">
                <span className="min-w-0 flex-1 basis-40">
                  <span className="font-medium">{invoice.number ?? t('noNumber')}</span>{' '}
                  <time dateTime={String(invoice.createdAt)} className="text-ink-3">
                    {date.format(new Date(invoice.createdAt))}
                  </time>
                </span>
                <span className="w-20 text-end tabular-nums">
                  {formatPrice(invoice.total, invoice.currency, locale)}
                </span>
                <span
                  className={cn(
                    'basis-32',
                    standing === 'open' || standing === 'disputed' ? 'font-medium text-warn-ink' : 'text-ink-2',
                  )}
                >
                  {t(`state.${standing}`, { amount: formatPrice(invoice.refunded, invoice.currency, locale) })}
                </span>
                <span className="flex w-16 justify-end">
                  {address ? (
                    <a href={address} target="_blank" rel="noreferrer" className="link flex items-center gap-1">
                      {t(invoice.state === 'open' ? 'pay' : 'open')}
                      <ExternalLink aria-hidden className="size-3.5" />
                    </a>
                  ) : null}
                </span>
              </li>
            )
          })}
        </ul>
      ) : (
        <p className="text-ink-3">{t('none')}</p>
      )}
    </Section>
  )
}
