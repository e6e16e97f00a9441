/** Puts a version in charge with one press; what fails the comparison is refused by the server. */
'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { toast } from '@/app/_ui/toast'
import { type SentVersion, useLearning } from '../_data/learning'
import { useAnyway } from './anyway'
import { Decide, undecided } from './decide'
import { useEndingTrial } from './end-trial'

export function Promote({ version }: { version: Pick<SentVersion, 'id' | 'number' | 'runId' | 'report'> }) {
  const t = useTranslations('models.versions')
  const { query, api, again } = useLearning()
  const [busy, setBusy] = useState(false)
  const { attempt, asked } = useAnyway(version.id)
  const { ending, asked: askedToEnd } = useEndingTrial(version.id)
  const promote = async () => {
    setBusy(true)
    await attempt(async (unjudged) => {
      await api.post(`learning/versions/${version.id}/promote`, { unjudged })
      toast(t('promoted', { number: version.number }))
    })
    await again()
    setBusy(false)
  }
  if (undecided(query.data, version)) return <Decide version={version} />
  return (
    <>
      <Button size="small" busy={busy} onClick={() => ending(() => void promote())}>
        {t('promote')}
      </Button>
      {askedToEnd}
      {asked}
    </>
  )
}
