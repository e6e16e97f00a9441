/** The frame of a chart of two shares, each from none to all, with the line on which both are the same. */
'use client'

import type { ReactNode } from 'react'
import { CartesianGrid, LineChart, ReferenceLine, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { usePercent } from '@/app/(desk)/[account]/models/_parts/percent'

const axis = {
  type: 'number',
  domain: [0, 1],
  ticks: [0, 0.25, 0.5, 0.75, 1],
  tick: { fontSize: 12 },
  stroke: 'var(--color-ink-3)',
} as const
const corner = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
] as const

export function SharesChart<Point extends object>({
  label,
  points,
  across,
  up,
  caption,
  children,
}: {
  label: string
  points: Point[]
  /** Which share goes to the right, and what it is called. */
  across: { key: keyof Point & string; name: string }
  /** What the lines show. */
  up: string
  caption: ReactNode
  /** Lines of the chart. */
  children: ReactNode
}) {
  const percent = usePercent()
  return (
    <figure aria-label={label} className="flex flex-col gap-2">
      <ResponsiveContainer width="100%" height={200}>
        <LineChart data={points} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer>
          <CartesianGrid stroke="var(--color-line)" />
          <XAxis dataKey={(point: Point) => Number(point[across.key])} {...axis} tickFormatter={percent} />
          <YAxis width={44} {...axis} tickFormatter={percent} />
          <ReferenceLine segment={corner} stroke="var(--color-ink-3)" strokeDasharray="4 4" />
          <Tooltip
            formatter={(value) => [percent(Number(value)), up]}
            labelFormatter={(value) => `${across.name}: ${percent(Number(value))}`}
            contentStyle={{ background: 'var(--color-raised)', borderColor: 'var(--color-line)', borderRadius: 6 }}
          />
          {children}
        </LineChart>
      </ResponsiveContainer>
      <figcaption className="text-pretty text-xs text-ink-3">{caption}</figcaption>
    </figure>
  )
}
