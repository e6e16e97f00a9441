/** The loss of a training over time. It falls in waves: each path and each fold begins anew. */
'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { SentRun } from '../_data/learning'

export function Curve({ steps }: { steps: SentRun['steps'] }) {
  const t = useTranslations('models.run')
  const format = useFormatter()
  const loss = (value: unknown) => format.number(Number(value), { maximumFractionDigits: 2 })
  const time = (value: unknown) => t('at', { seconds: Math.round(Number(value)) })
  return (
    <figure aria-label={t('curve')}>
      <ResponsiveContainer width="100%" height={160}>
        <LineChart data={steps} margin={{ top: 8, right: 8, bottom: 0, left: 0 }} accessibilityLayer>
          <XAxis
            dataKey="at"
            type="number"
            domain={[0, 'dataMax']}
            tickFormatter={time}
            tick={{ fontSize: 12 }}
            stroke="var(--color-ink-3)"
          />
          <YAxis width={36} tickFormatter={loss} tick={{ fontSize: 12 }} stroke="var(--color-ink-3)" />
          <Tooltip
            formatter={(value) => [loss(value), t('loss')]}
            labelFormatter={time}
            contentStyle={{ background: 'var(--color-raised)', borderColor: 'var(--color-line)', borderRadius: 6 }}
          />
          <Line dataKey="loss" dot={false} stroke="var(--color-dot-blue)" strokeWidth={2} isAnimationActive={false} />
        </LineChart>
      </ResponsiveContainer>
      <figcaption className="text-xs text-ink-3">{t('curve')}</figcaption>
    </figure>
  )
}
