/** Makes an intent that was missing, with the messages in question as its first ones. */
'use client'

import { useTranslations } from 'next-intl'
import { type FormEvent, useId, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { IntentName } from '../../_parts/intent-name'

export function NewIntent({
  open,
  count,
  make,
  onClose,
}: {
  open: boolean
  /** Messages that it begins with. */
  count: number
  make: (name: string) => Promise<void>
  onClose: () => void
}) {
  const t = useTranslations('models.review')
  const words = useTranslations('models')
  const common = useTranslations('common')
  const form = useId()
  const [name, setName] = useState('')
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setError(null)
    try {
      await make(name.trim())
      onClose()
    } catch (failure) {
      setError(failure)
    }
    setBusy(false)
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={words('intents.new')}
      description={t('newLead', { count })}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button type="submit" form={form} look="primary" busy={busy} disabled={!name.trim()}>
            {t('makeAndLabel')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit}>
        <IntentName label={words('intents.name')} value={name} error={error} onChange={setName} />
      </form>
    </Dialog>
  )
}
