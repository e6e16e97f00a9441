/** What was trained, from what, how long it took, and why it failed. */
'use client'

import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { useAccount } from '@/app/_ui/account'
import { Chip, type Tone } from '@/app/_ui/chip'
import { Table, Th } from '@/app/_ui/table'
import { Time } from '@/app/_ui/time'
import type { LearningState, SentRun } from '../_data/learning'
import { useCost } from '../_parts/cost'

const tones: Record<SentRun['state'], Tone> = {
  queued: 'outline',
  running: 'accent',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'plain',
}

type Core = LearningState['core']

export function RunsTable({ learning }: { learning: LearningState }) {
  const t = useTranslations('models.runs')
  return (
    <div className="panel overflow-hidden">
      <Table label={t('title')}>
        <thead>
          <tr>
            <Th>{t('started')}</Th>
            <Th>{t('state')}</Th>
            <Th number>{t('took')}</Th>
            <Th number className="max-sm:hidden">
              {t('cpu')}
            </Th>
            <Th number className="max-sm:hidden">
              {t('estimate')}
            </Th>
            <Th>{t('dataset')}</Th>
            <Th>{t('version')}</Th>
          </tr>
        </thead>
        <tbody>
          {learning.runs.map((run) => (
            <Row key={run.id} run={run} learning={learning} />
          ))}
        </tbody>
      </Table>
    </div>
  )
}

function Row({ run, learning: { core, versions } }: { run: SentRun; learning: LearningState }) {
  const t = useTranslations('models.runs')
  const models = useTranslations('models')
  const account = useAccount()
  const seconds = (value: number | null) => (value === null ? '–' : t('seconds', { seconds: Math.round(value) }))
  const { train, test } = run.dataset.counts
  const version = versions.find(({ runId }) => runId === run.id)
  return (
    <tr>
      <td className="whitespace-nowrap">
        <Link href={`/${account}/models/runs/${run.id}`} className="rounded-sm font-medium hover:underline">
          <Time at={run.createdAt} look="clock" />
        </Link>
      </td>
      <td>
        <RunState run={run} />
      </td>
      <td className="number whitespace-nowrap">{seconds(run.seconds)}</td>
      <td className="number whitespace-nowrap max-sm:hidden">{seconds(run.cpuSeconds)}</td>
      <td className="number whitespace-nowrap text-ink-2 max-sm:hidden">
        <Estimate cpuSeconds={run.cpuSeconds} core={core} />
      </td>
      <td className="whitespace-nowrap">
        {t('split', { train, test })} <code className="text-xs text-ink-3">{run.dataset.hash.slice(0, 8)}</code>
      </td>
      <td className="whitespace-nowrap">
        {version ? (
          <Link
            href={`/${account}/models/versions/${version.number}`}
            className="rounded-sm font-medium hover:underline"
          >
            {models('version', { number: version.number })}
          </Link>
        ) : null}
      </td>
    </tr>
  )
}

/** A word for the state; a failure says why. */
export function RunState({ run }: { run: Pick<SentRun, 'state' | 'epsilon' | 'error'> }) {
  const t = useTranslations('models.runs')
  const failures = useTranslations('models.failures')
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      <Chip tone={tones[run.state]}>{t(`states.${run.state}`)}</Chip>
      {run.epsilon === null ? null : <Chip tone="outline">{t('private', { epsilon: run.epsilon })}</Chip>}
      {run.error ? <span className="text-xs text-ink-3">{failures(run.error)}</span> : null}
    </span>
  )
}

/** Energy, and cost where the operator said what a core costs. */
export function Estimate({ cpuSeconds, core }: { cpuSeconds: number | null; core: Core }) {
  const t = useTranslations('models.runs')
  const format = useFormatter()
  const costOf = useCost(core)
  if (cpuSeconds === null) return '–'
  const hours = cpuSeconds / 3_600
  const energy = t('energy', { wattHours: format.number(hours * core.watts, { maximumSignificantDigits: 2 }) })
  const cost = costOf(hours)
  return cost ? `${energy} · ${cost}` : energy
}
