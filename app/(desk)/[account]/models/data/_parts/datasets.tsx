/** The datasets of trainings: each stays as it was, under the name of its content. */
'use client'

import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { useAccount } from '@/app/_ui/account'
import { Table, Th } from '@/app/_ui/table'
import { Time } from '@/app/_ui/time'
import type { LearningState, SentRun } from '../../_data/learning'

interface Dataset {
  hash: string
  counts: SentRun['dataset']['counts']
  gone: number
  /** Of the first run that learned from it. */
  madeAt: string
  versions: number[]
}

/** The newest first, as the runs are. */
function datasetsOf({ runs, versions }: LearningState): Dataset[] {
  const found = new Map<string, Dataset>()
  for (const { id, dataset, createdAt } of runs) {
    const made = versions.flatMap(({ runId, number }) => (runId === id ? [number] : []))
    const known = found.get(dataset.hash)
    found.set(dataset.hash, { ...dataset, madeAt: createdAt, versions: [...made, ...(known?.versions ?? [])] })
  }
  return [...found.values()]
}

export function Datasets({ learning }: { learning: LearningState }) {
  const t = useTranslations('models.data')
  const datasets = datasetsOf(learning)
  return (
    <section className="flex flex-col gap-2">
      <header>
        <h2 className="text-lg">{t('datasets')}</h2>
        <p className="max-w-prose text-pretty text-ink-2">{datasets.length ? t('datasetsLead') : t('noDatasets')}</p>
      </header>
      {datasets.length ? (
        <div className="panel overflow-hidden">
          <Table label={t('datasets')}>
            <thead>
              <tr>
                <Th>{t('content')}</Th>
                <Th>{t('made')}</Th>
                <Th number>{t('learn')}</Th>
                <Th number>{t('heldOut')}</Th>
                <Th number>{t('corrected')}</Th>
                <Th number>{t('written')}</Th>
                <Th number>{t('imported')}</Th>
                <Th number>{t('intents')}</Th>
                <Th>{t('versions')}</Th>
              </tr>
            </thead>
            <tbody>
              {datasets.map((dataset) => (
                <Row key={dataset.hash} dataset={dataset} />
              ))}
            </tbody>
          </Table>
        </div>
      ) : null}
    </section>
  )
}

function Row({ dataset: { hash, counts, gone, madeAt, versions } }: { dataset: Dataset }) {
  const format = useFormatter()
  const account = useAccount()
  const t = useTranslations('models')
  const { train, test, corrections, written, imported, intents } = counts
  return (
    <tr>
      <td>
        <code className="text-xs" data-tip={hash}>
          {hash.slice(0, 12)}
        </code>
        {gone ? (
          <span className="block text-xs whitespace-nowrap text-ink-3">
            {t('data.there', { there: train + test - gone, of: train + test })}
          </span>
        ) : null}
      </td>
      <td className="whitespace-nowrap text-ink-2">
        <Time at={madeAt} look="clock" />
      </td>
      {[train, test, corrections, written, imported, Object.keys(intents).length].map((count, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the columns stand still
        <td key={at} className="number">
          {format.number(count)}
        </td>
      ))}
      <td className="whitespace-nowrap">
        {versions.map((number) => (
          <Link
            key={number}
            href={`/${account}/models/versions/${number}`}
            className="me-2 rounded-sm font-medium hover:underline"
          >
            {t('version', { number })}
          </Link>
        ))}
      </td>
    </tr>
  )
}
