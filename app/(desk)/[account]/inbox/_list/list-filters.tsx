/** The panel of filters; loaded by the list's toolbar when it is opened. */
'use client'

import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Button } from '@/app/_ui/button'
import { Field } from '@/app/_ui/field'
import { Checkbox, Select } from '@/app/_ui/input'
import { type IntentChoice, useIntentName, useIntents, usePeople } from '../_data/people'
import { type FilterName, type View, withFilter } from '../_data/view'

const groups: readonly IntentChoice['group'][] = ['own', 'order', 'delivery', 'money', 'product', 'account', 'people']

export function ListFilters({ view, changeView }: { view: View; changeView: (next: Partial<View>) => void }) {
  const t = useTranslations('inbox')
  const common = useTranslations('common')
  const groupName = useTranslations('intents.group')
  const people = usePeople()
  const intents = useIntents()
  const intentName = useIntentName()
  const set = (name: FilterName, value: string) => changeView({ filters: withFilter(name, value) })
  const choice = (name: Exclude<FilterName, 'needsPerson'>, options: ReactNode) => (
    <Field label={t(`filter.${name}`)}>
      <Select value={view.filters[name] ?? ''} onChange={(event) => set(name, event.target.value)}>
        <option value="">{t('filter.any')}</option>
        {options}
      </Select>
    </Field>
  )
  const option = (value: string, label: string) => (
    <option key={value} value={value}>
      {label}
    </option>
  )
  return (
    <div className="flex flex-col gap-2.5">
      {choice(
        'intent',
        groups
          .filter((group) => intents.some((intent) => intent.group === group))
          .map((group) => (
            <optgroup key={group} label={groupName(group)}>
              {intents.filter((intent) => intent.group === group).map(({ id }) => option(id, intentName(id)))}
            </optgroup>
          )),
      )}
      {choice(
        'sentiment',
        (['negative', 'neutral', 'positive'] as const).map((value) => option(value, common(`sentiment.${value}`))),
      )}
      {choice(
        'priority',
        (['urgent', 'high', 'normal', 'low'] as const).map((value) => option(value, t(`priority.${value}`))),
      )}
      {choice('team', [...people.teams.map((team) => option(team.id, team.name)), option('none', t('filter.noTeam'))])}
      {choice(
        'label',
        people.labels.map((label) => option(label.id, label.name)),
      )}
      {choice(
        'status',
        (['open', 'pending', 'snoozed', 'resolved', 'any'] as const).map((value) =>
          option(value, t(`status.${value}`)),
        ),
      )}
      <Field inline label={t('filter.needsPerson')}>
        <Checkbox
          checked={view.filters.needsPerson === 'true'}
          onChange={(event) => set('needsPerson', event.target.checked ? 'true' : '')}
        />
      </Field>
      <Button look="ghost" size="small" className="self-start" onClick={() => changeView({ filters: {} })}>
        {t('filter.clear')}
      </Button>
    </div>
  )
}
