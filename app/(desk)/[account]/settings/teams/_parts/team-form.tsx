/** Name and members of a team, for a new one or one that is changed. */
'use client'

import ChevronDown from 'lucide-react/icons/chevron-down'
import X from 'lucide-react/icons/x'
import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { Avatar } from '@/app/_ui/avatar'
import { Button } from '@/app/_ui/button'
import { Combobox } from '@/app/_ui/combobox'
import { useErrorWords } from '@/app/_ui/error-words'
import { Field } from '@/app/_ui/field'
import { Input } from '@/app/_ui/input'
import { usePeople } from '@/app/(desk)/[account]/inbox/_data/people'

export interface TeamFields {
  name: string
  memberIds: string[]
}

export function TeamForm({
  start = { name: '', memberIds: [] },
  onSave,
  onCancel,
}: {
  start?: TeamFields
  onSave: (fields: TeamFields) => Promise<void>
  onCancel: () => void
}) {
  const t = useTranslations('settings.teams')
  const common = useTranslations('common')
  const words = useErrorWords()
  const people = usePeople()
  const [fields, setFields] = useState(start)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const workers = people.members.filter((member) => member.role !== 'viewer')
  const chosen = people.members.filter((member) => fields.memberIds.includes(member.id))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      await onSave({ ...fields, name: fields.name.trim() })
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label={t('name')} error={error ? words(error).title : undefined}>
        <Input
          value={fields.name}
          maxLength={60}
          required
          autoFocus
          autoComplete="off"
          onChange={(event) => setFields({ ...fields, name: event.target.value })}
          onKeyDown={(event) => event.key === 'Escape' && onCancel()}
        />
      </Field>
      <fieldset>
        <legend className="mb-1 font-medium">{t('members')}</legend>
        <div className="flex flex-wrap items-center gap-1.5">
          {chosen.map(({ id, name }) => (
            <span key={id} className="flex h-8 items-center gap-1.5 rounded-full border border-line ps-1 pe-0.5">
              <Avatar name={name} />
              <span className="max-w-40 truncate">{name}</span>
              <button
                type="button"
                aria-label={`${common('remove')}: ${name}`}
                onClick={() => setFields({ ...fields, memberIds: fields.memberIds.filter((one) => one !== id) })}
                className="grid size-6 place-items-center rounded-full text-ink-3 hover:bg-hover hover:text-ink"
              >
                <X aria-hidden className="size-3.5" />
              </button>
            </span>
          ))}
          <Combobox
            multiple
            label={t('choose')}
            items={workers.map(({ id, name }) => ({
              value: id,
              label: name,
              icon: <Avatar name={name} className="size-5 text-[0.625rem]" />,
            }))}
            value={fields.memberIds}
            onChange={(memberIds) => setFields({ ...fields, memberIds })}
            trigger={
              <Button>
                {t('choose')}
                <ChevronDown aria-hidden />
              </Button>
            }
          />
        </div>
      </fieldset>
      <div className="flex justify-end gap-2">
        <Button onClick={onCancel}>{common('cancel')}</Button>
        <Button type="submit" look="primary" busy={busy} disabled={!fields.name.trim()}>
          {common('save')}
        </Button>
      </div>
    </form>
  )
}
