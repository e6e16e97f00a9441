/** What was trained, from what, how long it took, and why it failed. */
'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { Chip, type Tone } from '@/app/_ui/chip'
import { Table, Th } from '@/app/_ui/table'
import { Time } from '@/app/_ui/time'
import type { LearningState, SentRun } from '../_data/learning'

const tones: Record<SentRun['state'], Tone> = {
  queued: 'outline',
  running: 'accent',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'plain',
}

type Core = LearningState['core']

export function Runs({ runs, core }: { runs: readonly SentRun[]; core: Core }) {
  const t = useTranslations('models.runs')
  return (
    <details className="flex flex-col gap-3">
      <summary className="w-fit rounded-sm text-lg font-semibold">{t('title')}</summary>
      <div className="panel mt-3 overflow-hidden">
        <Table label={t('title')}>
          <thead>
            <tr>
              <Th>{t('state')}</Th>
              <Th>{t('started')}</Th>
              <Th number>{t('took')}</Th>
              <Th number>{t('cpu')}</Th>
              <Th number>{t('estimate')}</Th>
              <Th>{t('dataset')}</Th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <Row key={run.id} run={run} core={core} />
            ))}
          </tbody>
        </Table>
      </div>
    </details>
  )
}

function Row({ run, core }: { run: SentRun; core: Core }) {
  const t = useTranslations('models.runs')
  const failures = useTranslations('models.failures')
  const seconds = (value: number | null) => (value === null ? '–' : t('seconds', { seconds: Math.round(value) }))
  const { train, test } = run.dataset.counts
  return (
    <tr>
      <td>
        <Chip tone={tones[run.state]}>{t(`states.${run.state}`)}</Chip>
        {run.epsilon === null ? null : <Chip tone="outline">{t('private', { epsilon: run.epsilon })}</Chip>}
        {run.error ? <p className="text-xs text-ink-3">{failures(run.error)}</p> : null}
      </td>
      <td className="whitespace-nowrap text-ink-2">
        <Time at={run.createdAt} look="clock" />
      </td>
      <td className="number">{seconds(run.seconds)}</td>
      <td className="number">{seconds(run.cpuSeconds)}</td>
      <td className="number text-ink-2">
        <Estimate cpuSeconds={run.cpuSeconds} core={core} />
      </td>
      <td className="whitespace-nowrap">
        {t('split', { train, test })} <code className="text-xs text-ink-3">{run.dataset.hash.slice(0, 8)}</code>
      </td>
    </tr>
  )
}

/** Energy, and cost where the operator said what a core costs. */
export function Estimate({ cpuSeconds, core }: { cpuSeconds: number | null; core: Core }) {
  const t = useTranslations('models.runs')
  const format = useFormatter()
  if (cpuSeconds === null) return '–'
  const hours = cpuSeconds / 3_600
  const number = (value: number) => format.number(value, { maximumSignificantDigits: 2 })
  const energy = t('energy', { wattHours: number(hours * core.watts) })
  return core.hourPrice ? `${energy} · ${number(hours * core.hourPrice)}` : energy
}
