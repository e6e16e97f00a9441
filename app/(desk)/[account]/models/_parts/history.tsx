/** Who put what in charge, and when. */
'use client'

import { useTranslations } from 'next-intl'
import { Time } from '@/app/_ui/time'
import { usePeople } from '@/app/(desk)/[account]/inbox/_data/people'
import type { LearningState } from '../_data/learning'

export function History({ deployments }: { deployments: LearningState['deployments'] }) {
  const t = useTranslations('models')
  const people = usePeople()
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-lg">{t('history.title')}</h2>
      <ol className="panel divide-y divide-line">
        {deployments.map(({ id, number, because, authorId, createdAt }) => {
          const person = people.member(authorId)?.name
          return (
            <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-0.5 px-4 py-2">
              <span className="font-medium">
                {t(`history.${because}`, { name: number === null ? t('base') : t('version', { number }) })}
              </span>
              <span className="flex-1 text-ink-3">
                {authorId ? person && t('history.by', { person }) : t('history.itself')}
              </span>
              <Time at={createdAt} look="clock" className="text-ink-3" />
            </li>
          )
        })}
      </ol>
    </section>
  )
}
