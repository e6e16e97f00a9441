/** The account's invoices: number, day, amount and state; each opens at the payment provider, one of demo billing shows its lines here. */
'use client'

import ExternalLink from 'lucide-react/icons/external-link'
import { useLocale, useTranslations } from 'next-intl'
import { cn } from '@/app/_ui/cn'
import { webAddress } from '@/app/_ui/web-address'
import { formatPrice } from '@/app/(site)/pricing/_parts/plan-list'
import type { Billing } from '@/lib/flows/read-billing'
import { Section } from '../../_parts/page-frame'
import { standingOf } from './invoice-standing'
import { useSentTo } from './use-sent-to'

type Invoice = Billing['invoices'][number]

export function Invoices({ billing: { provider, invoices } }: { billing: Billing }) {
  const t = useTranslations('billing.invoices')
  useSentTo('invoices')
  return (
    <Section id="invoices" title={t('title')} lead={provider === 'demo' ? t('demo') : null}>
      {invoices.length ? (
        <ul className="panel divide-y divide-line">
          {invoices.map((invoice) => (
            <li key={invoice.id} className="px-4 py-2.5">
              <Row invoice={invoice} />
              {invoice.lines.length ? <Lines invoice={invoice} /> : null}
            </li>
          ))}
        </ul>
      ) : (
        <p className="text-ink-3">{t('none')}</p>
      )}
    </Section>
  )
}

function Row({ invoice }: { invoice: Invoice }) {
  const t = useTranslations('billing.invoices')
  const locale = useLocale()
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const standing = standingOf(invoice)
  const address = webAddress(invoice.url ?? '')
  return (
    <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
      <span className="min-w-0 flex-1 basis-40">
        <span className="font-medium">{invoice.number ?? t('noNumber')}</span>{' '}
        <time dateTime={String(invoice.createdAt)} className="text-ink-3">
          {date.format(new Date(invoice.createdAt))}
        </time>
      </span>
      <span className="w-20 text-end tabular-nums">{formatPrice(invoice.total, invoice.currency, locale)}</span>
      <span
        className={cn(
          'basis-32',
          ['open', 'rest', 'disputed'].includes(standing) ? 'font-medium text-warn-ink' : 'text-ink-2',
        )}
      >
        {t(`state.${standing}`, {
          amount: formatPrice(standing === 'rest' ? invoice.due : invoice.refunded, invoice.currency, locale),
        })}
      </span>
      <span className="flex w-16 justify-end">
        {address ? (
          <a href={address} target="_blank" rel="noreferrer" className="link flex items-center gap-1">
            {t(invoice.state === 'open' ? 'pay' : 'open')}
            <ExternalLink aria-hidden className="size-3.5" />
          </a>
        ) : null}
      </span>
    </div>
  )
}

function Lines({ invoice: { lines, currency } }: { invoice: Invoice }) {
  const t = useTranslations('billing')
  const locale = useLocale()
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const day = (time = '') => (time ? date.format(new Date(time)) : '')
  const said = ({ what, kind, plan = 'free', seats = 0, messages = 0, from, to, amount }: Invoice['lines'][number]) => {
    const name = kind === 'model' || kind === 'data' || kind === 'support' ? t(`addOn.${kind}.name`) : ''
    const facts = { plan: t(`plan.${plan}`), seats, messages, name, from: day(from), to: day(to) }
    const words = t(`invoices.line.${what}`, facts)
    return amount < 0 && what !== 'credit' ? t('invoices.line.unused', { what: words }) : words
  }
  return (
    <details>
      <summary className="cursor-pointer text-ink-2">{t('invoices.lines')}</summary>
      <ul className="flex flex-col gap-1 py-1">
        {lines.map((line) => (
          <li key={JSON.stringify(line)} className="flex flex-wrap justify-between gap-x-4 text-ink-2">
            <span>{said(line)}</span>
            <span className="tabular-nums">{formatPrice(line.amount, currency, locale)}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}
