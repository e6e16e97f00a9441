/** Every version with its figures and how it compares; one press puts it in charge. */
'use client'

import Layers from 'lucide-react/icons/layers'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { useAccount } from '@/app/_ui/account'
import { Chip } from '@/app/_ui/chip'
import { EmptyState } from '@/app/_ui/states'
import { Table, Th } from '@/app/_ui/table'
import { Time } from '@/app/_ui/time'
import type { Gate } from '@/lib/features/learning/gate'
import type { LearningState, SentVersion } from '../_data/learning'
import { Promote } from './promote'
import { TryBeside } from './trial'

export function Versions({ learning }: { learning: LearningState }) {
  const t = useTranslations('models.versions')
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-lg">{t('title')}</h2>
      {learning.versions.length ? (
        <div className="panel overflow-hidden">
          <Table label={t('title')}>
            <thead>
              <tr>
                <Th>{t('name')}</Th>
                <Th className="max-sm:hidden">{t('made')}</Th>
                <Th number className="max-sm:hidden">
                  {t('learned')}
                </Th>
                <Accuracy />
                <Th>{t('gate')}</Th>
                <Th>
                  <span className="sr-only">{t('actions')}</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {learning.versions.map((version) => (
                <Row
                  key={version.id}
                  version={version}
                  inCharge={version.id === learning.championId}
                  tried={learning.trial?.ended === null && version.id === learning.trial.versionId}
                />
              ))}
            </tbody>
          </Table>
        </div>
      ) : (
        <div className="panel">
          <EmptyState heading="h3" icon={<Layers />} title={t('empty')}>
            {t('emptyLead')}
          </EmptyState>
        </div>
      )}
    </section>
  )
}

function Accuracy() {
  const t = useTranslations('models.figures')
  return <Th number>{t('accuracy')}</Th>
}

function Row({ version, inCharge, tried }: { version: SentVersion; inCharge: boolean; tried: boolean }) {
  const t = useTranslations('models')
  const format = useFormatter()
  const account = useAccount()
  const judged = version.report?.candidate
  return (
    <tr>
      <td className="whitespace-nowrap">
        <Link href={`/${account}/models/versions/${version.number}`} className="rounded-sm font-medium hover:underline">
          {t('version', { number: version.number })}
        </Link>
      </td>
      <td className="whitespace-nowrap text-ink-2 max-sm:hidden">
        <Time at={version.createdAt} look="clock" />
      </td>
      <td className="number max-sm:hidden">
        {version.report ? t('ready.texts', { texts: version.report.learned.texts }) : '–'}
      </td>
      <td className="number">
        {judged?.texts ? format.number(judged.accuracy, { style: 'percent', maximumFractionDigits: 1 }) : '–'}
      </td>
      <td>{version.report && !inCharge ? <GateChip gate={version.report.gate} /> : null}</td>
      <td className="text-end whitespace-nowrap">
        {inCharge ? (
          <Chip tone="accent">{t('versions.inCharge')}</Chip>
        ) : version.brought ? (
          <Chip>{t('versions.elsewhere')}</Chip>
        ) : tried ? (
          <Chip>{t('trial.title')}</Chip>
        ) : (
          <span className="inline-flex items-center gap-2 align-middle">
            <TryBeside version={version} className="max-sm:hidden" />
            <Promote version={version} />
          </span>
        )}
      </td>
    </tr>
  )
}

export function GateChip({ gate }: { gate: Gate }) {
  const t = useTranslations('models.gate')
  if (gate.unjudged && gate.passes) return <Chip tone="unsure">{t('unjudged')}</Chip>
  if (gate.passes) return <Chip tone="good">{t('passes')}</Chip>
  // It may well be the better one otherwise.
  const casesOnly = gate.faults.every(({ because }) => because === 'case')
  return <Chip tone="warn">{t(casesOnly ? 'caseFails' : 'fails')}</Chip>
}
