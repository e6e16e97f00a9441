/** The priority as a small sign; the usual one is not worth a sign. */
'use client'

import OctagonAlert from 'lucide-react/icons/octagon-alert'
import SignalHigh from 'lucide-react/icons/signal-high'
import SignalLow from 'lucide-react/icons/signal-low'
import SignalMedium from 'lucide-react/icons/signal-medium'
import { useTranslations } from 'next-intl'
import { cn } from '@/app/_ui/cn'
import type { Priority } from '@/lib/features/conversations/activity'

const icons = { urgent: OctagonAlert, high: SignalHigh, normal: SignalMedium, low: SignalLow }
const inks = { urgent: 'text-bad-ink', high: 'text-warn-ink', normal: 'text-ink-3', low: 'text-ink-3' }

export function PriorityIcon({ value, always }: { value: Priority; always?: boolean }) {
  const t = useTranslations('inbox.priority')
  if (value === 'normal' && !always) return null
  const Icon = icons[value]
  const words = `${t('label')}: ${t(value)}`
  return (
    <span role="img" aria-label={words} data-tip={words} className={cn('inline-flex flex-none', inks[value])}>
      <Icon aria-hidden className={value === 'urgent' ? 'size-3.5' : 'size-4'} />
    </span>
  )
}
