/** Says what the plan holds back: a payment that is due, a desk that can only be read (by all, or by whom it has no place for), or labels that are used up; and the way out. */
'use client'

import { useQueryClient } from '@tanstack/react-query'
import Link from 'next/link'
import { useLocale, useTranslations } from 'next-intl'
import { useAccount } from '@/app/_ui/account'
import { cn } from '@/app/_ui/cn'
import { useLive } from '@/app/_ui/live'
import { canManageBilling } from '@/lib/features/accounts/permissions'
import { meKey, useMembership } from './session'

export function PaymentBanner() {
  const t = useTranslations('desk.payment')
  const locale = useLocale()
  const account = useAccount()
  const mine = useMembership()
  const client = useQueryClient()
  useLive<{ part?: string }>('account.updated', ({ part }) => {
    if (part === 'billing') void client.invalidateQueries({ queryKey: meKey })
  })
  useLive('member.updated', () => void client.invalidateQueries({ queryKey: meKey }))
  if (!mine?.graceUntil && !mine?.waits && !mine?.usedUp) return null
  const { graceUntil, waits } = mine
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(graceUntil ?? 0))
  const words = graceUntil ? (mine.readOnly ? t('readOnly') : t('due', { date })) : t(waits ? 'waits' : 'usedUp')
  return (
    <p
      role="status"
      className={cn(
        'no-print flex flex-wrap items-baseline justify-center gap-x-3 border-b px-3 py-1.5 text-center',
        graceUntil || waits ? 'border-warn-line bg-warn-soft text-warn-ink' : 'border-line bg-canvas text-ink-2',
      )}
    >
      <span className="text-pretty">{words}</span>
      {canManageBilling(mine) ? (
        <Link href={`/${account}/settings/billing${graceUntil ? '#invoices' : ''}`} className="font-medium underline">
          {t(graceUntil ? 'pay' : 'plans')}
        </Link>
      ) : (
        <span>{t(graceUntil ? 'owner' : waits ? 'ownerPlaces' : 'ownerPlans')}</span>
      )}
    </p>
  )
}
