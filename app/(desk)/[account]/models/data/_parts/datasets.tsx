/** The datasets of trainings: each stays as it was, under the name of its content, and can be opened. */
'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { Table, Th } from '@/app/_ui/table'
import { Time } from '@/app/_ui/time'
import { type LearningState, useMayTrain } from '../../_data/learning'
import { DatasetSheet, type SentDataset } from './dataset-sheet'

/** @param learning a training that begins or ends may bring one */
export function Datasets({ learning }: { learning: LearningState }) {
  const t = useTranslations('models.data')
  const api = useApi()
  const account = useAccount()
  const [opened, setOpened] = useState<SentDataset>()
  const query = useQuery({
    queryKey: [account, 'datasets', learning.runs[0]?.id, learning.versions[0]?.id],
    queryFn: ({ signal }) => api.get<{ datasets: SentDataset[] }>('learning/datasets', {}, { signal }),
    enabled: useMayTrain() === true,
    placeholderData: (before) => before,
  })
  if (query.error) return <ErrorState error={query.error} retry={() => query.refetch()} />
  if (!query.data) return <SkeletonRows rows={3} className="panel" />
  const { datasets } = query.data
  return (
    <section id="datasets" className="flex flex-col gap-2">
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
                <Th>{t('versions')}</Th>
                <Th number>{t('there')}</Th>
                <Th number>{t('learn')}</Th>
                <Th number>{t('heldOut')}</Th>
                <Th number>{t('corrected')}</Th>
                <Th number>{t('written')}</Th>
                <Th number>{t('imported')}</Th>
                <Th number>{t('intents')}</Th>
              </tr>
            </thead>
            <tbody>
              {datasets.map((dataset) => (
                <Row key={dataset.id} dataset={dataset} onOpen={() => setOpened(dataset)} />
              ))}
            </tbody>
          </Table>
        </div>
      ) : null}
      <DatasetSheet dataset={opened} onClose={() => setOpened(undefined)} />
    </section>
  )
}

function Row({ dataset, onOpen }: { dataset: SentDataset; onOpen: () => void }) {
  const format = useFormatter()
  const account = useAccount()
  const t = useTranslations('models')
  const { hash, counts, createdAt, there, versions } = dataset
  const { train, test, corrections, written, imported, intents } = counts
  return (
    <tr>
      <td>
        <button
          type="button"
          onClick={onOpen}
          aria-label={t('data.open', { hash: hash.slice(0, 12) })}
          className="rounded-sm font-medium hover:underline"
        >
          <code className="text-xs" data-tip={hash}>
            {hash.slice(0, 12)}
          </code>
        </button>
      </td>
      <td className="whitespace-nowrap text-ink-2">
        <Time at={createdAt} look="clock" />
      </td>
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
      <td className="number whitespace-nowrap">{t('data.thereOf', { there, taken: train + test })}</td>
      {[train, test, corrections, written, imported, Object.keys(intents).length].map((count, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the columns stand still
        <td key={at} className="number">
          {format.number(count)}
        </td>
      ))}
    </tr>
  )
}
