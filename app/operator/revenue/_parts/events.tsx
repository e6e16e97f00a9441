/** What Stripe sent, and a way to have one acted on once more. */
'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { api } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { Chip } from '@/app/_ui/chip'
import { Time } from '@/app/_ui/time'
import { toast, toastError } from '@/app/_ui/toast'
import type { OperatedBilling } from '@/lib/flows/operate-billing'

const tones = { queued: undefined, done: 'good', ignored: undefined, failed: 'bad' } as const

export function Events({ events }: Pick<OperatedBilling, 'events'>) {
  const t = useTranslations('operator.events')
  const client = useQueryClient()
  const replay = async (id: string) => {
    try {
      await api.post(`operator/events/${id}/replay`, {})
      toast(t('replayed'))
      await client.invalidateQueries({ queryKey: ['operator', 'revenue'] })
    } catch (error) {
      toastError(error)
    }
  }
  return (
    <section className="flex flex-col gap-2">
      <header>
        <h2 className="text-lg">{t('title')}</h2>
        <p className="text-pretty text-ink-2">
          {events.length ? t('lead') : t('none', { url: `${globalThis.location?.origin ?? ''}/api/stripe` })}
        </p>
      </header>
      {events.length ? (
        <ul className="panel max-h-[28rem] divide-y divide-line overflow-auto">
          {events.map((event) => (
            <li key={event.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
              <div className="min-w-0 flex-1 basis-56">
                <p className="truncate font-medium">{event.type}</p>
                <p className="truncate text-xs text-ink-3">{event.problem ?? event.id}</p>
              </div>
              <Chip tone={tones[event.state]}>{t(event.state)}</Chip>
              <span className="text-xs text-ink-3">
                <Time at={String(event.receivedAt)} />
              </span>
              {event.state === 'queued' ? null : (
                <Button look="ghost" size="small" onClick={() => replay(event.id)}>
                  {t('replay')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  )
}
