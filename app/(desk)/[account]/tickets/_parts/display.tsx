/** What the table looks like to this person: columns and row height. */
'use client'

import SlidersHorizontal from 'lucide-react/icons/sliders-horizontal'
import { useTranslations } from 'next-intl'
import { Button } from '@/app/_ui/button'
import { Field } from '@/app/_ui/field'
import { Checkbox } from '@/app/_ui/input'
import { Popover } from '@/app/_ui/popover'
import { usePreferences } from '@/app/_ui/preferences'
import { Segmented } from '@/app/_ui/segmented'
import { columnIds, fixedColumns, type useColumns } from '../_data/columns'

export function DisplayMenu({ columns }: { columns: ReturnType<typeof useColumns> }) {
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
      <p className="mt-4 mb-1.5 text-xs text-ink-3">{t('display.columns')}</p>
      <div className="grid grid-cols-2 gap-x-2 gap-y-1">
        {columnIds
          .filter((id) => !fixedColumns.includes(id))
          .map((id) => (
            <Field key={id} inline label={t(`column.${id}`)} className="min-h-6">
              <Checkbox checked={columns.visibility[id]} onChange={() => columns.toggle(id)} />
            </Field>
          ))}
      </div>
      {columns.usual ? null : (
        <Button look="ghost" size="small" className="mt-2 -ms-2" onClick={columns.reset}>
          {t('display.usual')}
        </Button>
      )}
    </Popover>
  )
}
