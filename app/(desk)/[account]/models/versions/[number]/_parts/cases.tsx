/** Cases that every version must get right: what this one says to them, and new ones. */
'use client'

import { useQueryClient } from '@tanstack/react-query'
import Check from 'lucide-react/icons/check'
import X from 'lucide-react/icons/x'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { Button, IconButton } from '@/app/_ui/button'
import { Field } from '@/app/_ui/field'
import { Input, Select } from '@/app/_ui/input'
import { ErrorState } from '@/app/_ui/states'
import { toast, toastError, toastUndo } from '@/app/_ui/toast'
import { useIntentName, useIntents } from '@/app/(desk)/[account]/inbox/_data/people'
import { useCases } from '@/app/(desk)/[account]/models/_parts/broken-cases'
import type { TriedCase } from '@/lib/flows/compare-version'

export function Cases({ versionId }: { versionId: string }) {
  const t = useTranslations('models.report.cases')
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const { data, error, refetch } = useCases(versionId)
  const again = () => client.invalidateQueries({ queryKey: [account, 'cases'] })
  const remove = async ({ id }: TriedCase) => {
    try {
      const { undoId } = await api.delete<{ undoId: string }>(`examples/${id}`)
      toastUndo(t('removed'), () => api.post(`undo/${undoId}`).then(again))
    } catch (failure) {
      toastError(failure)
    }
    await again()
  }
  return (
    <section className="flex flex-col gap-3">
      <header>
        <h2 className="text-lg">{t('title')}</h2>
        <p className="max-w-prose text-pretty text-ink-2">{t('lead')}</p>
      </header>
      {error ? <ErrorState heading="h3" error={error} retry={() => refetch()} /> : null}
      {data?.cases.length ? (
        <ul className="panel divide-y divide-line">
          {data.cases.map((one) => (
            <CaseRow key={one.id} tried={one} onRemove={() => void remove(one)} />
          ))}
        </ul>
      ) : null}
      <CaseForm onAdded={again} />
    </section>
  )
}

function CaseRow({ tried, onRemove }: { tried: TriedCase; onRemove: () => void }) {
  const t = useTranslations('models.report.cases')
  const nameOf = useIntentName()
  const { text, intent, guess } = tried
  return (
    <li className="flex items-center gap-3 py-2 ps-4 pe-2">
      {intent === guess ? (
        <Check role="img" aria-label={t('holds')} className="size-4 flex-none text-good-ink" />
      ) : (
        <X aria-hidden className="size-4 flex-none text-bad-ink" />
      )}
      <div className="min-w-0 flex-1">
        <p className="text-pretty">{text}</p>
        <p className="text-xs text-ink-3">
          {nameOf(intent)}
          {intent === guess ? null : <span className="text-bad-ink"> · {t('breaks', { guess: nameOf(guess) })}</span>}
        </p>
      </div>
      <IconButton size="small" label={t('remove', { text: text.slice(0, 40) })} onClick={onRemove}>
        <X aria-hidden />
      </IconButton>
    </li>
  )
}

function CaseForm({ onAdded }: { onAdded: () => Promise<unknown> }) {
  const t = useTranslations('models.report.cases')
  const api = useApi()
  const intents = useIntents()
  const nameOf = useIntentName()
  const [text, setText] = useState('')
  const [intent, setIntent] = useState('')
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    try {
      await api.post('cases', { text: text.trim(), intent })
      toast(t('added'))
      setText('')
      await onAdded()
    } catch (error) {
      toastError(error)
    }
    setBusy(false)
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
      <Field label={t('text')} className="min-w-0 flex-1 basis-64">
        <Input value={text} maxLength={2_000} required onChange={(event) => setText(event.target.value)} />
      </Field>
      <Field label={t('intent')} className="basis-48">
        <Select value={intent} required onChange={(event) => setIntent(event.target.value)}>
          <option value="" />
          {intents.map(({ id }) => (
            <option key={id} value={id}>
              {nameOf(id)}
            </option>
          ))}
        </Select>
      </Field>
      <Button type="submit" busy={busy} disabled={!text.trim() || !intent}>
        {t('add')}
      </Button>
    </form>
  )
}
