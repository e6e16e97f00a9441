/** Usage as files: by day, and message by message of a month, with what of it was billed. */
'use client'

import Download from 'lucide-react/icons/download'
import { useLocale, useTranslations } from 'next-intl'
import { type ReactNode, useState } from 'react'
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
  const locale = useLocale()
  const months = monthsOf(billing)
  const [month, setMonth] = useState(() => keyOf(months[0] as Date))
  const name = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' })
  return (
    <ul className="panel divide-y divide-line">
      <File name={t('files.days')} lead={t('files.daysLead')}>
        <Csv label={t('export')} path="usage.csv" />
      </File>
      <File name={t('files.rows')} lead={t('files.rowsLead')}>
        <Select
          aria-label={t('files.month')}
          className="w-40"
          value={month}
          onChange={(event) => setMonth(event.target.value)}
        >
          {months.map((one) => (
            <option key={keyOf(one)} value={keyOf(one)}>
              {name.format(one)}
            </option>
          ))}
        </Select>
        <Csv label={t('exportRows')} path={`usage-rows.csv?month=${month}`} />
      </File>
    </ul>
  )
}

function File({ name, lead, children }: { name: string; lead: string; children: ReactNode }) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-medium">{name}</p>
        <p className="text-pretty text-ink-2">{lead}</p>
      </div>
      <div className="flex gap-2">{children}</div>
    </li>
  )
}

/** The server answers with a file; no page of ours is at its address. */
function Csv({ label, path }: { label: string; path: string }) {
  const account = useAccount()
  return (
    <a href={`/api/v1/${account}/billing/${path}`} download aria-label={label} className="btn btn-plain">
      <Download aria-hidden className="size-4" />
      CSV
    </a>
  )
}
