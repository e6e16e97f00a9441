/** What was taken for what, as a table; a number shows the messages behind it, those that were right too. */
'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { cn } from '@/app/_ui/cn'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { Table } from '@/app/_ui/table'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import { type Matrix, matrixOf, reportedCells } from '@/lib/features/learning/matrix'
import type { RunReport } from '@/lib/features/learning/runs'
import type { SentVersion } from '../../../_data/learning'
import { useCompared } from './texts'

/** At first those that are confused most: as many as stand beside each other on a wide screen. */
const first = 12

type Open = (truth: string, guess: string) => void

/** @param onOpen an empty guess is anything that is none of the texts' intents */
export function Confusions({
  version,
  report,
  beside,
  onOpen,
}: {
  version: SentVersion
  report: RunReport
  beside: string
  onOpen: Open
}) {
  const t = useTranslations('models.report')
  const open: Open = (truth, guess) => {
    onOpen(truth, guess)
    document.getElementById('texts')?.scrollIntoView({ block: 'start' })
  }
  return (
    <section className="flex flex-col gap-2">
      <h2 className="text-lg">{t('confusions')}</h2>
      {version.brought ? (
        <Whole matrix={matrixOf(reportedCells(report.candidate), report.candidate.texts)} />
      ) : (
        <Asked versionId={version.id} beside={beside} open={open} />
      )}
    </section>
  )
}

function Asked({ versionId, beside, open }: { versionId: string; beside: string; open: Open }) {
  const { data, error, refetch } = useCompared(versionId, beside)
  if (error) return <ErrorState heading="h3" error={error} retry={() => refetch()} />
  if (!data) return <SkeletonRows rows={6} className="panel" />
  const cells = data.texts.map(({ truth, version }) => ({ truth, guess: version.intent, count: 1 }))
  return <Whole matrix={matrixOf(cells, cells.length)} open={open} />
}

function Whole({ matrix, open }: { matrix: Matrix; open?: Open }) {
  const t = useTranslations('models.report')
  const [all, setAll] = useState(false)
  const { rows, confused, whole } = matrix
  const fewer = Math.min(first, Math.max(confused, 1))
  return (
    <>
      <p className="max-w-prose text-pretty text-ink-2">
        {confused ? t(open ? 'matrixLead' : 'matrixRead') : t('noConfusion')} {whole ? null : t('matrixPart')}
      </p>
      <div className="panel overflow-hidden">
        <Grid matrix={matrix} most={all ? rows.length : fewer} open={open} />
      </div>
      {rows.length > fewer ? (
        <Button className="self-center" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('matrixFewer', { count: fewer }) : t('matrixAll', { count: rows.length })}
        </Button>
      ) : null}
    </>
  )
}

function Grid({ matrix, most, open }: { matrix: Matrix; most: number; open: Open | undefined }) {
  const t = useTranslations('models.report')
  const nameOf = useIntentName()
  const named = (key: string) => (key ? nameOf(key) : t('otherIntent'))
  const rows = matrix.rows.slice(0, most)
  const columns = matrix.columns.filter((key) => !key || rows.includes(key))
  // What was taken for an intent that is not shown yet would be missed otherwise.
  const hidden = matrix.columns.filter((key) => !columns.includes(key))
  const rest = (truth: string) => hidden.reduce((sum, guess) => sum + matrix.count(truth, guess), 0)
  const anyRest = rows.some(rest)
  return (
    <Table label={t('confusions')} className="max-h-160 text-center">
      <thead>
        <tr>
          <th scope="col" className="start-0 z-2! align-bottom">
            {t('matrixCorner')}
          </th>
          {columns.map((guess) => (
            <th key={guess} scope="col" className="px-0! py-2 text-center! align-bottom">
              <span className="inline-block max-h-36 overflow-hidden text-ellipsis [writing-mode:vertical-rl]">
                {named(guess)}
              </span>
            </th>
          ))}
          {anyRest ? (
            <th scope="col" className="border-s border-s-line px-0! py-2 text-center! align-bottom">
              <span className="inline-block [writing-mode:vertical-rl]">{t('matrixRest')}</span>
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {rows.map((truth) => (
          <tr key={truth}>
            <th
              scope="row"
              className="top-auto! start-0 max-w-28 truncate border-e border-e-line text-ink! sm:max-w-48"
              title={named(truth)}
            >
              {named(truth)}
            </th>
            {columns.map((guess) => (
              <td
                key={guess}
                className={cn('min-w-9 px-0.5! text-center tabular-nums', guess === truth && 'bg-good-soft')}
              >
                <Count matrix={matrix} truth={truth} guess={guess} named={named} open={open} />
              </td>
            ))}
            {anyRest ? (
              <td className="min-w-9 border-s border-s-line px-0.5! text-center text-ink-2 tabular-nums">
                {rest(truth)}
              </td>
            ) : null}
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

function Count({
  matrix,
  truth,
  guess,
  named,
  open,
}: {
  matrix: Matrix
  truth: string
  guess: string
  named: (key: string) => string
  open: Open | undefined
}) {
  const t = useTranslations('models.report')
  const count = matrix.count(truth, guess)
  const right = guess === truth
  if (!count) return <span className="text-ink-3">{matrix.whole || right ? 0 : '·'}</span>
  const ink = right ? 'text-good-ink' : 'font-semibold text-bad-ink'
  if (!open) return <span className={ink}>{count}</span>
  const said = right
    ? t('rightly', { truth: named(truth) })
    : t('confusion', { truth: named(truth), guess: named(guess) })
  return (
    <button
      type="button"
      className={cn(
        'min-h-6 min-w-6 rounded-sm px-1 underline decoration-dotted underline-offset-2 hover:bg-hover',
        ink,
      )}
      aria-label={`${said}, ${t('times', { count })}`}
      onClick={() => open(truth, guess)}
    >
      {count}
    </button>
  )
}
