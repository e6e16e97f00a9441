/** What can be done with a version: take it along, try it, put it in charge. */
'use client'

import { useTranslations } from 'next-intl'
import { Chip } from '@/app/_ui/chip'
import type { LearningState, SentVersion } from '../../../_data/learning'
import { Promote } from '../../../_parts/promote'
import { TryBeside } from '../../../_parts/trial'
import { TakeAlong } from './take-along'

export function VersionActions({ learning, version }: { learning: LearningState; version: SentVersion }) {
  const t = useTranslations('models')
  if (version.brought) return <Chip>{t('versions.elsewhere')}</Chip>
  const { trial, championId } = learning
  return (
    <div className="flex flex-wrap items-center gap-2">
      <TakeAlong versionId={version.id} />
      {version.id === championId ? (
        <Chip tone="accent">{t('versions.inCharge')}</Chip>
      ) : (
        <>
          {trial?.ended === null && trial.versionId === version.id ? (
            <Chip>{t('trial.title')}</Chip>
          ) : (
            <TryBeside version={version} />
          )}
          <Promote version={version} />
        </>
      )}
    </div>
  )
}
