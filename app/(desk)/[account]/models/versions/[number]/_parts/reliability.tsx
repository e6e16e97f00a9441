/** How sure the model says it is against how often it is right; the same as a table for who cannot see the chart. */
'use client'

import { useTranslations } from 'next-intl'
import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { Table, Th } from '@/app/_ui/table'
import type { MeasuredModel } from '@/lib/core/ports'
import type { Judged } from '@/lib/features/learning/judge'
import { binnedError } from '@/models/evaluate/calibration'
import { usePercent } from './figures'

const whole = [0, 0.25, 0.5, 0.75, 1]
const tick = { fontSize: 12 }
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
  const before = (measured?.reliability?.before ?? [])
    .filter(({ count }) => count >= fewest)
    .map(({ probability, right, count }) => ({ said: probability, was: right / count }))
  const axis = { type: 'number', domain: [0, 1], ticks: whole, tick, stroke: 'var(--color-ink-3)' } as const
  return (
    <div className="panel flex flex-col gap-2 p-4">
      <figure aria-label={t('reliability')}>
        <ResponsiveContainer width="100%" height={200}>
          <LineChart data={points} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer>
            <CartesianGrid stroke="var(--color-line)" />
            <XAxis dataKey="said" {...axis} tickFormatter={percent} />
            <YAxis width={44} {...axis} tickFormatter={percent} />
            <ReferenceLine
              segment={[
                { x: 0, y: 0 },
                { x: 1, y: 1 },
              ]}
              stroke="var(--color-ink-3)"
              strokeDasharray="4 4"
            />
            <Tooltip
              formatter={(value) => [percent(Number(value)), t('was')]}
              labelFormatter={(value) => `${t('said')}: ${percent(Number(value))}`}
              contentStyle={{ background: 'var(--color-raised)', borderColor: 'var(--color-line)', borderRadius: 6 }}
            />
            {before.length ? (
              <Line
                data={before}
                dataKey="was"
                name="before"
                stroke="var(--color-dot-orange)"
                strokeDasharray="5 3"
                isAnimationActive={false}
              />
            ) : null}
            <Line dataKey="was" stroke="var(--color-dot-blue)" strokeWidth={2} isAnimationActive={false} />
          </LineChart>
        </ResponsiveContainer>
        <figcaption className="text-xs text-ink-3">
          {t('reliabilityLead', { ece: percent(judged.ece) })}
          {measured?.reliability ? ` ${t('calibrated', errorsOf(measured.reliability, percent))}` : null}
        </figcaption>
      </figure>
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
