/** How well unknown texts are told from known ones, how fast a version answers, and what that costs. */
'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { lazy, Suspense } from 'react'
import type { MeasuredModel } from '@/lib/core/ports'
import type { LearningState } from '../../../_data/learning'
import { useCost } from '../../../_parts/cost'

const Roc = lazy(() => import('./roc').then(({ Roc: Part }) => ({ default: Part })))

export function MeasuredParts({ measured, core }: { measured: MeasuredModel; core: LearningState['core'] }) {
  const t = useTranslations('models.report')
  return (
    <div className="grid items-start gap-6 lg:grid-cols-2">
      <section className="flex flex-col gap-2">
        <h2 className="text-lg">{t('roc')}</h2>
        {measured.outOfScope ? (
          <Suspense fallback={<div className="h-60" />}>
            <Roc roc={measured.outOfScope} />
          </Suspense>
        ) : (
          <p className="text-ink-2">{t('noRoc')}</p>
        )}
      </section>
      <section className="flex flex-col gap-2">
        <h2 className="text-lg">{t('speed')}</h2>
        <Speed speed={measured.speed} core={core} />
      </section>
    </div>
  )
}

function Speed({ speed, core }: { speed: MeasuredModel['speed']; core: LearningState['core'] }) {
  const t = useTranslations('models.report')
  const format = useFormatter()
  const costOf = useCost(core)
  const number = (value: number) => format.number(value, { maximumSignificantDigits: 2 })
  /** Hours of a core for 1,000 texts. */
  const hours = speed.cpuMicroseconds / 1e3 / 3_600
  const rows = [
    { name: t('p50'), value: t('ms', { ms: number(speed.p50) }) },
    { name: t('p99'), value: t('ms', { ms: number(speed.p99) }) },
    { name: t('energyOf'), value: t('wattHours', { count: number(hours * core.watts) }) },
    { name: t('costOf'), value: costOf(hours) ?? t('noPrice') },
  ]
  return (
    <div className="panel flex flex-col gap-2 p-4">
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3">
        {rows.map(({ name, value }) => (
          <div key={name}>
            <dt className="text-xs text-ink-3">{name}</dt>
            <dd className="numbers text-base font-semibold">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="text-xs text-ink-3">{t('speedLead')}</p>
    </div>
  )
}
