/** Asks for a training, an ordinary or a private one. */
'use client'

import GraduationCap from 'lucide-react/icons/graduation-cap'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { toast, toastError } from '@/app/_ui/toast'
import { useLearning } from '../_data/learning'
import { TrainPrivately } from './train-privately'

export function Train() {
  const t = useTranslations('models')
  const { query, api, again } = useLearning()
  const [busy, setBusy] = useState(false)
  const disabled = !query.data?.learned.texts
  const train = async () => {
    setBusy(true)
    try {
      await api.post('learning/runs')
      toast(t('trained'))
    } catch (error) {
      toastError(error)
    }
    await again()
    setBusy(false)
  }
  return (
    <div className="flex flex-wrap gap-2">
      <TrainPrivately disabled={disabled} />
      <Button look="primary" busy={busy} disabled={disabled} onClick={() => void train()}>
        <GraduationCap aria-hidden />
        {t('train')}
      </Button>
    </div>
  )
}
