/** The page of a training: live while it is under way, then its curve, everything it was made from, and what came of it. */
'use client'

import ArrowLeft from 'lucide-react/icons/arrow-left'
import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { lazy, type ReactNode, Suspense } from 'react'
import { useAccount } from '@/app/_ui/account'
import { ButtonLink } from '@/app/_ui/button'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { Time } from '@/app/_ui/time'
import { usePeople } from '@/app/(desk)/[account]/inbox/_data/people'
import { isUnderWay, type LearningState, type SentRunWhole, useLearning, useRun } from '../../_data/learning'
import { Sentence } from '../../_parts/champion'
import { ModelsFrame } from '../../_parts/frame'
import { RunCard } from '../../_parts/run-card'
import { GateChip } from '../../_parts/versions'
import { Estimate, RunState } from '../runs-table'

const Curve = lazy(() => import('../../_parts/curve').then(({ Curve: Part }) => ({ default: Part })))

export function RunPage({ id }: { id: string }) {
  const t = useTranslations('models.runs')
  const account = useAccount()
  const { query } = useLearning({ run: id })
  const asked = useRun(id)
  const run = asked.data
  const failure = query.error ?? asked.error
  const format = useFormatter()
  const version = query.data?.versions.find(({ runId }) => runId === id)
  const when = run && format.dateTime(new Date(run.createdAt), { dateStyle: 'medium', timeStyle: 'short' })
  return (
    <ModelsFrame
      title={when ? t('of', { when }) : t('one')}
      lead={run?.report ? <Sentence judged={run.report.candidate} /> : t('lead')}
      action={
        version ? (
          <ButtonLink href={`/${account}/models/versions/${version.number}`}>
            {t('toVersion', { number: version.number })}
          </ButtonLink>
        ) : null
      }
    >
      <Link
        href={`/${account}/models/runs`}
        className="flex w-fit items-center gap-1 rounded-sm text-ink-2 hover:text-ink"
      >
        <ArrowLeft aria-hidden className="size-4" />
        {t('back')}
      </Link>
      {run && query.data ? (
        <Run run={run} core={query.data.core} />
      ) : failure ? (
        <ErrorState error={failure} retry={() => Promise.all([query.refetch(), asked.refetch()])} />
      ) : (
        <SkeletonRows rows={8} className="panel" />
      )}
    </ModelsFrame>
  )
}

function Run({ run, core }: { run: SentRunWhole; core: LearningState['core'] }) {
  const t = useTranslations('models.runs')
  const { recipe } = run
  return (
    <>
      {isUnderWay(run) ? <RunCard run={run} core={core} /> : null}
      {!isUnderWay(run) && run.steps.length > 1 ? (
        <section className="panel p-5">
          <Suspense fallback={<div className="h-48" />}>
            <Curve steps={run.steps} />
          </Suspense>
        </section>
      ) : null}
      <Facts run={run} core={core} />
      {recipe ? (
        <details className="panel p-5">
          <summary className="w-fit rounded-sm font-semibold">{t('recipe')}</summary>
          <p className="mt-1 max-w-prose text-pretty text-ink-2">{t('recipeLead')}</p>
          <pre className="mt-3 text-xs break-words whitespace-pre-wrap">{JSON.stringify(recipe, null, 2)}</pre>
        </details>
      ) : null}
    </>
  )
}

function Facts({ run, core }: { run: SentRunWhole; core: LearningState['core'] }) {
  const t = useTranslations('models.runs')
  const format = useFormatter()
  const people = usePeople()
  const seconds = (value: number | null) => value !== null && t('seconds', { seconds: Math.round(value) })
  const { counts, hash } = run.dataset
  const { code } = run
  const read = run.report?.read
  const facts: { name: string; value: ReactNode }[] = [
    { name: t('state'), value: <RunState run={run} /> },
    { name: t('askedBy'), value: run.authorId ? (people.member(run.authorId)?.name ?? '–') : t('itself') },
    { name: t('begun'), value: run.startedAt && <Time at={run.startedAt} look="clock" /> },
    { name: t('took'), value: seconds(run.seconds) },
    { name: t('cpu'), value: seconds(run.cpuSeconds) },
    {
      name: t('estimate'),
      value: run.cpuSeconds !== null && <Estimate cpuSeconds={run.cpuSeconds} core={core} />,
    },
    { name: t('texts'), value: t('split', { train: counts.train, test: counts.test }) },
    {
      name: t('from'),
      value: t('sources', { corrected: counts.corrections, written: counts.written, imported: counts.imported }),
    },
    { name: t('intents'), value: format.number(Object.keys(counts.intents).length) },
    { name: t('seed'), value: String(run.seed) },
    { name: t('gate'), value: run.report && <GateChip gate={run.report.gate} /> },
  ]
  const known = facts.filter(({ value }) => value !== false && value !== null)
  return (
    <section className="panel flex flex-col gap-4 p-5">
      <dl className="grid grid-cols-1 gap-x-6 gap-y-3 min-[420px]:grid-cols-2 md:grid-cols-3">
        {known.map(({ name, value }) => (
          <div key={name} className="min-w-0">
            <dt className="text-xs text-ink-3">{name}</dt>
            <dd className="numbers">{value}</dd>
          </div>
        ))}
      </dl>
      <dl className="flex flex-col gap-2 border-t border-line pt-3">
        <Hash name={t('dataset')} hash={hash} />
        {read ? <Hash name={t('read')} hash={read} /> : null}
        {code ? <Hash name={t('code')} hash={code} /> : null}
      </dl>
      <p className="text-xs text-ink-3">{t('sameAgain')}</p>
    </section>
  )
}

function Hash({ name, hash }: { name: string; hash: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-ink-3">{name}</dt>
      <dd className="font-mono text-xs break-all">{hash}</dd>
    </div>
  )
}
