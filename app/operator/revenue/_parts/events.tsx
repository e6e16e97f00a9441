/** What Stripe sent, by state and a page at a time, and a way to have one acted on once more. */
'use client'

import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { api } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { Chip } from '@/app/_ui/chip'
import { Segmented } from '@/app/_ui/segmented'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { Time } from '@/app/_ui/time'
import { toast, toastError } from '@/app/_ui/toast'
import type { EventPage, StripeEventRow } from '@/lib/features/billing/operator-lists'

const tones = { queued: undefined, done: 'good', ignored: undefined, failed: 'bad' } as const
const shown = ['all', 'queued', 'failed', 'ignored'] as const
type Shown = (typeof shown)[number]

/** @param billed money moves: where none does there is nothing to set up, and nothing is shown until something came */
export function Events({ billed }: { billed: boolean }) {
  const t = useTranslations('operator.events')
  const [state, setState] = useState<Shown>('all')
  const query = useInfiniteQuery({
    queryKey: ['operator', 'events', state],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      api.get<EventPage>(
        'operator/events',
        { state: state === 'all' ? undefined : state, before: pageParam },
        { signal },
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  })
  const events = query.data?.pages.flatMap((page) => page.events)
  const never = state === 'all' && events?.length === 0
  if (!billed && (never || !events)) return null
  return (
    <section className="flex flex-col gap-2">
      <header className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div>
          <h2 className="text-lg">{t('title')}</h2>
          <p className="text-pretty text-ink-2">
            {never ? t('none', { url: `${globalThis.location?.origin ?? ''}/api/stripe` }) : t('lead')}
          </p>
        </div>
        {never ? null : (
          <Segmented
            label={t('state')}
            options={shown.map((value) => ({ value, label: t(value) }))}
            value={state}
            onChange={setState}
            className="max-w-full overflow-x-auto"
          />
        )}
      </header>
      {query.error && !events ? (
        <ErrorState heading="h3" error={query.error} retry={() => query.refetch()} />
      ) : !events ? (
        <SkeletonRows rows={6} />
      ) : events.length ? (
        <ul className="panel max-h-[28rem] divide-y divide-line overflow-auto">
          {events.map((event) => (
            <EventRow key={event.id} event={event} />
          ))}
        </ul>
      ) : never ? null : (
        <p className="panel px-4 py-6 text-center text-ink-2">{t('noneSo')}</p>
      )}
      {query.hasNextPage ? (
        <Button className="self-start" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('more')}
        </Button>
      ) : null}
    </section>
  )
}

function EventRow({ event }: { event: StripeEventRow }) {
  const t = useTranslations('operator.events')
  const client = useQueryClient()
  const replay = async () => {
    try {
      await api.post(`operator/events/${event.id}/replay`, {})
      toast(t('replayed'))
      await client.invalidateQueries({ queryKey: ['operator'] })
    } catch (error) {
      toastError(error)
    }
  }
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
      <div className="min-w-0 flex-1 basis-56">
        <p className="truncate">
          <span className="font-medium">{event.type}</span>
          {event.account ? <span className="text-ink-2"> · {event.account}</span> : null}
        </p>
        <p className="truncate text-xs text-ink-3">{event.problem ?? event.id}</p>
      </div>
      <Chip tone={tones[event.state]}>{t(event.state)}</Chip>
      <span className="text-xs text-ink-3">
        <Time at={String(event.receivedAt)} />
      </span>
      {event.state === 'queued' ? null : (
        <Button look="ghost" size="small" onClick={replay}>
          {t('replay')}
        </Button>
      )}
    </li>
  )
}
