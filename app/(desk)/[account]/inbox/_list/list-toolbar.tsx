/** Search and filters over the list, and the filters that are on, each with its way off. */
'use client'

import ListFilter from 'lucide-react/icons/list-filter'
import X from 'lucide-react/icons/x'
import { useTranslations } from 'next-intl'
import { lazy, Suspense, useRef } from 'react'
import { Button } from '@/app/_ui/button'
import { ChipButton } from '@/app/_ui/chip'
import { useCommand } from '@/app/_ui/keyboard'
import { Popover } from '@/app/_ui/popover'
import { SearchField } from '@/app/_ui/search-field'
import { useNarrow } from '@/app/_ui/use-media'
import { whenNeeded } from '@/app/_ui/when-needed'
import { useIntentName, usePeople } from '../_data/people'
import { type FilterName, filterNames, type View, withFilter } from '../_data/view'

const ListFilters = lazy(whenNeeded(() => import('./list-filters').then((module) => ({ default: module.ListFilters }))))

export function ListToolbar({ view, changeView }: { view: View; changeView: (next: Partial<View>) => void }) {
  const t = useTranslations('inbox')
  const input = useRef<HTMLInputElement>(null)
  const narrow = useNarrow()
  useCommand('search', () => input.current?.focus())
  const active = filterNames.filter((name) => view.filters[name])
  return (
    <div className="flex-none border-b border-line px-2 py-1.5">
      <search className="flex items-center gap-1">
        <SearchField
          bare
          input={input}
          label={t('search.label')}
          placeholder={t('search.placeholder')}
          value={view.q}
          onChange={(q) => changeView({ q })}
          className="flex-1"
        />
        <Popover
          label={t('filter.title')}
          // Beside the list, so that the rows can be watched while filters are chosen.
          side={narrow ? 'bottom' : 'right'}
          align={narrow ? 'end' : 'start'}
          className="w-72"
          trigger={
            <Button
              look="ghost"
              size="small"
              aria-label={t('filter.button')}
              data-tip={t('filter.button')}
              className="px-1.5"
            >
              <ListFilter aria-hidden />
              {active.length ? <span className="numbers text-accent-ink">{active.length}</span> : null}
            </Button>
          }
        >
          <Suspense>
            <ListFilters view={view} changeView={changeView} />
          </Suspense>
        </Popover>
      </search>
      {active.length ? <ActiveFilters view={view} names={active} changeView={changeView} /> : null}
    </div>
  )
}

function ActiveFilters({
  view,
  names,
  changeView,
}: {
  view: View
  names: FilterName[]
  changeView: (next: Partial<View>) => void
}) {
  const t = useTranslations('inbox')
  const common = useTranslations('common')
  const people = usePeople()
  const intentName = useIntentName()
  const words = (name: FilterName): string => {
    const value = view.filters[name] ?? ''
    if (name === 'status') return t(`status.${value as 'any'}`)
    if (name === 'priority') return `${t('priority.label')}: ${t(`priority.${value as 'high'}`)}`
    if (name === 'sentiment') return common(`sentiment.${value as 'neutral'}`)
    if (name === 'intent') return intentName(value)
    if (name === 'team') return value === 'none' ? t('filter.noTeam') : (people.team(value)?.name ?? '…')
    if (name === 'label') return people.label(value)?.name ?? '…'
    return t('filter.needsPerson')
  }
  return (
    <div className="flex flex-wrap gap-1 px-1 pt-1.5 pb-0.5">
      {names.map((name) => (
        <ChipButton
          key={name}
          tone="accent"
          className="min-h-6"
          aria-label={t('filter.remove', { name: words(name) })}
          onClick={() => changeView({ filters: withFilter(name, '') })}
        >
          <span className="truncate">{words(name)}</span>
          <X aria-hidden />
        </ChipButton>
      ))}
    </div>
  )
}
