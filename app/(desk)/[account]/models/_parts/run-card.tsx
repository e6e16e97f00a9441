/** A training under way: its phase, how far it is, its curve, and the way to end it. */
'use client'

import { useFormatter, useTranslations } from 'next-intl'
import { lazy, Suspense } from 'react'
import { Button } from '@/app/_ui/button'
import { toast, toastError } from '@/app/_ui/toast'
import { type SentRun, useLearning } from '../_data/learning'

const Curve = lazy(() => import('./curve').then(({ Curve: Part }) => ({ default: Part })))

/** Below this share a guess at the rest would jump about. */
const soonest = 0.1

export function RunCard({ run }: { run: SentRun }) {
  const t = useTranslations('models.run')
  const format = useFormatter()
  const { api, again } = useLearning()
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
          <p className="font-medium">{run.state === 'queued' ? t('queued') : phase}</p>
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
      {run.steps.length > 2 ? (
        <Suspense fallback={<div className="h-40" />}>
          <Curve steps={run.steps} />
        </Suspense>
      ) : null}
    </section>
  )
}
