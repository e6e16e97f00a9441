/** The log of an endpoint: what was sent in the last days, how it went, and the ways to send something now. */
'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import ScrollText from 'lucide-react/icons/scroll-text'
import Send from 'lucide-react/icons/send'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { Select } from '@/app/_ui/input'
import { EmptyState, ErrorState, SkeletonRows } from '@/app/_ui/states'
import { toast, toastError } from '@/app/_ui/toast'
import { type DeliveryState, deliveryStates } from '@/lib/features/webhooks/events'
import type { ListedEndpoint } from '@/lib/features/webhooks/read'
import type { Deliveries } from '@/lib/flows/read-webhooks'
import { DeliveryRow } from './delivery-row'

/** While something waits it moves soon; else now and then. Milliseconds. */
const soon = 2_000
const later = 15_000

export function useLog(id: string, state: DeliveryState | '') {
  const api = useApi()
  const account = useAccount()
  return useInfiniteQuery({
    queryKey: [account, 'webhooks', id, state],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api.get<Deliveries>(`webhooks/${id}/deliveries`, { state, before: pageParam }, { signal }),
    getNextPageParam: (page) => (page.more ? page.deliveries.at(-1)?.id : undefined),
    refetchInterval: ({ state: { data } }) =>
      data?.pages[0]?.deliveries.some((one) => one.state === 'queued') ? soon : later,
  })
}

export function Log({ endpoint: { id, enabled } }: { endpoint: ListedEndpoint }) {
  const t = useTranslations('webhooks.log')
  const api = useApi()
  const [state, setState] = useState<DeliveryState | ''>('')
  const [busy, setBusy] = useState(false)
  const query = useLog(id, state)
  const rows = query.data?.pages.flatMap((page) => page.deliveries)
  const send = async (path: string, said: string) => {
    setBusy(true)
    try {
      await api.post(`webhooks/${id}/${path}`)
      toast(said)
      await query.refetch()
    } catch (error) {
      toastError(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <section className="flex flex-col gap-3">
      <header className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="text-lg">{t('title')}</h2>
          <p className="text-pretty text-ink-2">{t('lead')}</p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Select
            aria-label={t('filter')}
            value={state}
            onChange={({ target }) => setState(target.value as DeliveryState | '')}
          >
            <option value="">{t('any')}</option>
            {deliveryStates.map((one) => (
              <option key={one} value={one}>
                {t(one)}
              </option>
            ))}
          </Select>
          <Button busy={busy} disabled={!enabled} onClick={() => void send('test', t('testSent'))}>
            <Send aria-hidden />
            {t('test')}
          </Button>
        </div>
      </header>
      {rows ? (
        rows.length ? (
          <ol aria-label={t('title')} className="panel divide-y divide-line">
            {rows.map((row) => (
              <DeliveryRow
                key={row.id}
                row={row}
                again={enabled ? () => void send(`deliveries/${row.id}/resend`, t('againSent')) : null}
              />
            ))}
          </ol>
        ) : (
          <EmptyState icon={<ScrollText />} title={t('emptyTitle')} heading="h3" className="panel w-full max-w-none">
            {t(state ? 'nothing' : 'empty')}
          </EmptyState>
        )
      ) : query.error ? (
        <ErrorState error={query.error} retry={() => query.refetch()} heading="h3" />
      ) : (
        <SkeletonRows rows={4} className="panel" />
      )}
      {query.hasNextPage ? (
        <Button
          className="self-center"
          busy={query.isFetchingNextPage}
          onClick={() => query.fetchNextPage().catch(toastError)}
        >
          {t('older')}
        </Button>
      ) : null}
    </section>
  )
}
