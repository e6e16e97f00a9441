/** Head of the table: its name and size, search, views, filters, looks and the export. */
'use client'

import Download from 'lucide-react/icons/download'
import Search from 'lucide-react/icons/search'
import { useFormatter, useTranslations } from 'next-intl'
import { useEffect, useRef, useState } from 'react'
import { useAccount } from '@/app/_ui/account'
import { toQuery } from '@/app/_ui/api'
import { Input } from '@/app/_ui/input'
import { useCommand } from '@/app/_ui/keyboard'
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
/** How long a person must pause before a search begins, milliseconds. */
const pause = 250

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
        <SearchField value={view.q} onChange={(q) => changeView({ q })} />
        <DisplayMenu columns={columns} />
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

function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useTranslations('tickets')
  const [text, setText] = useState(value)
  const box = useRef<HTMLDivElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useCommand('search', () => box.current?.querySelector('input')?.focus())
  // The address may change by itself (back, a view): the field follows it.
  useEffect(() => setText(value), [value])
  useEffect(() => () => clearTimeout(timer.current), [])
  const type = (next: string, composing: boolean) => {
    setText(next)
    clearTimeout(timer.current)
    // Half of a Chinese word is no search.
    if (!composing) timer.current = setTimeout(() => onChange(next), pause)
  }
  return (
    <div ref={box} className="ms-auto w-64 min-w-24 max-md:w-auto max-md:flex-1">
      <Input
        type="search"
        aria-label={t('search')}
        placeholder={t('search')}
        maxLength={200}
        value={text}
        icon={<Search aria-hidden />}
        onChange={(event) => type(event.target.value, (event.nativeEvent as InputEvent).isComposing)}
        onCompositionEnd={(event) => type(event.currentTarget.value, false)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && text) type('', false)
        }}
      />
    </div>
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
