/** Status and priority as a sign with its word: the sign is quick, the word is sure. */
'use client'

import AlarmClock from 'lucide-react/icons/alarm-clock'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleDot from 'lucide-react/icons/circle-dot'
import CirclePause from 'lucide-react/icons/circle-pause'
import OctagonAlert from 'lucide-react/icons/octagon-alert'
import SignalHigh from 'lucide-react/icons/signal-high'
import SignalLow from 'lucide-react/icons/signal-low'
import SignalMedium from 'lucide-react/icons/signal-medium'
import { useTranslations } from 'next-intl'
import { cn } from '@/app/_ui/cn'
import type { Ticket } from '@/lib/flows/list-tickets'

const statusIcons = { open: CircleDot, pending: CirclePause, snoozed: AlarmClock, resolved: CircleCheck }
const statusInks = {
  open: 'text-accent-ink',
  pending: 'text-warn-ink',
  snoozed: 'text-ink-3',
  resolved: 'text-good-ink',
}
const priorityIcons = { urgent: OctagonAlert, high: SignalHigh, normal: SignalMedium, low: SignalLow }
const priorityInks = { urgent: 'text-bad-ink', high: 'text-warn-ink', normal: 'text-ink-3', low: 'text-ink-3' }

export function StatusIcon({ value }: { value: Ticket['status'] }) {
  const Icon = statusIcons[value]
  return <Icon aria-hidden className={cn('size-4 flex-none', statusInks[value])} />
}

export function PriorityIcon({ value }: { value: Ticket['priority'] }) {
  const Icon = priorityIcons[value]
  return <Icon aria-hidden className={cn('size-4 flex-none', priorityInks[value])} />
}

export function StatusMark({ value, className }: { value: Ticket['status']; className?: string }) {
  const t = useTranslations('tickets.status')
  return (
    <span className={cn('flex min-w-0 items-center gap-1.5', className)}>
      <StatusIcon value={value} />
      <span className="truncate">{t(value)}</span>
    </span>
  )
}

/** The usual priority is not worth a sign: those that stand out shall stand out. */
export function PriorityMark({ value }: { value: Ticket['priority'] }) {
  const t = useTranslations('tickets.priority')
  const quiet = value === 'normal' || value === 'low'
  return (
    <span className={cn('flex min-w-0 items-center gap-1.5', quiet && 'text-ink-3')}>
      {value === 'normal' ? <span className="w-4 flex-none" /> : <PriorityIcon value={value} />}
      <span className="truncate">{t(value)}</span>
    </span>
  )
}
