/** Known texts kept against unknown ones let through, as a curve, as a sentence and as a table. */
'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { CartesianGrid, Line, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { Table, Th } from '@/app/_ui/table'
import type { MeasuredModel } from '@/lib/core/ports'
import { usePercent } from './figures'

const whole = [0, 0.25, 0.5, 0.75, 1]
const tick = { fontSize: 12 }
/** Shares of known texts that a person would ask about. */
const told = [0.8, 0.9, 0.95, 0.99]

export function Roc({ roc }: { roc: NonNullable<MeasuredModel['outOfScope']> }) {
  const t = useTranslations('models.report')
  const percent = usePercent()
  const format = useFormatter()
  const axis = { type: 'number', domain: [0, 1], ticks: whole, tick, stroke: 'var(--color-ink-3)' } as const
  const rows = told.flatMap((least) => roc.points.find(({ kept }) => kept >= least) ?? [])
  return (
    <div className="panel flex flex-col gap-2 p-4">
      <figure aria-label={t('roc')}>
        <ResponsiveContainer width="100%" height={200}>
          <LineChart data={roc.points} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer>
            <CartesianGrid stroke="var(--color-line)" />
            <XAxis dataKey="passed" {...axis} tickFormatter={percent} />
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
              formatter={(value) => [percent(Number(value)), t('kept')]}
              labelFormatter={(value) => `${t('passed')}: ${percent(Number(value))}`}
              contentStyle={{ background: 'var(--color-raised)', borderColor: 'var(--color-line)', borderRadius: 6 }}
            />
            <Line dataKey="kept" dot={false} stroke="var(--color-dot-blue)" strokeWidth={2} isAnimationActive={false} />
          </LineChart>
        </ResponsiveContainer>
        <figcaption className="text-pretty text-xs text-ink-3">
          {t('rocLead', {
            auroc: format.number(roc.auroc, { minimumFractionDigits: 3, maximumFractionDigits: 3 }),
            known: roc.known,
            unknown: roc.unknown,
          })}
        </figcaption>
      </figure>
      <Table label={t('roc')}>
        <thead>
          <tr>
            <Th number>{t('kept')}</Th>
            <Th number>{t('passed')}</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ kept, passed }) => (
            <tr key={`${kept} ${passed}`}>
              <td className="number">{percent(kept)}</td>
              <td className="number">{percent(passed)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  )
}
