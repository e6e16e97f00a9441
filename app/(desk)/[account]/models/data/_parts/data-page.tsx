/** What models learn from: a file in or out, what is wrong with the labels, and the datasets that were made. */
'use client'

import { useTranslations } from 'next-intl'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { useLearning } from '../../_data/learning'
import { ModelsFrame } from '../../_parts/frame'
import { Import } from '../../intents/_parts/import'
import { Datasets } from './datasets'
import { LabelHealth } from './findings'

export function DataPage() {
  const t = useTranslations('models.data')
  const { query } = useLearning()
  return (
    <ModelsFrame title={t('title')} lead={t('lead')} action={<Import />}>
      <LabelHealth />
      {query.data ? (
        <Datasets learning={query.data} />
      ) : query.error ? (
        <ErrorState error={query.error} retry={() => query.refetch()} />
      ) : (
        <SkeletonRows rows={3} className="panel" />
      )}
    </ModelsFrame>
  )
}
