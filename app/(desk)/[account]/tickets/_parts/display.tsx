/** What the table looks like: its order, and this person's columns and row height. */
'use client'

import ChevronDown from 'lucide-react/icons/chevron-down'
import ChevronUp from 'lucide-react/icons/chevron-up'
import SlidersHorizontal from 'lucide-react/icons/sliders-horizontal'
import { useTranslations } from 'next-intl'
import { Button, IconButton } from '@/app/_ui/button'
import { Field } from '@/app/_ui/field'
import { Checkbox, Select } from '@/app/_ui/input'
import { Popover } from '@/app/_ui/popover'
import { usePreferences } from '@/app/_ui/preferences'
import { Segmented } from '@/app/_ui/segmented'
import { sorts, type TicketSort, usualDirection } from '@/lib/features/tickets/rules'
import { type ColumnId, columnIds, type useColumns } from '../_data/columns'
import type { View } from '../_data/view'

export function DisplayMenu({
  columns,
  view,
  changeView,
}: {
  columns: ReturnType<typeof useColumns>
  view: View
  changeView: (next: Partial<View>) => void
}) {
  const t = useTranslations('tickets')
  const desk = useTranslations('desk.user')
  const { density, change } = usePreferences()
  const choices = [
    { value: 'compact', label: desk('densityCompact') },
    { value: 'normal', label: desk('densityNormal') },
    { value: 'comfortable', label: desk('densityComfortable') },
  ] as const
  return (
    <Popover
      label={t('display.label')}
      align="end"
      className="w-72"
      trigger={
        <Button size="small">
          <SlidersHorizontal aria-hidden />
          <span className="max-sm:sr-only">{t('display.label')}</span>
        </Button>
      }
    >
      <p className="mb-1.5 text-xs text-ink-3">{t('display.rows')}</p>
      <Segmented
        label={t('display.rows')}
        options={choices}
        value={density}
        onChange={(next) => change({ density: next })}
        className="flex"
      />
      <div className="mt-4 flex flex-col gap-2.5">
        <Field label={t('display.sort')}>
          <Select
            value={view.sort}
            onChange={({ target }) => {
              const sort = target.value as TicketSort
              changeView({ sort, direction: usualDirection(sort) })
            }}
          >
            {sorts.map((sort) => (
              <option key={sort} value={sort}>
                {t(`column.${sort}`)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t('display.direction')}>
          <Select
            value={view.direction}
            onChange={({ target }) => changeView({ direction: target.value as View['direction'] })}
          >
            <option value="desc">{t('display.desc')}</option>
            <option value="asc">{t('display.asc')}</option>
          </Select>
        </Field>
      </div>
      <p className="mt-4 mb-1.5 text-xs text-ink-3">{t('display.columns')}</p>
      <ul className="-mx-1.5 max-h-[min(24rem,50dvh)] overflow-y-auto">
        {columns.free.map((id, at) => (
          <Line key={id} id={id} columns={columns} first={at === 0} last={at === columns.free.length - 1} />
        ))}
        {columnIds
          .filter((id) => !columns.shown.includes(id))
          .map((id) => (
            <Line key={id} id={id} columns={columns} />
          ))}
      </ul>
      {columns.usual ? null : (
        <Button look="ghost" size="small" className="mt-2 -ms-2" onClick={columns.reset}>
          {t('display.usual')}
        </Button>
      )}
    </Popover>
  )
}

/** One column: shown or not, and where. */
function Line({
  id,
  columns,
  first,
  last,
}: {
  id: ColumnId
  columns: ReturnType<typeof useColumns>
  first?: boolean
  last?: boolean
}) {
  const t = useTranslations('tickets')
  const column = t(`column.${id}`)
  const shown = columns.shown.includes(id)
  return (
    <li className="flex h-8 items-center rounded-md px-1.5 hover:bg-hover">
      <Field inline label={column} className="min-w-0 flex-1">
        <Checkbox checked={shown} onChange={() => columns.toggle(id)} />
      </Field>
      {shown ? (
        <>
          {/* Not `disabled`: a column that has arrived at an end must not lose the focus. */}
          <IconButton
            size="small"
            label={t('display.up', { column })}
            aria-disabled={first}
            className={first ? 'opacity-30' : 'text-ink-3'}
            onClick={() => columns.move(id, -1)}
          >
            <ChevronUp aria-hidden />
          </IconButton>
          <IconButton
            size="small"
            label={t('display.down', { column })}
            aria-disabled={last}
            className={last ? 'opacity-30' : 'text-ink-3'}
            onClick={() => columns.move(id, 1)}
          >
            <ChevronDown aria-hidden />
          </IconButton>
        </>
      ) : null}
    </li>
  )
}
