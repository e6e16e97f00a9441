/** Says that a payment is due: until when all goes on, or that the desk can only be read until it is made. */
'use client'

import Link from 'next/link'
import { useLocale, useTranslations } from 'next-intl'
import { useAccount } from '@/app/_ui/account'
import { canManageBilling } from '@/lib/features/accounts/permissions'
import { useMembership } from './session'

export function PaymentBanner() {
  const t = useTranslations('desk.payment')
  const locale = useLocale()
  const account = useAccount()
  const mine = useMembership()
  if (!mine?.graceUntil) return null
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(mine.graceUntil))
  return (
    <p
      role="status"
      className="no-print flex flex-wrap items-baseline justify-center gap-x-3 border-b border-warn-line bg-warn-soft px-3 py-1.5 text-center text-warn-ink"
    >
      <span className="text-pretty">{mine.readOnly ? t('readOnly') : t('due', { date })}</span>
      {canManageBilling(mine) ? (
        <Link href={`/${account}/settings/billing`} className="font-medium underline">
          {t('pay')}
        </Link>
      ) : (
        <span>{t('owner')}</span>
      )}
    </p>
  )
}
