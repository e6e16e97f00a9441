/** Loss and held-out accuracy of a training over time. Both move in waves: each path and each fold begins anew. */
'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { Table, Th } from '@/app/_ui/table'
import type { SentRunWhole } from '../_data/learning'

const tick = { fontSize: 12 }
const axis = { tick, stroke: 'var(--color-ink-3)' } as const
/** Lines of the table for who cannot see the chart. */
const told = 8

export function Curve({ steps }: Pick<SentRunWhole, 'steps'>) {
  const t = useTranslations('models.run')
  const format = useFormatter()
  const loss = (value: unknown) => format.number(Number(value), { maximumFractionDigits: 2 })
  const percent = (value: unknown) => format.number(Number(value), { style: 'percent', maximumFractionDigits: 1 })
  const time = (value: unknown) => t('at', { seconds: Math.round(Number(value)) })
  const held = steps.some(({ accuracy }) => accuracy !== undefined)
  const some = steps.filter((_, at) => at % Math.ceil(steps.length / told) === 0 || at === steps.length - 1)
  return (
    <figure aria-label={t('curve')} className="flex flex-col gap-1">
      <ResponsiveContainer width="100%" height={180}>
        <LineChart data={steps} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer>
          <XAxis dataKey="at" type="number" domain={[0, 'dataMax']} tickFormatter={time} {...axis} />
          <YAxis yAxisId="loss" width={36} tickFormatter={loss} {...axis} />
          {held ? (
            <YAxis yAxisId="right" orientation="right" domain={[0, 1]} width={44} tickFormatter={percent} {...axis} />
          ) : null}
          <Tooltip
            formatter={(value, name) => (name === 'loss' ? [loss(value), t('loss')] : [percent(value), t('heldOut')])}
            labelFormatter={time}
            contentStyle={{ background: 'var(--color-raised)', borderColor: 'var(--color-line)', borderRadius: 6 }}
          />
          <Line
            yAxisId="loss"
            dataKey="loss"
            dot={false}
            stroke="var(--color-dot-blue)"
            strokeWidth={2}
            isAnimationActive={false}
          />
          {held ? (
            <Line
              yAxisId="right"
              dataKey="accuracy"
              dot={false}
              connectNulls
              stroke="var(--color-dot-orange)"
              strokeWidth={2}
              strokeDasharray="5 3"
              isAnimationActive={false}
            />
          ) : null}
        </LineChart>
      </ResponsiveContainer>
      <figcaption className="text-xs text-ink-3">{held ? t('bothCurves') : t('curve')}</figcaption>
      <div className="sr-only">
        <Table label={t('curve')}>
          <thead>
            <tr>
              <Th>{t('time')}</Th>
              <Th number>{t('loss')}</Th>
              <Th number>{t('heldOut')}</Th>
            </tr>
          </thead>
          <tbody>
            {some.map((step) => (
              <tr key={step.at}>
                <td>{time(step.at)}</td>
                <td>{loss(step.loss)}</td>
                <td>{step.accuracy === undefined ? '–' : percent(step.accuracy)}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </figure>
  )
}
