/** Puts a version in charge with one press; what fails the comparison is refused by the server. */
'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { toast, toastError } from '@/app/_ui/toast'
import { type SentVersion, useLearning } from '../_data/learning'
import { Decide, undecided } from './decide'

export function Promote({ version }: { version: Pick<SentVersion, 'id' | 'number' | 'runId' | 'report'> }) {
  const t = useTranslations('models.versions')
  const { query, api, again } = useLearning()
  const [busy, setBusy] = useState(false)
  const promote = async () => {
    setBusy(true)
    try {
      await api.post(`learning/versions/${version.id}/promote`)
      toast(t('promoted', { number: version.number }))
    } catch (error) {
      toastError(error)
    }
    await again()
    setBusy(false)
  }
  if (undecided(query.data, version)) return <Decide version={version} />
  return (
    <Button size="small" busy={busy} onClick={() => void promote()}>
      {t('promote')}
    </Button>
  )
}
