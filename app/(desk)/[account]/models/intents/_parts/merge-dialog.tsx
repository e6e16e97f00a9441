/** Makes one intent of two: asks which one stays. */
'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field } from '@/app/_ui/field'
import { Select } from '@/app/_ui/input'
import { toastError, toastUndo } from '@/app/_ui/toast'
import { useIntentName, useIntents } from '@/app/(desk)/[account]/inbox/_data/people'
import type { ListedIntent } from '@/lib/flows/read-intents'
import { useIntentSet } from '../../_data/intents'

export function MergeDialog({
  intent,
  name,
  open,
  onClose,
}: {
  intent: ListedIntent
  name: string
  open: boolean
  onClose: () => void
}) {
  const t = useTranslations('models.intents')
  const common = useTranslations('common')
  const intents = useIntents()
  const nameOf = useIntentName()
  const { api, again } = useIntentSet()
  const [into, setInto] = useState('')
  const [busy, setBusy] = useState(false)
  const merge = async () => {
    setBusy(true)
    try {
      const { undoId } = await api.post<{ undoId: string }>(`intents/${intent.key}/merge`, { into })
      toastUndo(t('merged', { name: nameOf(into) }), () => api.post(`undo/${undoId}`).then(again))
      onClose()
    } catch (error) {
      toastError(error)
    }
    await again()
    setBusy(false)
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t('mergeTitle', { name })}
      description={t('mergeLead', { count: intent.texts })}
      footer={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button look="primary" busy={busy} disabled={!into} onClick={() => void merge()}>
            {t('mergeNow')}
          </Button>
        </>
      }
    >
      <Field label={t('into')}>
        <Select value={into} onChange={(event) => setInto(event.target.value)}>
          <option value="" />
          {intents
            .filter(({ id }) => id !== intent.key)
            .map(({ id }) => (
              <option key={id} value={id}>
                {nameOf(id)}
              </option>
            ))}
        </Select>
      </Field>
    </Dialog>
  )
}
