/** Every training: the ones under way as they go, then all there were. */
'use client'

import GraduationCap from 'lucide-react/icons/graduation-cap'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { EmptyState, ErrorState, SkeletonRows } from '@/app/_ui/states'
import { runsOfPage } from '@/lib/core/learning'
import { isUnderWay, type LearningState, useLearning } from '../_data/learning'
import { ModelsFrame } from '../_parts/frame'
import { RunCard } from '../_parts/run-card'
import { Train } from '../_parts/train'
import { RunsTable } from './runs-table'

export function RunsPage() {
  const t = useTranslations('models.runs')
  const [most, setMost] = useState(runsOfPage)
  const { query } = useLearning(most > runsOfPage ? { runs: String(most) } : {})
  const more = useTranslations('models.examples')
  return (
    <ModelsFrame title={t('title')} lead={t('lead')} action={<Train />}>
      {query.data ? (
        <>
          <List learning={query.data} />
          {(query.data.runs.length >= most && most < 1_000) || query.isPlaceholderData ? (
            <Button className="self-center" busy={query.isPlaceholderData} onClick={() => setMost(most + runsOfPage)}>
              {more('more')}
            </Button>
          ) : null}
        </>
      ) : query.error ? (
        <ErrorState error={query.error} retry={() => query.refetch()} />
      ) : (
        <SkeletonRows rows={6} className="panel" />
      )}
    </ModelsFrame>
  )
}

function List({ learning }: { learning: LearningState }) {
  const t = useTranslations('models.runs')
  if (!learning.runs.length)
    return (
      <EmptyState icon={<GraduationCap />} title={t('empty')}>
        {t('emptyLead')}
      </EmptyState>
    )
  return (
    <>
      {learning.runs.filter(isUnderWay).map((run) => (
        <RunCard key={run.id} run={run} core={learning.core} />
      ))}
      <RunsTable learning={learning} />
    </>
  )
}
