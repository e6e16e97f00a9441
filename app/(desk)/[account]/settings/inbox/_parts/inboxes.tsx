/** The website chat page: which inbox, and its parts one under the other with the preview beside the look. */
'use client'

import MessageCircle from 'lucide-react/icons/message-circle'
import Plus from 'lucide-react/icons/plus'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { cn } from '@/app/_ui/cn'
import { useErrorWords } from '@/app/_ui/error-words'
import { Field } from '@/app/_ui/field'
import { Input } from '@/app/_ui/input'
import { Popover } from '@/app/_ui/popover'
import { EmptyState, ErrorState, SkeletonRows } from '@/app/_ui/states'
import { toastUndo } from '@/app/_ui/toast'
import { canManageInboxes } from '@/lib/features/accounts/permissions'
import type { MadeInbox } from '@/lib/features/inboxes/write'
import { PageFrame, useMay } from '../../_parts/page-frame'
import { Archive } from './archive'
import { type InboxData, type InboxSettings, useInboxes } from './data'
import { Identity } from './identity'
import { Install } from './install'
import { LookAndWords } from './look'
import { Origins } from './origins'

export function Inboxes() {
  const t = useTranslations('settings.inbox')
  const may = useMay(canManageInboxes)
  const { query } = useInboxes()
  const [chosen, setChosen] = useState<string | null>(null)
  const inboxes = query.data?.inboxes ?? []
  const inbox = inboxes.find((one) => one.id === chosen) ?? inboxes.find((one) => !one.archivedAt) ?? inboxes[0]
  return (
    <PageFrame wide title={t('title')} lead={t('lead')} may={may} action={<NewInbox onMade={setChosen} />}>
      {query.data && inbox ? (
        <>
          {inboxes.length > 1 ? <Choice inboxes={inboxes} value={inbox.id} onChange={setChosen} /> : null}
          <Parts key={inbox.id} inbox={inbox} data={query.data} may={may} />
        </>
      ) : query.data ? (
        <EmptyState icon={<MessageCircle />} title={t('title')}>
          {t('lead')}
        </EmptyState>
      ) : query.error ? (
        <ErrorState error={query.error} retry={() => query.refetch()} />
      ) : (
        <SkeletonRows rows={8} />
      )}
    </PageFrame>
  )
}

function Parts({ inbox, data, may }: { inbox: InboxSettings; data: InboxData; may: boolean }) {
  const t = useTranslations('settings.inbox.archive')
  return (
    <div className="flex flex-col gap-10">
      {inbox.archivedAt ? (
        <p className="rounded-md border border-warn-line bg-warn-soft px-3 py-2 text-warn-ink">{t('note')}</p>
      ) : (
        <Install inbox={inbox} publicUrl={data.publicUrl} />
      )}
      <Origins inbox={inbox} may={may} />
      <LookAndWords inbox={inbox} may={may} />
      {may ? <Identity inbox={inbox} /> : null}
      {may ? <Archive inbox={inbox} /> : null}
    </div>
  )
}

function Choice({
  inboxes,
  value,
  onChange,
}: {
  inboxes: InboxSettings[]
  value: string
  onChange: (id: string) => void
}) {
  const t = useTranslations('settings.inbox')
  return (
    <fieldset className="flex gap-4 overflow-x-auto border-b border-line">
      <legend className="sr-only">{t('choose')}</legend>
      {inboxes.map((inbox) => (
        <button
          key={inbox.id}
          type="button"
          aria-pressed={inbox.id === value}
          data-active={inbox.id === value ? '' : undefined}
          onClick={() => onChange(inbox.id)}
          className={cn('tab', inbox.archivedAt && 'text-ink-3')}
        >
          <span className="max-w-56 truncate">{inbox.name}</span>
          {inbox.archivedAt ? <span className="text-xs text-ink-3">{t('archivedMark')}</span> : null}
        </button>
      ))}
    </fieldset>
  )
}

function NewInbox({ onMade }: { onMade: (id: string) => void }) {
  const t = useTranslations('settings.inbox')
  return (
    <Popover
      label={t('new')}
      align="end"
      className="w-72"
      trigger={
        <Button>
          <Plus aria-hidden />
          {t('new')}
        </Button>
      }
    >
      {(close) => (
        <NewInboxForm
          onMade={(id) => {
            close()
            onMade(id)
          }}
        />
      )}
    </Popover>
  )
}

function NewInboxForm({ onMade }: { onMade: (id: string) => void }) {
  const t = useTranslations('settings.inbox')
  const { api, again } = useInboxes()
  const words = useErrorWords()
  const [name, setName] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      const { id } = await api.post<MadeInbox>('inboxes', { name: name.trim() })
      toastUndo(t('created', { name: name.trim() }), () => api.patch(`inboxes/${id}`, { archived: true }).then(again))
      await again()
      onMade(id)
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <Field label={t('newName')} error={error ? words(error).title : undefined}>
        <Input
          value={name}
          maxLength={60}
          required
          autoFocus
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <Button type="submit" look="primary" busy={busy} disabled={!name.trim()}>
        {t('create')}
      </Button>
    </form>
  )
}
