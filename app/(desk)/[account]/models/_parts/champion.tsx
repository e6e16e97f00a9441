/** The model in charge, in one sentence and a few figures, with the way back. */
'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { Time } from '@/app/_ui/time'
import type { BriefJudged } from '@/lib/features/learning/read-runs'
import type { LearningState, SentVersion } from '../_data/learning'
import { Back } from './back'

/** Fewer held-out texts say nothing. */
export const fewest = 20

export function Champion({ learning }: { learning: LearningState }) {
  const t = useTranslations('models')
  const version = learning.versions.find(({ id }) => id === learning.championId)
  // The newest change may name a version whose weights are not here.
  const since = learning.deployments[0]?.number === (version?.number ?? null) ? learning.deployments[0] : undefined
  const judged = version && judgedNow(learning, version)
  return (
    <section aria-labelledby="in-charge" className="panel flex flex-col gap-4 p-5">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <h2 id="in-charge" className="text-xs font-medium text-ink-3">
            {t('charge.title')}
          </h2>
          <p className="text-lg font-semibold">{version ? t('version', { number: version.number }) : t('base')}</p>
        </div>
        {learning.deployments.length ? <Back learning={learning} /> : null}
      </div>
      {version && learning.standIn ? (
        <p role="alert" className="max-w-prose text-base text-pretty text-warn-ink">
          {t('charge.refused', { number: version.number })}{' '}
          {learning.standIn.number === null
            ? t('charge.baseStandsIn')
            : t('charge.standsIn', { number: learning.standIn.number })}{' '}
          {t('charge.wayOut')}
        </p>
      ) : null}
      <p className="max-w-prose text-base text-pretty">
        {judged ? <Sentence judged={judged} /> : <span className="text-ink-2">{t('charge.base')}</span>}
      </p>
      {judged && judged.texts >= fewest ? <Figures judged={judged} /> : null}
      {since ? (
        <p className="text-ink-3">
          {t.rich('charge.since', { when: () => <Time at={since.createdAt} look="clock" /> })}
        </p>
      ) : null}
    </section>
  )
}

/** What the version in charge dares to label follows the lines of now; of another, it is told by those of its training. */
export function judgedNow(
  { championId, dares }: Pick<LearningState, 'championId' | 'dares'>,
  { id, report }: Pick<SentVersion, 'id' | 'report'>,
): BriefJudged | undefined {
  return report ? { ...report.candidate, ...(id === championId ? dares : null) } : undefined
}

/** What a person would say about it. */
export function Sentence({ judged }: { judged: BriefJudged }) {
  const t = useTranslations('models.charge')
  if (judged.texts < fewest) return t('unjudged', { count: judged.texts })
  const hundred = (share: number) => Math.round(share * 100)
  return t('sentence', { right: hundred(judged.accuracy), sure: hundred(1 - judged.unsure) })
}

function Figures({ judged }: { judged: BriefJudged }) {
  const t = useTranslations('models.figures')
  const format = useFormatter()
  const percent = (value: number) => format.number(value, { style: 'percent', maximumFractionDigits: 1 })
  const [from, to] = judged.accuracyRange
  const figures = [
    {
      name: t('accuracy'),
      value: percent(judged.accuracy),
      hint: t('range', { from: percent(from), to: percent(to) }),
    },
    { name: t('whenSure'), value: percent(judged.accuracyWhenSure) },
    { name: t('sure'), value: percent(1 - judged.unsure) },
    { name: t('ece'), value: percent(judged.ece) },
  ]
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4">
      {figures.map(({ name, value, hint }) => (
        <div key={name}>
          <dt className="text-xs text-ink-3">{name}</dt>
          <dd className="numbers text-xl font-semibold">{value}</dd>
          {hint ? <dd className="numbers text-xs text-ink-3">{hint}</dd> : null}
        </div>
      ))}
    </dl>
  )
}
