/** How good the model in charge is and where it errs, or any other version. */
'use client'

import ChartNoAxesCombined from 'lucide-react/icons/chart-no-axes-combined'
import { useRouter, useSearchParams } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useAccount } from '@/app/_ui/account'
import { ApiError } from '@/app/_ui/api'
import { ButtonLink } from '@/app/_ui/button'
import { Select } from '@/app/_ui/input'
import { EmptyState, ErrorState, SkeletonRows } from '@/app/_ui/states'
import { type LearningState, useLearning } from '../_data/learning'
import { judgedNow, Sentence } from '../_parts/champion'
import { ModelsFrame } from '../_parts/frame'
import { ReportOf } from '../versions/[number]/_parts/report-of'
import { VersionActions } from '../versions/[number]/_parts/version-actions'

export function Evaluation() {
  const t = useTranslations('models.evaluation')
  const asked = useSearchParams().get('version')
  const { query } = useLearning(asked && /^\d{1,6}$/.test(asked) ? { version: asked } : {})
  const learning = query.data
  // Where the model that comes along is in charge, the newest version is the one to look at.
  const version = asked
    ? learning?.versions.find(({ number }) => String(number) === asked)
    : (learning?.versions.find(({ id }) => id === learning.championId) ?? learning?.versions[0])
  const judged = learning && version && judgedNow(learning, version)
  const missing = asked && learning && !version ? new ApiError('not_found', 404) : null
  return (
    <ModelsFrame
      title={t('title')}
      lead={judged ? <Sentence judged={judged} /> : t('lead')}
      action={learning?.versions.length ? <Switcher learning={learning} number={version?.number} /> : null}
    >
      {learning && version?.report ? (
        <>
          <div className="-my-2 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
            <p className="text-pretty text-ink-2">
              {learning.championId || asked ? null : t('baseInCharge', { number: version.number })}
            </p>
            <VersionActions learning={learning} version={version} />
          </div>
          <ReportOf key={version.id} learning={learning} version={version} />
        </>
      ) : query.error || missing ? (
        <ErrorState error={query.error ?? missing} retry={() => query.refetch()} />
      ) : learning ? (
        <Nothing />
      ) : (
        <SkeletonRows rows={8} className="panel" />
      )}
    </ModelsFrame>
  )
}

function Switcher({ learning, number }: { learning: LearningState; number: number | undefined }) {
  const t = useTranslations('models')
  const account = useAccount()
  const router = useRouter()
  return (
    <Select
      aria-label={t('evaluation.of')}
      value={number ?? ''}
      onChange={({ target }) => router.replace(`/${account}/models/evaluation?version=${target.value}`)}
    >
      {number === undefined ? <option value="" /> : null}
      {learning.versions.map((one) => (
        <option key={one.id} value={one.number}>
          {one.id === learning.championId
            ? t('evaluation.inCharge', { number: one.number })
            : t('version', { number: one.number })}
        </option>
      ))}
    </Select>
  )
}

function Nothing() {
  const t = useTranslations('models')
  const account = useAccount()
  return (
    <div className="panel">
      <EmptyState
        icon={<ChartNoAxesCombined />}
        title={t('evaluation.empty')}
        action={<ButtonLink href={`/${account}/models`}>{t('evaluation.toOverview')}</ButtonLink>}
      >
        {t('evaluation.emptyLead')}
      </EmptyState>
    </div>
  )
}
