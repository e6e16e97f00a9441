/** Everything the model said about one message, and what people said against it; loaded when it is opened. */
'use client'

import { useFormatter, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Probability } from '@/app/_ui/chip'
import { Time } from '@/app/_ui/time'
import type { DeskMessage } from '@/lib/features/conversations/transcript'
import { useLabelName } from '../_data/label-name'
import { usePeople, useUnsure } from '../_data/people'
import { WhyWords } from './why-words'

type AnyWord = { (key: string): string; has(key: string): boolean }

export function PredictionDetails({ message }: { message: DeskMessage }) {
  const t = useTranslations('inbox.label')
  const languages = useTranslations('routing.language') as unknown as AnyWord
  const labelName = useLabelName()
  const format = useFormatter()
  const people = usePeople()
  const unsureOf = useUnsure()
  const said = message.prediction
  if (!said) return null
  const abstained = unsureOf(said)
  return (
    <div className="flex flex-col gap-2">
      <p className="font-medium">{t('why')}</p>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1">
        <Line name={t('intent')} value={labelName('intent', said.intent)} probability={said.intentProbability} />
        <Line
          name={t('sentiment')}
          value={labelName('sentiment', said.sentiment)}
          probability={said.sentimentProbability}
        />
        <Line name={t('urgency')} value={labelName('urgency', said.urgency)} probability={said.urgencyProbability} />
        <Line
          name={t('language')}
          value={languages.has(said.language) ? languages(said.language) : said.language}
          probability={said.languageProbability}
        />
        <Line
          name={t('score')}
          value={format.number(said.sentimentScore, { maximumFractionDigits: 2, signDisplay: 'exceptZero' })}
        />
        <Line name={t('model')} value={<span className="font-mono text-xs break-all">{said.modelVersion}</span>} />
        <Line
          name={t('latency')}
          value={t('ms', { ms: format.number(said.latencyMs, { maximumFractionDigits: 1 }) })}
        />
      </dl>
      {abstained ? <p className="text-xs text-ink-2">{t(abstained)}</p> : null}
      <WhyWords messageId={message.id} text={message.text ?? ''} />
      {message.corrections.length ? (
        <>
          <p className="border-t border-line pt-2 text-xs text-ink-3">{t('corrections')}</p>
          <ul className="flex flex-col gap-1 text-xs">
            {message.corrections.map((each) => (
              <li key={each.id} className="flex flex-wrap items-baseline gap-x-2">
                <span>
                  {t('wasNow', {
                    field: t(each.field),
                    was: each.was ? labelName(each.field, each.was) : t('nothing'),
                    now: labelName(each.field, each.now),
                  })}
                </span>
                <span className="text-ink-3">
                  {people.member(each.authorId)?.name} · <Time at={each.createdAt} look="clock" />
                </span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </div>
  )
}

function Line({ name, value, probability }: { name: string; value: ReactNode; probability?: number }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd className="min-w-0">{value}</dd>
      <dd className="text-xs text-ink-2">{probability === undefined ? null : <Probability value={probability} />}</dd>
    </>
  )
}
