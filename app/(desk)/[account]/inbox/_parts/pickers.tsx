/** Choosing an owner, a team, a priority, labels: one picker each, used in the head, at the side and by key. */
'use client'

import UserRoundX from 'lucide-react/icons/user-round-x'
import Users from 'lucide-react/icons/users'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useAccount } from '@/app/_ui/account'
import { Avatar } from '@/app/_ui/avatar'
import { ButtonLink } from '@/app/_ui/button'
import { Dot } from '@/app/_ui/chip'
import { Combobox, type ComboboxItem } from '@/app/_ui/combobox'
import type { TriggerElement } from '@/app/_ui/lazy-trigger'
import { Menu } from '@/app/_ui/menu'
import type { ConversationRow } from '@/lib/features/conversations/row'
import type { Actions } from '../_data/actions'
import { usePeople } from '../_data/people'
import { PriorityIcon } from './priority-icon'

export interface PickerProps {
  conversation: ConversationRow
  actions: Actions
  trigger: TriggerElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
  align?: 'start' | 'end'
}

const none = 'none'

export function AssigneePicker({ conversation, actions, ...rest }: PickerProps) {
  const t = useTranslations('inbox.pick')
  const people = usePeople()
  const items = useMemo(() => {
    const workers = people.members.filter((member) => member.role !== 'viewer')
    const mineFirst = [...workers].sort(
      (a, b) => Number(b.id === people.me) - Number(a.id === people.me) || Number(b.here) - Number(a.here),
    )
    const list: ComboboxItem[] = mineFirst.map((member) => ({
      value: member.id,
      label: member.name,
      icon: <Avatar name={member.name} className="size-5 text-[0.625rem]" />,
      hint: member.id === people.me ? t('me') : member.here ? t('here') : undefined,
    }))
    return [...list, { value: none, label: t('nobody'), icon: <UserRoundX aria-hidden /> }]
  }, [people, t])
  return (
    <Combobox
      {...rest}
      label={t('assign')}
      items={items}
      value={conversation.assigneeId ?? none}
      onChange={(value) => void actions.assign(value === none ? null : value)}
    />
  )
}

export function TeamPicker({ conversation, actions, ...rest }: PickerProps) {
  const t = useTranslations('inbox.pick')
  const people = usePeople()
  const items = [
    ...people.teams.map((team) => ({ value: team.id, label: team.name, icon: <Users aria-hidden /> })),
    { value: none, label: t('noTeam') },
  ]
  return (
    <Combobox
      {...rest}
      label={t('team')}
      items={items}
      value={conversation.teamId ?? none}
      onChange={(value) => void actions.team(value === none ? null : value)}
    />
  )
}

export function PriorityPicker({ conversation, actions, ...rest }: PickerProps) {
  const t = useTranslations('inbox')
  return (
    <Menu
      {...rest}
      label={t('pick.priority')}
      items={(['urgent', 'high', 'normal', 'low'] as const).map((value) => ({
        label: t(`priority.${value}`),
        icon: <PriorityIcon value={value} always />,
        checked: conversation.priority === value,
        onSelect: () => void actions.priority(value),
      }))}
    />
  )
}

export function LabelPicker({ conversation, actions, ...rest }: PickerProps) {
  const t = useTranslations('inbox.pick')
  const people = usePeople()
  const account = useAccount()
  return (
    <Combobox
      {...rest}
      multiple
      label={t('labels')}
      items={people.labels.map((label) => ({
        value: label.id,
        label: label.name,
        icon: <Dot colour={label.colour} />,
      }))}
      value={conversation.labelIds}
      onChange={(labelIds) => void actions.labels(labelIds)}
      footer={
        <ButtonLink href={`/${account}/settings/labels`} look="ghost" size="small" className="w-full justify-start">
          {t(people.labels.length ? 'manageLabels' : 'noLabels')}
        </ButtonLink>
      }
    />
  )
}
