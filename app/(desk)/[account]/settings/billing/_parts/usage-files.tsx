/** Usage as files: by day, and message by message of a month, with what of it was billed. */
'use client'

import Download from 'lucide-react/icons/download'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAccount } from '@/app/_ui/account'
import { Select } from '@/app/_ui/input'
import type { Billing } from '@/lib/flows/read-billing'

/** As far back as invoices are shown. */
const most = 24

/** The newest first, yyyy-mm. */
function monthsOf({ month, began }: Pick<Billing, 'month' | 'began'>): Date[] {
  const now = new Date(month.start)
  const months = Array.from(
    { length: most },
    (_, ago) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - ago, 1)),
  )
  const before = months.findIndex((one) => one <= new Date(began))
  return before < 0 ? months : months.slice(0, before + 1)
}

const keyOf = (month: Date): string => month.toISOString().slice(0, 7)

export function UsageFiles({ billing }: { billing: Billing }) {
  const t = useTranslations('billing')
  const account = useAccount()
  const locale = useLocale()
  const months = monthsOf(billing)
  const [month, setMonth] = useState(() => keyOf(months[0] as Date))
  const name = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' })
  // The server answers with a file; no page of ours is at these addresses.
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <a href={`/api/v1/${account}/billing/usage.csv`} download className="btn btn-plain">
          <Download aria-hidden className="size-4" />
          {t('export')}
        </a>
        <span className="flex flex-wrap items-center gap-2">
          <a href={`/api/v1/${account}/billing/usage-rows.csv?month=${month}`} download className="btn btn-plain">
            <Download aria-hidden className="size-4" />
            {t('exportRows')}
          </a>
          <Select
            aria-label={t('exportMonth')}
            className="w-44"
            value={month}
            onChange={(event) => setMonth(event.target.value)}
          >
            {months.map((one) => (
              <option key={keyOf(one)} value={keyOf(one)}>
                {name.format(one)}
              </option>
            ))}
          </Select>
        </span>
      </div>
      <p className="text-pretty text-ink-3">{t('exportHint')}</p>
    </div>
  )
}
