/** Address, description and news of an endpoint, for a new one or one that is changed. */
'use client'

import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { useErrorWords } from '@/app/_ui/error-words'
import { Field } from '@/app/_ui/field'
import { Checkbox, Input } from '@/app/_ui/input'
import { type WebhookEvent, webhookEvents } from '@/lib/features/webhooks/events'
import type { EndpointDraft } from '@/lib/features/webhooks/input'

const fresh: EndpointDraft = { url: '', description: '', events: ['conversation.created', 'message.created'] }

export function EndpointForm({
  start = fresh,
  opened,
  submit,
  onSave,
  onCancel,
}: {
  start?: EndpointDraft
  /** The operator lets webhooks go to networks of their own. */
  opened: boolean
  /** Word on the button. */
  submit: string
  onSave: (draft: EndpointDraft) => Promise<void>
  onCancel?: () => void
}) {
  const t = useTranslations('webhooks')
  const common = useTranslations('common')
  const words = useErrorWords()
  const [draft, setDraft] = useState(start)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const change = (part: Partial<EndpointDraft>) => {
    setDraft({ ...draft, ...part })
    setError(null)
  }
  const save = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      await onSave({ ...draft, url: draft.url.trim(), description: draft.description.trim() })
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  const said = error ? words(error) : null
  return (
    <form onSubmit={save} className="flex flex-col gap-4">
      <Field
        label={t('url')}
        hint={t(opened ? 'urlHintOpen' : 'urlHint')}
        error={said ? `${said.title}. ${said.detail}` : undefined}
      >
        <Input
          type="url"
          value={draft.url}
          maxLength={2_000}
          required
          autoComplete="off"
          spellCheck={false}
          placeholder="https://example.com/hooks"
          onChange={({ target }) => change({ url: target.value })}
        />
      </Field>
      <Field label={t('description')} optional>
        <Input
          value={draft.description}
          maxLength={120}
          autoComplete="off"
          placeholder={t('descriptionHint')}
          onChange={({ target }) => change({ description: target.value })}
        />
      </Field>
      <Events chosen={draft.events} onChange={(events) => change({ events })} />
      <div className="flex flex-wrap justify-end gap-2">
        {onCancel ? <Button onClick={onCancel}>{common('cancel')}</Button> : null}
        <Button type="submit" look="primary" busy={busy} disabled={!draft.url.trim() || !draft.events.length}>
          {submit}
        </Button>
      </div>
    </form>
  )
}

function Events({ chosen, onChange }: { chosen: WebhookEvent[]; onChange: (events: WebhookEvent[]) => void }) {
  const t = useTranslations('webhooks')
  const every = chosen.length === webhookEvents.length
  const toggle = (event: WebhookEvent) =>
    onChange(webhookEvents.filter((one) => (one === event) !== chosen.includes(one)))
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="float-start mb-2 w-full font-medium">{t('eventsLabel')}</legend>
      <ul className="grid gap-x-6 gap-y-2.5 sm:grid-cols-2">
        {webhookEvents.map((event) => (
          <li key={event}>
            <Field
              inline
              label={t(`events.${event}`)}
              hint={
                <code lang="en" className="font-mono">
                  {event}
                </code>
              }
            >
              <Checkbox checked={chosen.includes(event)} onChange={() => toggle(event)} />
            </Field>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Button size="small" onClick={() => onChange(every ? [] : [...webhookEvents])}>
          {t(every ? 'none' : 'all')}
        </Button>
        <span className="text-xs text-ink-3" aria-live="polite">
          {chosen.length ? t('notes') : t('needsEvent')}
        </span>
      </div>
    </fieldset>
  )
}
