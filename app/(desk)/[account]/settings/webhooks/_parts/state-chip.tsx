/** Whether an endpoint is sent anything, and whether it arrives: in words. */
'use client'

import { useLocale, useTranslations } from 'next-intl'
import { Chip } from '@/app/_ui/chip'
import { formatTime, useNow } from '@/app/_ui/time'
import type { ListedEndpoint } from '@/lib/features/webhooks/read'

export function StateChip({ endpoint: { enabled, offBecause, failingSince } }: { endpoint: ListedEndpoint }) {
  const t = useTranslations('webhooks.state')
  const locale = useLocale()
  const now = useNow()
  if (offBecause === 'failing') return <Chip tone="bad">{t('offFailing')}</Chip>
  if (offBecause === 'gone') return <Chip tone="bad">{t('offGone')}</Chip>
  if (!enabled) return <Chip tone="outline">{t('off')}</Chip>
  if (failingSince)
    return (
      <Chip tone="warn">{t('failing', { time: now ? formatTime(Date.parse(failingSince), locale, now) : '' })}</Chip>
    )
  return <Chip tone="good">{t('on')}</Chip>
}
