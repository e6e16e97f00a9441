/** A new intent, or another name for one. */
'use client'

import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { useErrorWords } from '@/app/_ui/error-words'
import { Field } from '@/app/_ui/field'
import { Input } from '@/app/_ui/input'
import { toast } from '@/app/_ui/toast'
import { UpgradeLink } from '@/app/_ui/upgrade'
import { useIntentSet } from '../../_data/intents'

export function IntentForm() {
  const t = useTranslations('models.intents')
  const words = useErrorWords()
  const { api, again } = useIntentSet()
  const [name, setName] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      await api.post('intents', { name: name.trim() })
      toast(t('added', { name: name.trim() }))
      setName('')
      await again()
    } catch (failure) {
      setError(failure)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-start gap-x-3 gap-y-2">
      <Field
        label={t('new')}
        error={
          error ? (
            <>
              {words(error).title}. <UpgradeLink error={error} />
            </>
          ) : undefined
        }
        className="min-w-0 flex-1 basis-56"
      >
        <Input
          value={name}
          maxLength={60}
          required
          autoComplete="off"
          onChange={(event) => {
            setName(event.target.value)
            setError(null)
          }}
        />
      </Field>
      <Button type="submit" busy={busy} disabled={!name.trim()} className="mt-[1.5rem]">
        {t('add')}
      </Button>
    </form>
  )
}
