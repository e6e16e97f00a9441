/** How sure the model says it is against how often it is right; the same as a table for who cannot see the chart. */
'use client'

import { useTranslations } from 'next-intl'
import { Line } from 'recharts'
import { Table, Th } from '@/app/_ui/table'
import { usePercent } from '@/app/(desk)/[account]/models/_parts/percent'
import type { MeasuredModel } from '@/lib/core/ports'
import type { Judged } from '@/lib/features/learning/judge'
import { binnedError } from '@/models/evaluate/calibration'
import { SharesChart } from './shares-chart'

/** Fewer texts in a bin draw a point by chance. */
const fewest = 5

function errorsOf(
  { before, after }: NonNullable<MeasuredModel['reliability']>,
  percent: (value: number) => string,
): { before: string; after: string } {
  return { before: percent(binnedError(before)), after: percent(binnedError(after)) }
}

export function Reliability({ judged, measured }: { judged: Judged; measured: MeasuredModel | undefined }) {
  const t = useTranslations('models.report')
  const percent = usePercent()
  const points = judged.bins
    .filter(({ count }) => count > 0)
    .map(({ count, probability, right }) => ({ said: probability, was: right / count, count }))
  // Where few texts were held out, points by chance are better than none.
  const telling = points.filter(({ count }) => count >= fewest)
  const before = (measured?.reliability?.before ?? [])
    .filter(({ count }) => count >= fewest)
    .map(({ probability, right, count }) => ({ said: probability, was: right / count }))
  return (
    <div className="panel flex flex-col gap-2 p-4">
      <SharesChart
        label={t('reliability')}
        points={telling.length > 2 ? telling : points}
        across={{ key: 'said', name: t('said') }}
        up={t('was')}
        caption={
          <>
            {t('reliabilityLead', { ece: percent(judged.ece) })}
            {measured?.reliability
              ? ` ${t(measured.reliability.byOthers ? 'calibratedByOthers' : 'calibrated', errorsOf(measured.reliability, percent))}`
              : null}
          </>
        }
      >
        {before.length ? (
          <Line
            data={before}
            dataKey="was"
            name="before"
            dot={false}
            stroke="var(--color-dot-orange)"
            strokeDasharray="5 3"
            isAnimationActive={false}
          />
        ) : null}
        <Line dataKey="was" stroke="var(--color-dot-blue)" strokeWidth={2} isAnimationActive={false} />
      </SharesChart>
      <div className="sr-only">
        <Table label={t('reliability')}>
          <thead>
            <tr>
              <Th number>{t('said')}</Th>
              <Th number>{t('was')}</Th>
              <Th number>{t('count')}</Th>
            </tr>
          </thead>
          <tbody>
            {points.map(({ said, was, count }) => (
              <tr key={said}>
                <td>{percent(said)}</td>
                <td>{percent(was)}</td>
                <td>{count}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </div>
  )
}
