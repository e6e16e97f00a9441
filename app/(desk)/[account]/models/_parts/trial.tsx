/** A version beside the one in charge, and that one beside its predecessor: what both said, who gets answers, and how it ended. */
'use client'

import FlaskConical from 'lucide-react/icons/flask-conical'
import { useFormatter, useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Segmented } from '@/app/_ui/segmented'
import { toast, toastError } from '@/app/_ui/toast'
import { type LearningState, type SentVersion, useLearning } from '../_data/learning'
import { useAnyway } from './anyway'
import { undecided } from './decide'
import { useEndingTrial } from './end-trial'
import { Promote } from './promote'

type Trial = NonNullable<LearningState['trial']>
const shares = ['0', '5', '20', '50'] as const

export function TrialCards({ learning: { trial, watch, versions } }: { learning: LearningState }) {
  return [trial, watch].map((one) => one && <TrialCard key={one.id} trial={one} versions={versions} />)
}

function TrialCard({ trial, versions }: { trial: Trial; versions: LearningState['versions'] }) {
  const t = useTranslations('models')
  const name = t('version', { number: trial.number })
  const watched = trial.share === 100
  if (trial.ended === 'worse' || trial.ended === 'slow')
    return (
      <p className="panel px-5 py-4 text-base text-warn-ink">
        {t(watched ? `trial.${trial.ended}Back` : `trial.${trial.ended}`, { name })}
      </p>
    )
  const version = versions.find(({ id }) => id === trial.versionId)
  // What it found is no less true once somebody has stopped it.
  const stopped = trial.ended === 'stopped' && !watched && trial.figures.both > 0
  if ((trial.ended && !stopped) || !version) return null
  const rival = trial.rival ? t('version', { number: trial.rival.number }) : t('trial.base')
  return (
    <section aria-labelledby={trial.id} className="panel flex flex-col gap-4 p-5">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div>
          <h2 id={trial.id} className="text-xs font-medium text-ink-3">
            {t(watched ? 'trial.watched' : stopped ? 'trial.stopped' : 'trial.title')}
          </h2>
          <p className="text-lg font-semibold">{t('trial.beside', { name, rival })}</p>
        </div>
        {watched || stopped ? null : (
          <div className="flex flex-wrap gap-2">
            <Stop />
            <Promote version={version} />
          </div>
        )}
      </div>
      <p className="max-w-prose text-base text-pretty text-ink-2">
        {watched
          ? t('trial.watch')
          : stopped
            ? t('trial.last')
            : trial.share
              ? t('trial.some', { share: trial.share })
              : t('trial.silent')}
      </p>
      <Figures figures={trial.figures} />
      {watched || stopped ? null : <Share trial={trial} />}
    </section>
  )
}

function Figures({ figures }: { figures: Trial['figures'] }) {
  const t = useTranslations('models.trial')
  const format = useFormatter()
  if (!figures.both) return <p className="text-ink-3">{t('none')}</p>
  const percent = (part: number, of: number) =>
    of ? format.number(part / of, { style: 'percent', maximumFractionDigits: 1 }) : '–'
  const ms = (value: number | null) => (value === null ? '–' : t('ms', { ms: Math.round(value) }))
  const rows = [
    { name: t('both'), value: format.number(figures.both) },
    { name: t('agree'), value: percent(figures.agreed, figures.both) },
    {
      name: t('changed'),
      value:
        figures.seenTried || figures.seenRival
          ? t('pair', {
              tried: percent(figures.correctedTried, figures.seenTried),
              rival: percent(figures.correctedRival, figures.seenRival),
            })
          : '–',
    },
    { name: t('p95'), value: t('pair', { tried: ms(figures.slowTried), rival: ms(figures.slowRival) }) },
  ]
  return (
    <>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4">
        {rows.map(({ name, value }) => (
          <div key={name}>
            <dt className="text-xs text-ink-3">{name}</dt>
            <dd className="numbers font-semibold">{value}</dd>
          </div>
        ))}
      </dl>
      {figures.judged ? (
        <p className="text-ink-3">
          {t('word', { count: figures.judged, tried: figures.rightTried, rival: figures.rightRival })}
        </p>
      ) : null}
    </>
  )
}

function Share({ trial }: { trial: Trial }) {
  const t = useTranslations('models.trial')
  const { api, again } = useLearning()
  const { attempt, asked } = useAnyway(trial.versionId)
  // Shown at once; the server's word follows.
  const [chosen, setChosen] = useState<number | null>(null)
  const change = async (share: number) => {
    setChosen(share)
    await attempt(async (unjudged) => {
      await api.post(`learning/versions/${trial.versionId}/try`, { share, unjudged })
      toast(t('shared', { share }))
      await again()
    })
    await again()
    setChosen(null)
  }
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      <span className="text-ink-2">{t('share')}</span>
      <Segmented
        label={t('share')}
        options={shares.map((value) => ({ value, label: t('shares', { share: Number(value) }) }))}
        value={String(chosen ?? trial.share) as (typeof shares)[number]}
        onChange={(value) => void change(Number(value))}
      />
      {asked}
    </div>
  )
}

function Stop() {
  const t = useTranslations('models.trial')
  const { api, again } = useLearning()
  const { ending, asked } = useEndingTrial()
  const stop = async () => {
    try {
      await api.post('learning/trial/stop')
      toast(t('stopped'))
    } catch (error) {
      toastError(error)
    }
    await again()
  }
  return (
    <>
      <Button size="small" look="ghost" onClick={() => ending(() => void stop())}>
        {t('stop')}
      </Button>
      {asked}
    </>
  )
}

/** Silent at first: who gets its answers is chosen when there are figures. */
export function TryBeside({
  version,
  className,
}: {
  version: Pick<SentVersion, 'id' | 'number' | 'runId'>
  className?: string
}) {
  const t = useTranslations('models.trial')
  const { query, api, again } = useLearning()
  const { ending, asked } = useEndingTrial()
  const [busy, setBusy] = useState(false)
  const begin = async () => {
    setBusy(true)
    try {
      await api.post(`learning/versions/${version.id}/try`, { share: 0 })
      toast(t('began', { number: version.number }))
    } catch (error) {
      toastError(error)
    }
    await again()
    setBusy(false)
  }
  if (undecided(query.data, version)) return null
  return (
    <>
      <Button size="small" look="ghost" busy={busy} className={className} onClick={() => ending(() => void begin())}>
        <FlaskConical aria-hidden />
        {t('begin')}
      </Button>
      {asked}
    </>
  )
}
