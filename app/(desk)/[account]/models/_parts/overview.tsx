/** The overview: what answers now, what there is to learn from, what is under way, and every version there was. */
'use client'

import { useTranslations } from 'next-intl'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { isUnderWay, type LearningState, useLearning } from '../_data/learning'
import { Champion } from './champion'
import { DriftCard } from './drift'
import { ModelsFrame } from './frame'
import { Ready } from './ready'
import { RunCard } from './run-card'
import { Train } from './train'
import { TrialCards } from './trial'
import { Versions } from './versions'

export function Overview() {
  const t = useTranslations('models')
  const { query } = useLearning()
  return (
    <ModelsFrame title={t('title')} lead={t('lead')} action={<Train />}>
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
      <TrialCards learning={learning} />
      <DriftCard championId={learning.championId} core={learning.core} />
      <Versions learning={learning} />
    </>
  )
}
