/** Name and colour of a label, for a new one or one that is changed. */
'use client'

import { useTranslations } from 'next-intl'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Dot } from '@/app/_ui/chip'
import { useErrorWords } from '@/app/_ui/error-words'
import { Field } from '@/app/_ui/field'
import { Input } from '@/app/_ui/input'
import type { LabelDraft } from '@/lib/features/labels/input'
import { labelColours } from '@/lib/features/labels/rules'

const fresh: LabelDraft = { name: '', colour: 'orange' }

export function LabelForm({
  start,
  onSave,
  onCancel,
}: {
  /** Of the label that is changed; without it the form makes new ones. */
  start?: LabelDraft
  onSave: (draft: LabelDraft) => Promise<void>
  onCancel?: () => void
}) {
  const t = useTranslations('settings.labels')
  const common = useTranslations('common')
  const words = useErrorWords()
  const [draft, setDraft] = useState(start ?? fresh)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      await onSave({ ...draft, name: draft.name.trim() })
      if (!start) setDraft((old) => ({ ...fresh, colour: nextColour(old.colour) }))
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-start gap-x-4 gap-y-3">
      <Field
        label={start ? t('name') : t('new')}
        error={error ? words(error).title : undefined}
        className="min-w-0 flex-1 basis-56"
      >
        <Input
          value={draft.name}
          maxLength={40}
          required
          autoFocus={start !== undefined}
          autoComplete="off"
          onChange={(event) => {
            setDraft({ ...draft, name: event.target.value })
            setError(null)
          }}
          onKeyDown={(event) => event.key === 'Escape' && onCancel?.()}
        />
      </Field>
      <Colours value={draft.colour} onChange={(colour) => setDraft({ ...draft, colour })} />
      <div className="flex gap-2 self-end">
        {onCancel ? <Button onClick={onCancel}>{common('cancel')}</Button> : null}
        <Button type="submit" look="primary" busy={busy} disabled={!draft.name.trim()}>
          {start ? common('save') : t('add')}
        </Button>
      </div>
    </form>
  )
}

/** The next label gets another colour by itself. */
const nextColour = (colour: LabelDraft['colour']): LabelDraft['colour'] =>
  labelColours[(labelColours.indexOf(colour) + 1) % labelColours.length] ?? 'grey'

function Colours({
  value,
  onChange,
}: {
  value: LabelDraft['colour']
  onChange: (value: LabelDraft['colour']) => void
}) {
  const t = useTranslations('settings.labels')
  const name = useId()
  return (
    <fieldset>
      <legend className="mb-1 font-medium">{t('colour')}</legend>
      <div className="flex h-8 items-center gap-0.5">
        {labelColours.map((colour) => (
          <label
            key={colour}
            data-tip={t(`colours.${colour}`)}
            className="relative grid size-7 cursor-pointer place-items-center rounded-full hover:bg-hover has-checked:bg-selected has-checked:ring-1 has-checked:ring-accent-ink has-focus-visible:outline-2 has-focus-visible:outline-focus"
          >
            <input
              type="radio"
              name={name}
              checked={colour === value}
              onChange={() => onChange(colour)}
              aria-label={t(`colours.${colour}`)}
              className="absolute inset-0 cursor-pointer opacity-0"
            />
            <Dot colour={colour} className="size-3.5" />
          </label>
        ))}
      </div>
    </fieldset>
  )
}
