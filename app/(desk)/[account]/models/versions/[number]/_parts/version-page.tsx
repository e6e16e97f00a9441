/** The page of a version: one sentence, then what is known of it. */
'use client'

import ArrowLeft from 'lucide-react/icons/arrow-left'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useAccount } from '@/app/_ui/account'
import { ApiError } from '@/app/_ui/api'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { useLearning } from '../../../_data/learning'
import { judgedNow, Sentence } from '../../../_parts/champion'
import { ModelsFrame } from '../../../_parts/frame'
import { ReportOf } from './report-of'
import { VersionActions } from './version-actions'

export function VersionPage({ number }: { number: number }) {
  const t = useTranslations('models')
  const account = useAccount()
  const { query } = useLearning({ version: String(number) })
  const learning = query.data
  const version = learning?.versions.find((one) => one.number === number)
  const judged = learning && version && judgedNow(learning, version)
  const missing = learning && !version ? new ApiError('not_found', 404) : null
  return (
    <ModelsFrame
      title={t('version', { number })}
      lead={judged ? <Sentence judged={judged} /> : t('lead')}
      action={learning && version ? <VersionActions learning={learning} version={version} /> : null}
    >
      <Link
        href={`/${account}/models`}
        className="-mb-4 flex w-fit items-center gap-1 rounded-sm text-ink-2 hover:text-ink"
      >
        <ArrowLeft aria-hidden className="size-4" />
        {t('report.back')}
      </Link>
      {learning && version?.report ? (
        <ReportOf learning={learning} version={version} />
      ) : query.error || missing ? (
        <ErrorState error={query.error ?? missing} retry={() => query.refetch()} />
      ) : (
        <SkeletonRows rows={8} className="panel" />
      )}
    </ModelsFrame>
  )
}
