/** The page of a version: one sentence, then figures, then tables, then the texts themselves. */
'use client'

import ArrowLeft from 'lucide-react/icons/arrow-left'
import Link from 'next/link'
import { useSearchParams } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { lazy, Suspense, useState } from 'react'
import { useAccount } from '@/app/_ui/account'
import { ApiError } from '@/app/_ui/api'
import { Chip } from '@/app/_ui/chip'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import type { RunReport } from '@/lib/features/learning/runs'
import { type LearningState, type SentVersion, useLearning } from '../../../_data/learning'
import { Sentence } from '../../../_parts/champion'
import { ModelsFrame } from '../../../_parts/frame'
import { Promote } from '../../../_parts/promote'
import { TryBeside } from '../../../_parts/trial'
import { GateChip } from '../../../_parts/versions'
import { Cases } from './cases'
import { Confusions } from './confusions'
import { Figures } from './figures'
import { Lines } from './lines'
import { MeasuredParts } from './measured'
import { PerIntent } from './per-intent'
import { Privacy } from './privacy'
import { TakeAlong } from './take-along'
import { type TextFilter, Texts, usualRival } from './texts'

const Reliability = lazy(() => import('./reliability').then(({ Reliability: Part }) => ({ default: Part })))

export function VersionPage({ number }: { number: number }) {
  const t = useTranslations('models')
  const { query } = useLearning()
  const version = query.data?.versions.find((one) => one.number === number)
  const missing = query.data && !version ? new ApiError('not_found', 404) : null
  return (
    <ModelsFrame
      title={t('version', { number })}
      lead={version?.report ? <Sentence judged={version.report.candidate} /> : t('lead')}
      action={
        version?.brought ? (
          <Chip>{t('versions.elsewhere')}</Chip>
        ) : version ? (
          <div className="flex flex-wrap items-center gap-2">
            <TakeAlong versionId={version.id} />
            {version.id === query.data?.championId ? (
              <Chip tone="accent">{t('versions.inCharge')}</Chip>
            ) : (
              <>
                {query.data?.trial?.ended === null && query.data.trial.versionId === version.id ? (
                  <Chip>{t('trial.title')}</Chip>
                ) : (
                  <TryBeside version={version} />
                )}
                <Promote version={version} />
              </>
            )}
          </div>
        ) : null
      }
    >
      {version?.report ? (
        <Report learning={query.data as LearningState} version={version} report={version.report as RunReport} />
      ) : query.error || missing ? (
        <ErrorState error={query.error ?? missing} retry={() => query.refetch()} />
      ) : (
        <SkeletonRows rows={8} className="panel" />
      )}
    </ModelsFrame>
  )
}

/** One whose weights stayed elsewhere answers no question: then the figures are all there is. */
function Report({ learning, version, report }: { learning: LearningState; version: SentVersion; report: RunReport }) {
  const t = useTranslations('models.report')
  const account = useAccount()
  const beside = usualRival(learning, version)
  const asked = useSearchParams()
  const [one, other] = [asked.get('one'), asked.get('other')]
  const [filter, setFilter] = useState<TextFilter>({ show: 'wrong', ...(one && other ? { pair: [one, other] } : {}) })
  return (
    <>
      <section className="flex flex-col gap-2">
        <Link
          href={`/${account}/models`}
          className="flex w-fit items-center gap-1 rounded-sm text-ink-2 hover:text-ink"
        >
          <ArrowLeft aria-hidden className="size-4" />
          {t('back')}
        </Link>
        <h2 className="flex flex-wrap items-center gap-2 text-lg">
          {t('comparison')} <GateChip gate={report.gate} />
        </h2>
        <p className="text-ink-2">
          {t('learned', { unlabelled: 0, ...report.learned })} {report.privacy ? null : t('notPrivate')}
        </p>
        <Figures report={report} />
      </section>
      {report.privacy ? <Privacy learning={learning} version={version} spent={report.privacy} /> : null}
      {report.candidate.texts ? (
        <>
          <div className="grid items-start gap-6 lg:grid-cols-2">
            {version.brought ? null : (
              <section className="flex flex-col gap-2">
                <h2 className="text-lg">{t('line')}</h2>
                <Lines version={version} beside={beside} />
              </section>
            )}
            <section className="flex flex-col gap-2">
              <h2 className="text-lg">{t('reliability')}</h2>
              <Suspense fallback={<div className="h-60" />}>
                <Reliability judged={report.candidate} measured={report.measured} />
              </Suspense>
            </section>
          </div>
          {report.measured ? <MeasuredParts measured={report.measured} core={learning.core} /> : null}
          <PerIntent report={report} />
          <Confusions judged={report.candidate} onOpen={(truth, guess) => setFilter({ show: 'wrong', truth, guess })} />
          {version.brought ? null : (
            <>
              <Cases versionId={version.id} beside={beside} />
              <Texts learning={learning} version={version} filter={filter} onFilter={setFilter} />
            </>
          )}
        </>
      ) : null}
    </>
  )
}
