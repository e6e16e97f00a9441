/** By which act and by whom the audit log is looked through. */
'use client'

import { useTranslations } from 'next-intl'
import { Select } from '@/app/_ui/input'
import { acts } from '@/lib/features/audit/acts'
import type { Filter } from './data'

const groups = [...new Set(acts.map((act) => act.split('.')[0] as Group))]
type Group = (typeof acts)[number] extends `${infer G}.${string}` ? G : never

export function Filters({
  filter,
  onChange,
  people,
}: {
  filter: Filter
  onChange: (next: Filter) => void
  people: { id: string; name: string }[]
}) {
  const t = useTranslations('audit')
  return (
    <div className="flex flex-wrap gap-2">
      <Select
        aria-label={t('filter.act')}
        className="max-w-full"
        value={filter.act}
        onChange={(event) => onChange({ ...filter, act: event.target.value })}
      >
        <option value="">{t('filter.anyAct')}</option>
        {groups.map((group) => (
          <optgroup key={group} label={t(`group.${group}`)}>
            {acts
              .filter((act) => act.startsWith(`${group}.`))
              .map((act) => (
                <option key={act} value={act}>
                  {t(`name.${act}`)}
                </option>
              ))}
          </optgroup>
        ))}
      </Select>
      <Select
        aria-label={t('filter.by')}
        className="max-w-full"
        value={filter.by}
        onChange={(event) => onChange({ ...filter, by: event.target.value })}
      >
        <option value="">{t('filter.anyone')}</option>
        {people.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
        <option value="system">{t('product')}</option>
      </Select>
    </div>
  )
}
