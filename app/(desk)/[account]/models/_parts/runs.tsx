/** What was trained, from what, how long it took, and why it failed. */
'use client'

import { useTranslations } from 'next-intl'
import { Chip, type Tone } from '@/app/_ui/chip'
import { Table, Th } from '@/app/_ui/table'
import { Time } from '@/app/_ui/time'
import type { SentRun } from '../_data/learning'

const tones: Record<SentRun['state'], Tone> = {
  queued: 'outline',
  running: 'accent',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'plain',
}

export function Runs({ runs }: { runs: readonly SentRun[] }) {
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
              <Th>{t('dataset')}</Th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <Row key={run.id} run={run} />
            ))}
          </tbody>
        </Table>
      </div>
    </details>
  )
}

function Row({ run }: { run: SentRun }) {
  const t = useTranslations('models.runs')
  const failures = useTranslations('models.failures')
  const seconds = (value: number | null) => (value === null ? '–' : t('seconds', { seconds: Math.round(value) }))
  const { train, test } = run.dataset.counts
  return (
    <tr>
      <td>
        <Chip tone={tones[run.state]}>{t(`states.${run.state}`)}</Chip>
        {run.error ? <p className="text-xs text-ink-3">{failures(run.error)}</p> : null}
      </td>
      <td className="whitespace-nowrap text-ink-2">
        <Time at={run.createdAt} look="clock" />
      </td>
      <td className="number">{seconds(run.seconds)}</td>
      <td className="number">{seconds(run.cpuSeconds)}</td>
      <td className="whitespace-nowrap">
        {t('split', { train, test })} <code className="text-xs text-ink-3">{run.dataset.hash.slice(0, 8)}</code>
      </td>
    </tr>
  )
}
