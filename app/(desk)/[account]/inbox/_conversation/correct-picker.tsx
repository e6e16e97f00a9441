/** Opens the choice of labels beside the chip that is wrong; also by one key for the visitor's newest message. */
'use client'

import { useTranslations } from 'next-intl'
import { lazy, Suspense, useState } from 'react'
import type { CommandId } from '@/app/_ui/commands'
import { useCommand } from '@/app/_ui/keyboard'
import type { TriggerElement } from '@/app/_ui/lazy-trigger'
import { Popover } from '@/app/_ui/popover'
import { whenNeeded } from '@/app/_ui/when-needed'
import type { CorrectedField, DeskMessage } from '@/lib/features/conversations/transcript'
import { useCorrect } from '../_data/correct'

const load = whenNeeded(() => import('./correct-panel').then((module) => ({ default: module.CorrectPanel })))
const CorrectPanel = lazy(load)
/** See `preloadPopover`. */
export const preloadCorrectPanel = () => void load()

export function CorrectPicker({
  field,
  message,
  conversationId,
  trigger,
  command,
  opened = false,
}: {
  field: CorrectedField
  message: DeskMessage
  conversationId: string
  trigger: TriggerElement
  command: CommandId | undefined
  /** It stands open from the beginning. */
  opened?: boolean
}) {
  const t = useTranslations('inbox.correct')
  const [open, setOpen] = useState(opened)
  const correct = useCorrect(conversationId)
  useCommand(command ?? 'correctIntent', () => setOpen(true), command !== undefined)
  return (
    <Popover label={t(field)} trigger={trigger} open={open} onOpenChange={setOpen} className="w-72 p-0">
      <Suspense>
        <CorrectPanel
          field={field}
          message={message}
          choose={(value, name) => {
            setOpen(false)
            void correct(message, field, value, name)
          }}
        />
      </Suspense>
    </Popover>
  )
}
