/** What answers and what is tried beside it, with the way back; then everything that ever answered. */
'use client'

import { useTranslations } from 'next-intl'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { type LearningState, useLearning } from '../_data/learning'
import { Champion } from '../_parts/champion'
import { ModelsFrame } from '../_parts/frame'
import { History } from '../_parts/history'
import { MadeForYou } from '../_parts/made-for-you'
import { TrialCards } from '../_parts/trial'
import { Challengers } from './challengers'

export function Deployment() {
  const t = useTranslations('models.deployment')
  const { query } = useLearning()
  return (
    <ModelsFrame title={t('title')} lead={t('lead')}>
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
  return (
    <>
      <Champion learning={learning} />
      <TrialCards learning={learning} />
      <Challengers learning={learning} />
      {learning.deployments.length ? <History deployments={learning.deployments} /> : null}
      <MadeForYou consent={learning.consent} service={learning.service} />
    </>
  )
}
