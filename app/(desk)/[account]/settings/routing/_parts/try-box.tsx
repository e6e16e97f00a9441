/** Type a message and see what the model says of it and which line would decide. Nothing is stored. */
'use client'

import { useTranslations } from 'next-intl'
import { useEffect, useId, useState } from 'react'
import { useApi } from '@/app/_ui/account'
import { Chip, Probability } from '@/app/_ui/chip'
import { useErrorWords } from '@/app/_ui/error-words'
import { Textarea } from '@/app/_ui/input'
import { RouteReason } from '@/app/(desk)/[account]/inbox/_conversation/route-reason'
import type { Evidence } from '@/lib/features/routing/rules'
import type { Tried } from '@/lib/flows/try-routing'
import { useLabelName } from './words'

/** How long a person must pause before the message is tried, milliseconds. */
const pause = 350

/** @param version of the table: another table may decide otherwise, so the message is tried again */
function useTry(text: string, version: string) {
  const api = useApi()
  const [tried, setTried] = useState<Tried | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: see version above
  useEffect(() => {
    const wanted = text.trim()
    setError(null)
    if (!wanted) {
      setTried(null)
      setBusy(false)
      return
    }
    setBusy(true)
    const stop = new AbortController()
    const timer = setTimeout(async () => {
      try {
        setTried(await api.post<Tried>('routing/try', { text: wanted }, { signal: stop.signal }))
      } catch (failure) {
        if (!stop.signal.aborted) setError(failure)
      } finally {
        if (!stop.signal.aborted) setBusy(false)
      }
    }, pause)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [api, text, version])
  return { tried, error, busy }
}

export function TryBox({ version, onTried }: { version: string; onTried: (tried: Tried | null) => void }) {
  const t = useTranslations('settings.routing.try')
  const words = useErrorWords()
  const [text, setText] = useState('')
  const { tried, error, busy } = useTry(text, version)
  const heading = useId()
  useEffect(() => onTried(tried), [tried, onTried])
  return (
    <section
      aria-labelledby={heading}
      className="panel flex flex-col gap-3 bg-canvas p-4 lg:sticky lg:top-6 lg:self-start"
    >
      <header>
        <h2 id={heading} className="text-lg">
          {t('title')}
        </h2>
        <p className="text-ink-2">{t('lead')}</p>
      </header>
      <Textarea
        aria-label={t('label')}
        placeholder={t('placeholder')}
        value={text}
        maxLength={8_000}
        className="text-base!"
        onChange={(event) => setText(event.target.value)}
      />
      <div aria-live="polite" aria-busy={busy} className="flex flex-col gap-3">
        {error ? (
          <p role="alert" className="text-bad-ink">
            {words(error).title}
          </p>
        ) : tried ? (
          <Answer tried={tried} faded={busy} />
        ) : busy ? (
          <p className="animate-late text-ink-3">{t('reading')}</p>
        ) : null}
      </div>
    </section>
  )
}

function Answer({ tried, faded }: { tried: Tried; faded: boolean }) {
  const t = useTranslations('settings.routing.try')
  const common = useTranslations('common')
  const name = useLabelName()
  const { said } = tried
  if (!said) return <p className="text-warn-ink">{t('away')}</p>
  const labels: Evidence[] = [
    { field: 'intent', label: said.intent, probability: said.intentProbability },
    { field: 'sentiment', label: said.sentiment, probability: said.sentimentProbability },
    { field: 'urgency', label: said.urgency, probability: said.urgencyProbability },
    { field: 'language', label: said.language, probability: said.languageProbability },
  ]
  return (
    <div className={faded ? 'flex flex-col gap-3 opacity-60' : 'flex flex-col gap-3'}>
      <div>
        <h3 className="mb-1.5 text-xs text-ink-3">{t('says')}</h3>
        <ul className="flex flex-col gap-1.5">
          {labels.map(({ field, label, probability }) => (
            <li key={field} className="flex min-h-6 items-center gap-2">
              {field === 'intent' && tried.abstains ? (
                <Chip tone="unsure" data-tip={name(field, label)}>
                  {common('unsure')}
                </Chip>
              ) : (
                <span className="min-w-0 flex-1 truncate">{name(field, label)}</span>
              )}
              <Probability value={probability} className="ms-auto text-xs text-ink-2" />
            </li>
          ))}
        </ul>
      </div>
      <div>
        <h3 className="mb-1.5 text-xs text-ink-3">{t('decides')}</h3>
        <RouteReason route={tried.route} />
      </div>
    </div>
  )
}
