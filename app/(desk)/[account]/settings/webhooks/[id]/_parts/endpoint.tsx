/** The page of one endpoint. */
'use client'

import ArrowLeft from 'lucide-react/icons/arrow-left'
import KeyRound from 'lucide-react/icons/key-round'
import Pencil from 'lucide-react/icons/pencil'
import Trash from 'lucide-react/icons/trash-2'
import Link from 'next/link'
import { useLocale, useTranslations } from 'next-intl'
import { useId, useState } from 'react'
import { useAccount } from '@/app/_ui/account'
import { ApiError } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Switch } from '@/app/_ui/input'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { formatLong } from '@/app/_ui/time'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { canManageWebhooks } from '@/lib/features/accounts/permissions'
import type { EndpointChange, EndpointDraft } from '@/lib/features/webhooks/input'
import type { ListedEndpoint } from '@/lib/features/webhooks/read'
import type { Webhooks } from '@/lib/flows/read-webhooks'
import { PageFrame, Section, useMay } from '../../../_parts/page-frame'
import { useSettings } from '../../../_parts/use-settings'
import { Code } from '../../../inbox/_parts/install'
import { EndpointForm } from '../../_parts/endpoint-form'
import { SecretDialog } from '../../_parts/secret-dialog'
import { StateChip } from '../../_parts/state-chip'
import { Log } from './log'
import { RemoveDialog } from './remove-dialog'

export function EndpointPage({ id }: { id: string }) {
  const t = useTranslations('webhooks')
  const account = useAccount()
  const may = useMay(canManageWebhooks)
  const { query } = useSettings<Webhooks>('webhooks')
  const endpoint = query.data?.endpoints.find((one) => one.id === id)
  const missing = query.data && !endpoint ? new ApiError('not_found', 404) : null
  const back = (
    <Link
      href={`/${account}/settings/webhooks`}
      className="inline-flex items-center gap-1 rounded-sm text-ink-2 hover:text-ink"
    >
      <ArrowLeft aria-hidden className="size-4" />
      {t('back')}
    </Link>
  )
  return (
    <PageFrame title={endpoint ? nameOf(endpoint) : t('title')} lead={back} may={may}>
      {endpoint && query.data ? (
        <>
          <Told endpoint={endpoint} opened={query.data.opened} />
          <Log endpoint={endpoint} />
          <Secret endpoint={endpoint} />
          <Remove endpoint={endpoint} />
        </>
      ) : query.error || missing ? (
        <ErrorState error={query.error ?? missing} retry={() => query.refetch()} />
      ) : (
        <SkeletonRows rows={5} />
      )}
    </PageFrame>
  )
}

const nameOf = ({ description, url }: ListedEndpoint): string =>
  description || (URL.canParse(url) ? new URL(url).host : url)

function Told({ endpoint, opened }: { endpoint: ListedEndpoint; opened: boolean }) {
  const t = useTranslations('webhooks')
  const { api, again, show } = useSettings<Webhooks>('webhooks')
  const [editing, setEditing] = useState(false)
  const toggle = useId()
  const { id, url, description, events, enabled } = endpoint
  const change = async (to: EndpointChange, back: EndpointChange, said: string) => {
    await api.patch(`webhooks/${id}`, to)
    toastUndo(said, () => api.patch(`webhooks/${id}`, back).then(again))
    await again()
  }
  const onOff = async (on: boolean) => {
    const offBecause = on ? null : ('person' as const)
    const seen = (one: ListedEndpoint) => (one.id === id ? { ...one, enabled: on, offBecause } : one)
    show((old) => ({ ...old, endpoints: old.endpoints.map(seen) }))
    try {
      await change({ enabled: on }, { enabled: !on }, t(on ? 'switchedOn' : 'switchedOff'))
    } catch (error) {
      toastError(error)
      await again()
    }
  }
  const save = async (draft: EndpointDraft) => {
    await change(draft, { url, description, events }, t('changed'))
    setEditing(false)
  }
  return (
    <section className="panel flex flex-col gap-3 p-4">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <p className="min-w-0 flex-1 basis-64 font-mono text-xs leading-5 wrap-anywhere" dir="ltr">
          {url}
        </p>
        <StateChip endpoint={endpoint} />
      </div>
      <ul aria-label={t('eventsLabel')} className="flex flex-wrap gap-1.5">
        {events.map((event) => (
          <li key={event} className="rounded-sm bg-canvas px-1.5 py-0.5 font-mono text-xs text-ink-2" lang="en">
            {event}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <span className="flex items-center gap-2">
          <Switch id={toggle} checked={enabled} onChange={({ target }) => void onOff(target.checked)} />
          <label htmlFor={toggle}>{t('onLabel')}</label>
        </span>
        <Button onClick={() => setEditing(true)}>
          <Pencil aria-hidden />
          {t('edit')}
        </Button>
      </div>
      <Dialog open={editing} onOpenChange={setEditing} title={t('edit')} size="wide">
        <EndpointForm
          start={{ url, description, events }}
          opened={opened}
          submit={t('save')}
          onSave={save}
          onCancel={() => setEditing(false)}
        />
      </Dialog>
    </section>
  )
}

const example = `import { Webhook } from 'standardwebhooks'

// Throws when the request is not from here, or is older than five minutes.
new Webhook(secret).verify(body, headers)`

function Secret({ endpoint: { id, previousUntil } }: { endpoint: ListedEndpoint }) {
  const t = useTranslations('webhooks.secret')
  const locale = useLocale()
  const { api, again } = useSettings<Webhooks>('webhooks')
  const [secret, setSecret] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const renew = async () => {
    setBusy(true)
    try {
      setSecret((await api.post<{ secret: string }>(`webhooks/${id}/secret`)).secret)
      await again()
    } catch (error) {
      toastError(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Section title={t('title')} lead={t('lead')}>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button busy={busy} onClick={() => void renew()}>
          <KeyRound aria-hidden />
          {t('renew')}
        </Button>
        {previousUntil ? (
          <p className="text-ink-2">{t('both', { time: formatLong(Date.parse(previousUntil), locale) })}</p>
        ) : null}
      </div>
      <details>
        <summary className="w-fit rounded-sm font-medium text-accent-ink">{t('how')}</summary>
        <div className="mt-3 flex flex-col gap-3">
          <p className="text-ink-2">{t('step')}</p>
          <Code text={example} />
        </div>
      </details>
      <SecretDialog secret={secret} onClose={() => setSecret(null)} />
    </Section>
  )
}

function Remove({ endpoint }: { endpoint: ListedEndpoint }) {
  const t = useTranslations('webhooks.remove')
  const [asking, setAsking] = useState(false)
  return (
    <div>
      <Button look="danger" onClick={() => setAsking(true)}>
        <Trash aria-hidden />
        {t('action')}
      </Button>
      <RemoveDialog id={endpoint.id} open={asking} onClose={() => setAsking(false)} />
    </div>
  )
}
