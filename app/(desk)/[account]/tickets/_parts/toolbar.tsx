/** Head of the table: its name and size, search, views, filters, looks and the export. */
'use client'

import Download from 'lucide-react/icons/download'
import { useFormatter, useTranslations } from 'next-intl'
import { useRef } from 'react'
import { useAccount } from '@/app/_ui/account'
import { toQuery } from '@/app/_ui/api'
import { useCommand } from '@/app/_ui/keyboard'
import { SearchField } from '@/app/_ui/search-field'
import { Segmented } from '@/app/_ui/segmented'
import { useMembership } from '@/app/(desk)/_shell/session'
import { canExport } from '@/lib/features/accounts/permissions'
import type { useColumns } from '../_data/columns'
import { type Filters, paramsOf, type View } from '../_data/view'
import { DisplayMenu } from './display'
import { FilterBar } from './filters'

const views = {
  all: {},
  mine: { owner: ['me'] },
  unassigned: { owner: ['none'] },
  resolved: { status: ['resolved'] },
} satisfies Record<string, Filters>
type Preset = keyof typeof views
const presets = Object.keys(views) as Preset[]

export interface ToolbarProps {
  view: View
  changeView: (next: Partial<View>) => void
  columns: ReturnType<typeof useColumns>
  total: number | null
}

export function Toolbar({ view, changeView, columns, total }: ToolbarProps) {
  const t = useTranslations('tickets')
  const format = useFormatter()
  const preset = presets.find((name) => JSON.stringify(views[name]) === JSON.stringify(view.filters))
  return (
    <header className="flex flex-none flex-col gap-2.5 border-b border-line px-4 pt-3 pb-2.5 max-md:px-3">
      <div className="flex items-center gap-2">
        <h1 className="text-lg">{t('title')}</h1>
        {total === null ? null : (
          <span className="numbers text-ink-3" data-tip={t('count', { count: total })}>
            {format.number(total)}
          </span>
        )}
        <TicketSearch value={view.q} onChange={(q) => changeView({ q })} />
        <DisplayMenu columns={columns} view={view} changeView={changeView} />
        <ExportLink view={view} />
      </div>
      <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-2 max-md:flex-col max-md:flex-nowrap max-md:items-stretch">
        <Segmented
          label={t('view.label')}
          options={presets.map((value) => ({ value, label: t(`view.${value}`) }))}
          value={preset ?? ('' as Preset)}
          onChange={(next) => changeView({ filters: views[next] })}
          className="max-w-full flex-none overflow-x-auto"
        />
        <FilterBar view={view} changeView={changeView} />
      </div>
    </header>
  )
}

function TicketSearch({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useTranslations('tickets')
  const input = useRef<HTMLInputElement>(null)
  useCommand('search', () => input.current?.focus())
  return (
    <SearchField
      input={input}
      label={t('search')}
      value={value}
      onChange={onChange}
      className="ms-auto w-64 min-w-24 max-md:w-auto max-md:flex-1"
    />
  )
}

/** A plain link: the browser downloads it as it comes, whatever its size. */
function ExportLink({ view }: { view: View }) {
  const t = useTranslations('tickets.export')
  const account = useAccount()
  const membership = useMembership()
  if (!membership || !canExport(membership)) return null
  const href = `/api/v1/${encodeURIComponent(account)}/tickets/export.csv${toQuery(paramsOf(view))}`
  return (
    <a href={href} download className="btn btn-plain" data-size="small" data-tip={t('tip')}>
      <Download aria-hidden />
      <span className="max-sm:sr-only">{t('button')}</span>
    </a>
  )
}
