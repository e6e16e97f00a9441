/** Until when a conversation leaves the list: the usual moments, or any. */
'use client'

import { useTranslations } from 'next-intl'
import { lazy, Suspense } from 'react'
import { Popover } from '@/app/_ui/popover'
import { whenNeeded } from '@/app/_ui/when-needed'
import type { PickerProps } from './pickers'

const SnoozePanel = lazy(whenNeeded(() => import('./snooze-panel').then((module) => ({ default: module.SnoozePanel }))))

export function SnoozePicker({ actions, conversation, ...rest }: PickerProps) {
  const t = useTranslations('inbox.snooze')
  return (
    <Popover {...rest} label={t('title')} className="w-72 p-1">
      {(close) => (
        <Suspense>
          <SnoozePanel
            choose={(until) => {
              close()
              void actions.snooze(until)
            }}
            wake={
              conversation.status === 'snoozed'
                ? () => {
                    close()
                    void actions.status('open')
                  }
                : null
            }
          />
        </Suspense>
      )}
    </Popover>
  )
}
