/** Asks for a differentially private training, and says beforehand what it gives and what it takes. */
'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Dialog } from '@/app/_ui/dialog'
import { Field } from '@/app/_ui/field'
import { Select } from '@/app/_ui/input'
import { toast, toastError } from '@/app/_ui/toast'
import { useLearning } from '../_data/learning'

/** ε, the weakest first: below 1 a few thousand texts teach next to nothing. */
const strengths = [8, 3, 1] as const

export function TrainPrivately({ disabled }: { disabled: boolean }) {
  const t = useTranslations('models')
  const common = useTranslations('common')
  const { api, again } = useLearning()
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const [epsilon, setEpsilon] = useState<number>(strengths[0])
  const begin = async () => {
    setBusy(true)
    try {
      await api.post('learning/runs', { epsilon })
      toast(t('trained'))
      setOpen(false)
    } catch (error) {
      toastError(error)
    }
    await again()
    setBusy(false)
  }
  return (
    <>
      <Button look="ghost" disabled={disabled} onClick={() => setOpen(true)}>
        {t('private.open')}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={t('private.title')}
        description={t('private.lead')}
        footer={
          <>
            <Button onClick={() => setOpen(false)}>{common('cancel')}</Button>
            <Button look="primary" busy={busy} onClick={() => void begin()}>
              {t('private.begin')}
            </Button>
          </>
        }
      >
        <Field label={t('private.strength')} hint={t('private.cost')}>
          <Select value={epsilon} onChange={(event) => setEpsilon(Number(event.target.value))}>
            {strengths.map((value) => (
              <option key={value} value={value}>
                {t(`private.strengths.${value}`)}
              </option>
            ))}
          </Select>
        </Field>
      </Dialog>
    </>
  )
}
