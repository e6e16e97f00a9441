/** The filter bar: one button for each question, which says its answer; several answers mean "any of these". */
'use client'

import ChevronDown from 'lucide-react/icons/chevron-down'
import UserRound from 'lucide-react/icons/user-round'
import UserRoundX from 'lucide-react/icons/user-round-x'
import Users from 'lucide-react/icons/users'
import X from 'lucide-react/icons/x'
import { useTranslations } from 'next-intl'
import { Avatar } from '@/app/_ui/avatar'
import { Button } from '@/app/_ui/button'
import { Dot, SentimentFace } from '@/app/_ui/chip'
import { cn } from '@/app/_ui/cn'
import { Combobox, type ComboboxItem } from '@/app/_ui/combobox'
import { useIntentName, useIntents, usePeople } from '@/app/(desk)/[account]/inbox/_data/people'
import { sentiments } from '@/lib/core/ports'
import { priorities, statuses } from '@/lib/features/tickets/rules'
import { type FilterName, filterNames, isFiltered, type View } from '../_data/view'
import { PriorityIcon, StatusIcon } from './marks'

/** What can be chosen for each question, in the order people look for it. */
function useItems(): Record<FilterName, ComboboxItem[]> {
  const t = useTranslations('tickets')
  const moods = useTranslations('common.sentiment')
  const people = usePeople()
  const intents = useIntents()
  const intentName = useIntentName()
  const workers = people.members.filter((member) => member.role !== 'viewer' && member.id !== people.me)
  return {
    status: statuses.map((value) => ({ value, label: t(`status.${value}`), icon: <StatusIcon value={value} /> })),
    priority: priorities.map((value) => ({
      value,
      label: t(`priority.${value}`),
      icon: <PriorityIcon value={value} />,
    })),
    owner: [
      { value: 'me', label: t('filter.me'), icon: <UserRound aria-hidden /> },
      { value: 'none', label: t('filter.nobody'), icon: <UserRoundX aria-hidden /> },
      ...workers.map(({ id, name }) => ({
        value: id,
        label: name,
        icon: <Avatar name={name} className="size-5 text-[0.625rem]" />,
      })),
    ],
    team: [
      ...people.teams.map(({ id, name }) => ({ value: id, label: name, icon: <Users aria-hidden /> })),
      { value: 'none', label: t('filter.noTeam') },
    ],
    label: people.labels.map(({ id, name, colour }) => ({ value: id, label: name, icon: <Dot colour={colour} /> })),
    intent: intents.map(({ id }) => ({ value: id, label: intentName(id) })),
    sentiment: sentiments.map((value) => ({ value, label: moods(value), icon: <SentimentFace value={value} /> })),
  }
}

export function FilterBar({ view, changeView }: { view: View; changeView: (next: Partial<View>) => void }) {
  const t = useTranslations('tickets.filter')
  const items = useItems()
  const set = (name: FilterName, values: readonly string[]) => {
    const { [name]: _old, ...rest } = view.filters
    changeView({ filters: values.length ? { ...rest, [name]: values } : rest })
  }
  return (
    <fieldset className="flex min-w-0 items-center gap-1.5 max-md:overflow-x-auto max-md:pb-1 md:flex-wrap">
      <legend className="sr-only">{t('title')}</legend>
      {filterNames.map((name) => (
        <FilterButton
          key={name}
          name={t(name)}
          items={items[name]}
          value={view.filters[name] ?? []}
          onChange={(values) => set(name, values)}
        />
      ))}
      {isFiltered(view) ? (
        <Button look="ghost" size="small" className="flex-none" onClick={() => changeView({ filters: {}, q: '' })}>
          <X aria-hidden />
          {t('clear')}
        </Button>
      ) : null}
    </fieldset>
  )
}

function FilterButton({
  name,
  items,
  value,
  onChange,
}: {
  name: string
  items: ComboboxItem[]
  value: readonly string[]
  onChange: (values: string[]) => void
}) {
  const t = useTranslations('tickets.filter')
  const first = items.find((item) => item.value === value[0])?.label ?? '…'
  const words =
    value.length > 1
      ? t('several', { name, first, more: value.length - 1 })
      : value.length
        ? t('one', { name, first })
        : name
  return (
    <Combobox
      multiple
      label={name}
      items={items}
      value={value}
      onChange={onChange}
      trigger={
        <Button
          size="small"
          className={cn(
            'max-w-56 flex-none',
            value.length > 0 && 'border-accent-line! bg-accent-soft! text-accent-ink!',
          )}
        >
          <span className="truncate">{words}</span>
          <ChevronDown aria-hidden className="opacity-60" />
        </Button>
      }
    />
  )
}
