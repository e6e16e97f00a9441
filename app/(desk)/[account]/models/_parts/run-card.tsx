/** A training under way: its phase, how far it is, its curve, and the way to end it. */
'use client'

import Link from 'next/link'
import { useFormatter, useTranslations } from 'next-intl'
import { lazy, Suspense } from 'react'
import { useAccount } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { toast, toastError } from '@/app/_ui/toast'
import { type LearningState, type SentRun, type SentRunWhole, useLearning, useRun } from '../_data/learning'
import { Estimate } from '../runs/runs-table'

const Curve = lazy(() => import('./curve').then(({ Curve: Part }) => ({ default: Part })))

/** Below this share a guess at the rest would jump about. */
const soonest = 0.1

export function RunCard({ run: listed, core }: { run: SentRun; core: LearningState['core'] }) {
  const t = useTranslations('models.run')
  const account = useAccount()
  const format = useFormatter()
  const { api, again } = useLearning()
  const { data } = useRun(listed.id)
  const run = data ?? { ...listed, phase: '', steps: [] }
  const cancel = async () => {
    try {
      await api.post(`learning/runs/${run.id}/cancel`)
      toast(t('cancelled'))
    } catch (error) {
      toastError(error)
    }
    await again()
  }
  const seconds = run.steps.at(-1)?.at ?? 0
  const left = run.progress >= soonest ? (seconds / run.progress) * (1 - run.progress) : null
  const phase = t.has(`phase.${run.phase as 'linear'}`) ? t(`phase.${run.phase as 'linear'}`) : t('phase.begin')
  return (
    <section aria-label={t('title')} className="panel flex flex-col gap-3 p-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div aria-live="polite">
          <h2 className="text-xs font-medium text-ink-3">{t('title')}</h2>
          <p className="font-medium">
            <Link href={`/${account}/models/runs/${run.id}`} className="rounded-sm hover:underline">
              {run.state === 'queued' ? t('queued') : phase}
            </Link>
          </p>
        </div>
        <Button size="small" onClick={() => void cancel()}>
          {t('cancel')}
        </Button>
      </div>
      <progress className="meter w-full" max={1} value={run.progress} aria-label={phase} />
      <p className="numbers flex flex-wrap gap-x-3 text-ink-3">
        <span>{format.number(run.progress, { style: 'percent' })}</span>
        {seconds ? <span>{t('seconds', { seconds: Math.round(seconds) })}</span> : null}
        {left === null ? null : <span>{t('left', { seconds: Math.max(1, Math.round(left)) })}</span>}
      </p>
      <Live run={run} core={core} />
      {run.steps.length > 2 ? (
        <Suspense fallback={<div className="h-40" />}>
          <Curve steps={run.steps} />
        </Suspense>
      ) : null}
    </section>
  )
}

/** What it does just now, and what it has used so far. */
function Live({ run, core }: { run: Pick<SentRunWhole, 'steps'>; core: LearningState['core'] }) {
  const t = useTranslations('models.run')
  const format = useFormatter()
  const last = run.steps.at(-1)
  if (last?.cpuSeconds === undefined) return null
  const held = run.steps.findLast(({ accuracy }) => accuracy !== undefined)?.accuracy
  const early = run.steps.findLast((step) => step.early)?.early
  const figures = [
    {
      name: t('heldOut'),
      value: held === undefined ? '–' : format.number(held, { style: 'percent', maximumFractionDigits: 1 }),
    },
    ...(last.epoch ? [{ name: t('epoch'), value: t('epochs', last.epoch) }] : []),
    { name: t('loss'), value: format.number(last.loss, { maximumFractionDigits: 3 }) },
    { name: t('speed'), value: last.perSecond ? format.number(Math.round(last.perSecond)) : '–' },
    { name: t('cpu'), value: t('at', { seconds: Math.round(last.cpuSeconds) }) },
    { name: t('used'), value: <Estimate cpuSeconds={last.cpuSeconds} core={core} /> },
  ]
  return (
    <>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-3 lg:grid-cols-6">
        {figures.map(({ name, value }) => (
          <div key={name}>
            <dt className="text-xs text-ink-3">{name}</dt>
            <dd className="numbers font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      {early ? <p className="text-ink-2">{t('early', early)}</p> : null}
    </>
  )
}
