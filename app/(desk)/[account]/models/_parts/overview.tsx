/** The overview: what answers now, what there is to learn from, what is under way, and every version there was. */
'use client'

import GraduationCap from 'lucide-react/icons/graduation-cap'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { toast, toastError } from '@/app/_ui/toast'
import { isUnderWay, type LearningState, useLearning } from '../_data/learning'
import { Champion } from './champion'
import { DriftCard } from './drift'
import { ModelsFrame } from './frame'
import { History } from './history'
import { MadeForYou } from './made-for-you'
import { Ready } from './ready'
import { RunCard } from './run-card'
import { Runs } from './runs'
import { TrainPrivately } from './train-privately'
import { TrialCard } from './trial'
import { Versions } from './versions'

export function Overview() {
  const t = useTranslations('models')
  const { query, api, again } = useLearning()
  const [busy, setBusy] = useState(false)
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
  const button = (
    <div className="flex flex-wrap gap-2">
      <TrainPrivately disabled={!query.data?.learned.texts} />
      <Button look="primary" busy={busy} disabled={!query.data?.learned.texts} onClick={() => void train()}>
        <GraduationCap aria-hidden />
        {t('train')}
      </Button>
    </div>
  )
  return (
    <ModelsFrame title={t('title')} lead={t('lead')} action={button}>
      {query.data ? (
        <Parts learning={query.data} />
      ) : query.error ? (
        <ErrorState error={query.error} retry={() => query.refetch()} />
      ) : (
        <SkeletonRows rows={6} className="panel" />
      )}
    </ModelsFrame>
  )
}

function Parts({ learning }: { learning: LearningState }) {
  const underWay = learning.runs.filter(isUnderWay)
  return (
    <>
      <div className="grid gap-4 lg:grid-cols-[1fr_18rem]">
        <Champion learning={learning} />
        <Ready learning={learning} />
      </div>
      {underWay.map((run) => (
        <RunCard key={run.id} run={run} core={learning.core} />
      ))}
      <TrialCard learning={learning} />
      <DriftCard championId={learning.championId} core={learning.core} />
      <Versions learning={learning} />
      <MadeForYou consent={learning.consent} service={learning.service} />
      {learning.runs.length ? <Runs runs={learning.runs} core={learning.core} /> : null}
      {learning.deployments.length ? <History deployments={learning.deployments} /> : null}
    </>
  )
}
