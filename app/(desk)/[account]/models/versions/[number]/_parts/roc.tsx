/** Known texts kept against unknown ones let through, as a curve, as a sentence and as a table. */
'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { Line } from 'recharts'
import { Table, Th } from '@/app/_ui/table'
import { usePercent } from '@/app/(desk)/[account]/models/_parts/percent'
import type { MeasuredModel } from '@/lib/core/ports'
import { SharesChart } from './shares-chart'

/** Shares of known texts that a person would ask about. */
const told = [0.8, 0.9, 0.95, 0.99]

export function Roc({ roc }: { roc: NonNullable<MeasuredModel['outOfScope']> }) {
  const t = useTranslations('models.report')
  const percent = usePercent()
  const format = useFormatter()
  const rows = told.flatMap((least) => roc.points.find(({ kept }) => kept >= least) ?? [])
  return (
    <div className="panel flex flex-col gap-2 p-4">
      <SharesChart
        label={t('roc')}
        points={roc.points}
        across={{ key: 'passed', name: t('passed') }}
        up={t('kept')}
        caption={t('rocLead', {
          auroc: format.number(roc.auroc, { minimumFractionDigits: 3, maximumFractionDigits: 3 }),
          known: roc.known,
          unknown: roc.unknown,
        })}
      >
        <Line dataKey="kept" dot={false} stroke="var(--color-dot-blue)" strokeWidth={2} isAnimationActive={false} />
      </SharesChart>
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
