/** The figures of a version beside those of the model that was in charge, and what the gate says about them. */
'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { Table, Th } from '@/app/_ui/table'
import { FaultList } from '@/app/(desk)/[account]/models/_parts/faults'
import { usePercent } from '@/app/(desk)/[account]/models/_parts/percent'
import type { Difference, Gate } from '@/lib/features/learning/gate'
import type { Judged } from '@/lib/features/learning/judge'
import type { RunReport } from '@/lib/features/learning/runs'

export function Figures({ report, gate, inCharge }: { report: RunReport; gate: Gate; inCharge: boolean }) {
  const t = useTranslations('models')
  const format = useFormatter()
  const percent = usePercent()
  const range = (edges: [number, number] | undefined) =>
    edges && t('figures.range', { from: percent(edges[0]), to: percent(edges[1]) })
  const rows: { name: string; of: (judged: Judged) => string; hint?: (judged: Judged) => string | undefined }[] = [
    {
      name: t('figures.accuracy'),
      of: ({ accuracy }) => percent(accuracy),
      hint: ({ accuracyRange }) => range(accuracyRange),
    },
    {
      name: t('figures.macroF1'),
      of: ({ macroF1 }) => percent(macroF1),
      hint: ({ macroF1Range }) => range(macroF1Range),
    },
    { name: t('figures.sure'), of: ({ unsure }) => percent(1 - unsure) },
    { name: t('figures.whenSure'), of: ({ accuracyWhenSure }) => percent(accuracyWhenSure) },
    { name: t('figures.ece'), of: ({ ece }) => percent(ece) },
    { name: t('figures.texts'), of: ({ texts }) => format.number(texts) },
  ]
  return (
    <>
      <div className="panel overflow-hidden">
        <Table label={t('report.comparison')}>
          <thead>
            <tr>
              <Th>{t('report.figure')}</Th>
              <Th number>{t('report.this')}</Th>
              <Th number>{t('report.other')}</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, of, hint }) => (
              <tr key={name}>
                <td>{name}</td>
                <Cell judged={report.candidate} of={of} hint={hint} strong />
                <Cell judged={report.champion} of={of} hint={hint} />
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
      <p className="max-w-prose text-pretty text-ink-2">
        {t('report.changed', report.changed)} {report.difference ? <Sure difference={report.difference} /> : null}
      </p>
      <Faults gate={gate} inCharge={inCharge} />
    </>
  )
}

function Cell({
  judged,
  of,
  hint,
  strong,
}: {
  judged: Judged
  of: (judged: Judged) => string
  hint?: ((judged: Judged) => string | undefined) | undefined
  strong?: boolean
}) {
  return (
    <td className="number">
      <span className={strong ? 'font-semibold' : 'text-ink-2'}>{judged.texts ? of(judged) : '–'}</span>
      {hint && judged.texts ? <span className="block text-xs text-ink-3">{hint(judged)}</span> : null}
    </td>
  )
}

/** A difference this improbable among equally good models is told from chance. */
const improbable = 0.05
/** Told as "fewer than": reports of before rounded what is rarer to none at all. */
const rarest = 0.0001
/** What the gate allows macro-F1 to fall, as a share: texts that leave it as uncertain as that do not tell a point. */
const point = 0.01

/** Whether it is the models that differ, or the luck of these texts. */
function Sure({ difference: { macroF1: range, chance } }: { difference: Difference }) {
  const t = useTranslations('models.report.difference')
  const format = useFormatter()
  const points = (value: number) => format.number(value * 100, { maximumFractionDigits: 1, signDisplay: 'exceptZero' })
  const [from, to] = range
  const often = format.number(Math.max(chance, rarest), { style: 'percent', maximumSignificantDigits: 2 })
  return (
    <>
      {t(chance < rarest ? 'sure' : chance < improbable ? 'told' : 'chance', { often })}{' '}
      {from === to ? null : t('range', { from: points(from), to: points(to) })}{' '}
      {(to - from) / 2 > point ? t('few') : null}
    </>
  )
}

function Faults({ gate, inCharge }: { gate: Gate; inCharge: boolean }) {
  const t = useTranslations('models')
  const grown = gate.grown ? <p className="max-w-prose text-pretty">{t('gate.grown', { count: gate.grown })}</p> : null
  if (gate.passes)
    return (
      <div className="flex flex-col gap-2 text-ink-2">
        <p className="max-w-prose text-pretty">
          {gate.unjudged ? t('gate.unjudgedLead') : t('gate.passesLead')}{' '}
          {gate.small ? t('gate.small', { count: gate.small }) : null}
        </p>
        {grown}
      </div>
    )
  return (
    <div className="flex flex-col gap-2 rounded-md bg-warn-soft px-4 py-3">
      <h3 className="font-medium text-warn-ink">{t(inCharge ? 'report.faultsThen' : 'report.faults')}</h3>
      <FaultList faults={gate.faults} />
      {grown}
    </div>
  )
}
