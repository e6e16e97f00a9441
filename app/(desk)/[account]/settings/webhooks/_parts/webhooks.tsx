/** The webhooks page: the account's endpoints, each with how it fares, and the way to add one. */
'use client'

import Plus from 'lucide-react/icons/plus'
import Webhook from 'lucide-react/icons/webhook'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAccount } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { EmptyState, ErrorState, SkeletonRows } from '@/app/_ui/states'
import { toast } from '@/app/_ui/toast'
import { canManageWebhooks } from '@/lib/features/accounts/permissions'
import type { EndpointDraft } from '@/lib/features/webhooks/input'
import type { ListedEndpoint } from '@/lib/features/webhooks/read'
import type { Webhooks } from '@/lib/flows/read-webhooks'
import { PageFrame, useMay } from '../../_parts/page-frame'
import { useSettings } from '../../_parts/use-settings'
import { EndpointForm } from './endpoint-form'
import { SecretDialog } from './secret-dialog'
import { StateChip } from './state-chip'

export function WebhooksPage() {
  const t = useTranslations('webhooks')
  const may = useMay(canManageWebhooks)
  const sees = useMay(canManageWebhooks, { waiting: true })
  const [adding, setAdding] = useState(false)
  const add = (
    <Button look="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden />
      {t('add')}
    </Button>
  )
  return (
    <PageFrame title={t('title')} lead={t('lead')} may={may} action={add}>
      {sees ? <Endpoints adding={adding} setAdding={setAdding} /> : null}
    </PageFrame>
  )
}

function Endpoints({ adding, setAdding }: { adding: boolean; setAdding: (adding: boolean) => void }) {
  const t = useTranslations('webhooks')
  const { query, api, again } = useSettings<Webhooks>('webhooks')
  const [secret, setSecret] = useState<string | null>(null)
  const save = async (draft: EndpointDraft) => {
    const made = await api.post<{ id: string; secret: string }>('webhooks', draft)
    setAdding(false)
    setSecret(made.secret)
    toast(t('added'))
    await again()
  }
  return (
    <>
      {query.data ? (
        <EndpointList {...query.data} />
      ) : query.error ? (
        <ErrorState error={query.error} retry={() => query.refetch()} />
      ) : (
        <SkeletonRows rows={3} className="panel" />
      )}
      <Dialog open={adding} onOpenChange={setAdding} title={t('addTitle')} size="wide">
        <EndpointForm
          opened={query.data?.opened ?? false}
          submit={t('add')}
          onSave={save}
          onCancel={() => setAdding(false)}
        />
      </Dialog>
      <SecretDialog secret={secret} onClose={() => setSecret(null)} />
    </>
  )
}

function EndpointList({ endpoints, most }: Webhooks) {
  const t = useTranslations('webhooks')
  if (!endpoints.length)
    return (
      <EmptyState icon={<Webhook />} title={t('emptyTitle')}>
        {t('empty')}
      </EmptyState>
    )
  return (
    <div className="flex flex-col gap-1.5">
      <ul aria-label={t('title')} className="panel divide-y divide-line">
        {endpoints.map((endpoint) => (
          <EndpointRow key={endpoint.id} endpoint={endpoint} />
        ))}
      </ul>
      <p className="numbers px-1 text-xs text-ink-3">{t('room', { count: endpoints.length, most })}</p>
    </div>
  )
}

function EndpointRow({ endpoint }: { endpoint: ListedEndpoint }) {
  const t = useTranslations('webhooks')
  const account = useAccount()
  return (
    <li>
      <Link
        href={`/${account}/settings/webhooks/${endpoint.id}`}
        className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5 hover:bg-hover"
      >
        <span className="flex min-w-0 flex-1 basis-64 flex-col">
          <span className="truncate font-medium" dir="ltr">
            {endpoint.url}
          </span>
          <span className="truncate text-xs text-ink-3">
            {endpoint.description ? `${endpoint.description} · ` : ''}
            {t('told', { count: endpoint.events.length })}
          </span>
        </span>
        <StateChip endpoint={endpoint} />
      </Link>
    </li>
  )
}
