/** Whether messages still are what the model in charge knows, in four figures with a word each. */
'use client'

import { useQuery } from '@tanstack/react-query'
import { useFormatter, useTranslations } from 'next-intl'
import { useAccount, useApi } from '@/app/_ui/account'
import { Chip, type Tone } from '@/app/_ui/chip'
import { type Drift, type DriftLevel, driftMeasures, fewestMessages } from '@/lib/features/learning/drift-rules'
import type { LiveHealth } from '@/lib/flows/watch-drift'
import type { LearningState } from '../_data/learning'
import { useCost } from './cost'

const tones: Record<DriftLevel, Tone> = { steady: 'good', moving: 'warn', shifted: 'bad' }

export function DriftCard({ championId, core }: { championId: string | null; core: LearningState['core'] }) {
  const t = useTranslations('models.drift')
  const api = useApi()
  const account = useAccount()
  const { data } = useQuery({
    queryKey: [account, 'drift', championId],
    queryFn: ({ signal }) => api.get<LiveHealth>('learning/drift', {}, { signal }),
  })
  // It adds to the page and holds nothing up: without an answer there is none.
  if (!data) return null
  const shifted = driftMeasures.some((measure) => data.levels[measure] === 'shifted')
  return (
    <section aria-labelledby="drift" className="panel flex flex-col gap-4 p-5">
      <div>
        <h2 id="drift" className="font-semibold">
          {t('title')}
        </h2>
        <p className="text-ink-3">
          {data.enough ? t('lead') : t('few', { fewest: fewestMessages, recent: data.recent, before: data.before })}
        </p>
      </div>
      {shifted ? <p className="text-base text-warn-ink">{t('alarm')}</p> : null}
      {data.enough ? <Measures drift={data} /> : null}
      {data.latency ? <Speed latency={data.latency} core={core} /> : null}
    </section>
  )
}

function Measures({ drift }: { drift: Drift }) {
  const t = useTranslations('models.drift')
  const format = useFormatter()
  const percent = (value: number) => format.number(value, { style: 'percent', maximumFractionDigits: 1 })
  const both = ({ recent, before }: { recent: number; before: number }) =>
    t('was', { recent: percent(recent), before: percent(before) })
  const said = {
    labels: t('psi', { psi: format.number(drift.psi, { maximumFractionDigits: 2 }) }),
    outOfScope: both(drift.outOfScope),
    confidence: both(drift.confidence),
    corrections: both(drift.corrections),
  }
  return (
    <dl className="grid grid-cols-1 gap-x-4 gap-y-3 min-[420px]:grid-cols-2 sm:grid-cols-4">
      {driftMeasures.map((measure) => (
        <div key={measure} className="flex flex-col items-start gap-1">
          <dt className="text-xs text-ink-3">{t(measure)}</dt>
          <dd className="numbers font-semibold">{said[measure]}</dd>
          <dd>
            {measure === 'labels' && drift.withinChance ? (
              <Chip>{t('chance')}</Chip>
            ) : (
              <Chip tone={tones[drift.levels[measure]]}>{t(`levels.${drift.levels[measure]}`)}</Chip>
            )}
          </dd>
          {measure === 'labels' ? (
            <dd className="numbers text-xs text-ink-3">
              {t('psiHint', { js: format.number(Math.sqrt(drift.jensenShannon), { maximumFractionDigits: 3 }) })}
            </dd>
          ) : null}
        </div>
      ))}
    </dl>
  )
}

/** An answer keeps one core for about as long as it takes. */
function Speed({ latency, core }: { latency: NonNullable<LiveHealth['latency']>; core: LearningState['core'] }) {
  const t = useTranslations('models.drift')
  const format = useFormatter()
  const number = (value: number) => format.number(value, { maximumSignificantDigits: 2 })
  const cost = useCost(core)(latency.p50 / 3_600)
  return (
    <p className="numbers text-ink-3">
      {t('latency', { p50: number(latency.p50), p99: number(latency.p99) })} {cost ? t('cost', { cost }) : null}
    </p>
  )
}
