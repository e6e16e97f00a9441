/** The pickers as small buttons in the head; keys open them. */
'use client'

import AlarmClock from 'lucide-react/icons/alarm-clock'
import Tag from 'lucide-react/icons/tag'
import UserRoundPlus from 'lucide-react/icons/user-round-plus'
import Users from 'lucide-react/icons/users'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Avatar } from '@/app/_ui/avatar'
import { IconButton } from '@/app/_ui/button'
import type { CommandId } from '@/app/_ui/commands'
import { useCommand } from '@/app/_ui/keyboard'
import type { ConversationRow } from '@/lib/features/conversations/row'
import type { Actions } from '../_data/actions'
import { usePeople } from '../_data/people'
import { AssigneePicker, LabelPicker, PriorityPicker, TeamPicker } from './pickers'
import { PriorityIcon } from './priority-icon'
import { SnoozePicker } from './snooze-picker'

/** Open state that a key can set. */
function useKeyed(id: CommandId) {
  const [open, onOpenChange] = useState(false)
  useCommand(id, () => onOpenChange(true))
  return { open, onOpenChange }
}

export function HeadPickers({ conversation, actions }: { conversation: ConversationRow; actions: Actions }) {
  const t = useTranslations('inbox.head')
  const people = usePeople()
  const owner = people.member(conversation.assigneeId)
  const shared = { conversation, actions, align: 'end' } as const
  return (
    <div className="flex flex-none items-center">
      <AssigneePicker
        {...shared}
        {...useKeyed('assign')}
        trigger={
          <IconButton label={t('assign')} command="assign">
            {owner ? <Avatar name={owner.name} className="size-5 text-[0.625rem]" /> : <UserRoundPlus aria-hidden />}
          </IconButton>
        }
      />
      <TeamPicker
        {...shared}
        {...useKeyed('team')}
        trigger={
          <IconButton label={t('team')} command="team">
            <Users aria-hidden />
          </IconButton>
        }
      />
      <PriorityPicker
        {...shared}
        {...useKeyed('priority')}
        trigger={
          <IconButton label={t('priority')} command="priority">
            <span aria-hidden className="contents [&_span]:pointer-events-none">
              <PriorityIcon value={conversation.priority} always />
            </span>
          </IconButton>
        }
      />
      <LabelPicker
        {...shared}
        {...useKeyed('label')}
        trigger={
          <IconButton label={t('labels')} command="label">
            <Tag aria-hidden />
          </IconButton>
        }
      />
      <SnoozePicker
        {...shared}
        {...useKeyed('snooze')}
        trigger={
          <IconButton label={t('snooze')} command="snooze">
            <AlarmClock aria-hidden />
          </IconButton>
        }
      />
    </div>
  )
}

/** Where the head has no room: the same keys open the details, which hold the same pickers. */
export function PickersInDetails({ show }: { show: () => void }) {
  useCommand('assign', show)
  useCommand('team', show)
  useCommand('priority', show)
  useCommand('label', show)
  useCommand('snooze', show)
  return null
}
