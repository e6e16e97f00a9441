/** Precision, recall and F1 of each intent, the weakest first. */
'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { Table, Th } from '@/app/_ui/table'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import { usePercent } from '@/app/(desk)/[account]/models/_parts/percent'
import type { RunReport } from '@/lib/features/learning/runs'

export function PerIntent({ report }: { report: RunReport }) {
  const t = useTranslations('models.report')
  const format = useFormatter()
  const percent = usePercent()
  const nameOf = useIntentName()
  const before = new Map(report.champion.intents.map(({ label, recall }) => [label, recall]))
  const intents = [...report.candidate.intents].sort((a, b) => a.f1 - b.f1 || b.support - a.support)
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-lg">{t('perIntent')}</h2>
      <div className="panel overflow-hidden">
        <Table label={t('perIntent')} className="max-h-112">
          <thead>
            <tr>
              <Th>{t('intent')}</Th>
              <Th number>{t('support')}</Th>
              <Th number>{t('precision')}</Th>
              <Th number>{t('recall')}</Th>
              <Th number>{t('f1')}</Th>
              <Th number>{t('before')}</Th>
            </tr>
          </thead>
          <tbody>
            {intents.map((one) => (
              <tr key={one.label}>
                <td className="max-w-32 truncate font-medium sm:max-w-64" title={nameOf(one.label)}>
                  {nameOf(one.label)}
                </td>
                <td className="number text-ink-2">{format.number(one.support)}</td>
                <Figure value={one.precision} range={one.precisionRange} />
                <Figure value={one.recall} range={one.recallRange} />
                <Figure value={one.f1} range={one.f1Range} />
                <td className="number text-ink-3">{percent(before.get(one.label) ?? 0)}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
    </section>
  )
}

/** With what it would be of other texts of the same kind, 95 times of 100. */
function Figure({ value, range }: { value: number; range: [number, number] | undefined }) {
  const t = useTranslations('models.report')
  const percent = usePercent()
  return (
    <td className="number whitespace-nowrap">
      {percent(value)}
      {range ? (
        <span className="block text-xs text-ink-3 max-sm:hidden">
          {t('between', { from: percent(range[0]), to: percent(range[1]) })}
        </span>
      ) : null}
    </td>
  )
}
