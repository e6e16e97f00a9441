/** A line between two days. */
'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { useNow } from '@/app/_ui/time'

export function Day({ at }: { at: string }) {
  const t = useTranslations('inbox.transcript')
  const format = useFormatter()
  const now = useNow()
  if (!now) return null
  const date = new Date(at)
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const same = (days: number) => new Date(now - days * 86_400_000).toDateString() === date.toDateString()
  const year = date.getFullYear() === new Date(now).getFullYear() ? undefined : 'numeric'
  return (
    <div className="flex items-center gap-3 py-3 text-xs text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      <time dateTime={at.slice(0, 10)}>
        {same(0)
          ? t('today')
          : same(1)
            ? t('yesterday')
            : format.dateTime(date, { weekday: 'long', day: 'numeric', month: 'long', year, timeZone })}
      </time>
    </div>
  )
}
