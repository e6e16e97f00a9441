/** What is known of a version: figures first, then tables, then the texts themselves. */
'use client'

import { useSearchParams } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { lazy, Suspense, useState } from 'react'
import { useGateNow } from '@/app/(desk)/[account]/models/_parts/broken-cases'
import type { RunReport } from '@/lib/features/learning/runs'
import type { LearningState, SentVersion } from '../../../_data/learning'
import { GateChip } from '../../../_parts/versions'
import { Cases } from './cases'
import { Confusions } from './confusions'
import { Figures } from './figures'
import { Lines } from './lines'
import { MeasuredParts } from './measured'
import { PerIntent } from './per-intent'
import { Privacy } from './privacy'
import { type TextFilter, Texts, usualRival } from './texts'

const Reliability = lazy(() => import('./reliability').then(({ Reliability: Part }) => ({ default: Part })))

/** One whose weights stayed elsewhere answers no question: then the figures are all there is. */
export function Report({
  learning,
  version,
  report,
  labels,
}: {
  learning: LearningState
  version: SentVersion
  report: RunReport
  /** What it can say. */
  labels: readonly string[]
}) {
  const t = useTranslations('models.report')
  const beside = usualRival(learning, version)
  const gate = useGateNow(version, report.gate)
  const inCharge = learning.championId === version.id
  const asked = useSearchParams()
  const [one, other] = [asked.get('one'), asked.get('other')]
  const [filter, setFilter] = useState<TextFilter>({ show: 'wrong', ...(one && other ? { pair: [one, other] } : {}) })
  return (
    <>
      <section className="flex flex-col gap-2">
        <h2 className="flex flex-wrap items-center gap-2 text-lg">
          {t('comparison')} {inCharge ? null : <GateChip gate={gate} />}
        </h2>
        <p className="text-ink-2">
          {t('learned', { unlabelled: 0, ...report.learned })} {report.privacy ? null : t('notPrivate')}
        </p>
        <Figures report={report} gate={gate} inCharge={inCharge} />
      </section>
      {report.privacy ? <Privacy learning={learning} version={version} spent={report.privacy} /> : null}
      {report.candidate.texts ? (
        <>
          <div className="grid items-start gap-6 lg:grid-cols-2">
            {version.brought ? null : (
              <section className="flex flex-col gap-2">
                <h2 className="text-lg">{t('line')}</h2>
                <Lines versionId={version.id} labels={labels} beside={beside} />
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
          <Confusions
            version={version}
            report={report}
            beside={beside}
            onOpen={(truth, guess) => setFilter({ show: truth === guess ? 'all' : 'wrong', truth, guess })}
          />
        </>
      ) : null}
      {version.brought ? null : <Cases versionId={version.id} />}
      {report.candidate.texts && !version.brought ? (
        <Texts learning={learning} version={version} filter={filter} onFilter={setFilter} />
      ) : null}
    </>
  )
}
