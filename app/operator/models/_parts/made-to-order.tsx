/** Accounts that consented, how the last model made for each went, and a press that starts the next. */
'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import GraduationCap from 'lucide-react/icons/graduation-cap'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { api } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { Chip } from '@/app/_ui/chip'
import { EmptyState, ErrorState, SkeletonRows } from '@/app/_ui/states'
import { Time } from '@/app/_ui/time'
import { toast, toastError } from '@/app/_ui/toast'
import type { ConsentingAccount } from '@/lib/flows/order-training'

const key = ['operator', 'models']
const underWay = (state: string | null | undefined) => state === 'queued' || state === 'running'

export function MadeToOrder() {
  const t = useTranslations('operator.models')
  const query = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => api.get<{ accounts: ConsentingAccount[] }>('operator/models', {}, { signal }),
    refetchInterval: ({ state }) => (state.data?.accounts.some(({ order }) => underWay(order?.state)) ? 2_000 : 30_000),
  })
  if (query.error && !query.data) return <ErrorState error={query.error} retry={() => query.refetch()} />
  if (!query.data) return <SkeletonRows rows={4} />
  const { accounts } = query.data
  if (!accounts.length)
    return (
      <EmptyState icon={<GraduationCap />} title={t('empty')}>
        {t('emptyLead')}
      </EmptyState>
    )
  return (
    <ul className="panel divide-y divide-line">
      {accounts.map((account) => (
        <Account key={account.id} account={account} />
      ))}
    </ul>
  )
}

function Account({ account }: { account: ConsentingAccount }) {
  const t = useTranslations('operator.models')
  const format = useFormatter()
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)
  const { order } = account
  const train = async () => {
    setBusy(true)
    try {
      await api.post(`operator/models/${account.id}/train`)
      toast(t('started', { name: account.name }))
    } catch (error) {
      toastError(error)
    }
    await client.invalidateQueries({ queryKey: key })
    setBusy(false)
  }
  const stood = order?.state === 'succeeded' ? (order.decision ?? 'waits') : (order?.state ?? null)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="truncate font-medium">{account.name}</p>
        <p className="text-xs text-ink-3">
          {t('since')} <Time at={String(account.since)} />
        </p>
      </div>
      {account.service === 'unsold' ? null : (
        <Chip tone={account.service === 'paid' ? 'good' : account.service === 'none' ? 'warn' : 'plain'}>
          {t(`service.${account.service}`)}
        </Chip>
      )}
      {order && stood ? (
        <span className="flex items-center gap-2 text-xs text-ink-3">
          {order.accuracy === null ? null : (
            <span className="numbers">
              {t('right', { share: format.number(order.accuracy, { style: 'percent', maximumFractionDigits: 1 }) })}
            </span>
          )}
          <Chip tone={stood === 'accepted' ? 'good' : stood === 'failed' ? 'bad' : 'plain'}>{t(`state.${stood}`)}</Chip>
          <Time at={String(order.createdAt)} />
        </span>
      ) : null}
      <Button
        size="small"
        busy={busy}
        disabled={account.service === 'none' || underWay(order?.state)}
        onClick={() => void train()}
      >
        {t('train')}
      </Button>
    </li>
  )
}
