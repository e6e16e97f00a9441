/** A new intent, or another name for one. */
'use client'

import { useTranslations } from 'next-intl'
import { type FormEvent, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { toast } from '@/app/_ui/toast'
import { useIntentSet } from '../../_data/intents'
import { IntentName } from '../../_parts/intent-name'

export function IntentForm() {
  const t = useTranslations('models.intents')
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
      <IntentName
        label={t('new')}
        value={name}
        error={error}
        onChange={(next) => {
          setName(next)
          setError(null)
        }}
      />
      <Button type="submit" busy={busy} disabled={!name.trim()} className="mt-6">
        {t('add')}
      </Button>
    </form>
  )
}
