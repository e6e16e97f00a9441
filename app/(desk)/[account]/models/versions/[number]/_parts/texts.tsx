/** The held-out texts with both models' answers: what changed, what is wrong, or all of them. */
'use client'

import { useQuery } from '@tanstack/react-query'
import Check from 'lucide-react/icons/check'
import X from 'lucide-react/icons/x'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { Probability } from '@/app/_ui/chip'
import { Segmented } from '@/app/_ui/segmented'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import type { ComparedText, TriedCase } from '@/lib/flows/compare-version'

export interface TextFilter {
  show: 'changed' | 'wrong' | 'all'
  truth?: string
  guess?: string
}

type Compared = { texts: ComparedText[]; cases: TriedCase[] }

/** Shown at first, and more with each press. */
const step = 40

export function useCompared(versionId: string) {
  const api = useApi()
  const account = useAccount()
  return useQuery({
    queryKey: [account, 'compared', versionId],
    queryFn: ({ signal }) => api.get<Compared>(`learning/versions/${versionId}/texts`, {}, { signal }),
    staleTime: 60_000,
  })
}

export function Texts({
  versionId,
  filter,
  onFilter,
}: {
  versionId: string
  filter: TextFilter
  onFilter: (filter: TextFilter) => void
}) {
  const t = useTranslations('models.report')
  const nameOf = useIntentName()
  const query = useCompared(versionId)
  const options = (['changed', 'wrong', 'all'] as const).map((value) => ({
    value,
    label: t(value === 'changed' ? 'showChanged' : value === 'wrong' ? 'showWrong' : 'showAll'),
  }))
  return (
    <section id="texts" className="flex scroll-mt-4 flex-col gap-3">
      <header className="flex flex-wrap items-end justify-between gap-3">
        <div className="min-w-0 flex-1 basis-72">
          <h2 className="text-lg">{t('texts')}</h2>
          <p className="text-pretty text-ink-2">{t('textsLead')}</p>
        </div>
        <Segmented label={t('show')} options={options} value={filter.show} onChange={(show) => onFilter({ show })} />
      </header>
      {filter.truth ? (
        <p className="flex items-center gap-2">
          {t('confusion', {
            truth: nameOf(filter.truth),
            guess: filter.guess ? nameOf(filter.guess) : t('otherIntent'),
          })}
          <Button size="small" look="ghost" onClick={() => onFilter({ show: filter.show })}>
            {t('showAll')}
          </Button>
        </p>
      ) : null}
      {query.data ? (
        <List texts={query.data.texts} filter={filter} />
      ) : query.error ? (
        <ErrorState error={query.error} retry={() => query.refetch()} />
      ) : (
        <SkeletonRows rows={6} className="panel" />
      )}
    </section>
  )
}

function matches({ truth, version, champion }: ComparedText, filter: TextFilter, known: ReadonlySet<string>): boolean {
  const right = version.intent === truth
  if (filter.show === 'wrong' && right) return false
  if (filter.show === 'changed' && right === (champion.intent === truth)) return false
  if (!filter.truth) return true
  const guess = known.has(version.intent) ? version.intent : ''
  return truth === filter.truth && guess === (filter.guess ?? '')
}

function List({ texts, filter }: { texts: readonly ComparedText[]; filter: TextFilter }) {
  const t = useTranslations('models.report')
  const known = new Set(texts.map(({ truth }) => truth))
  const more = useTranslations('models.examples')
  const [shown, setShown] = useState(step)
  const found = texts.filter((text) => matches(text, filter, known))
  if (!found.length) return <p className="panel px-4 py-6 text-center text-ink-2">{t('none')}</p>
  return (
    <>
      <ul className="panel divide-y divide-line">
        {found.slice(0, shown).map((one) => (
          <Row key={`${one.messageId ?? ''} ${one.text}`} compared={one} />
        ))}
      </ul>
      {found.length > shown ? (
        <Button className="self-center" onClick={() => setShown(shown + step)}>
          {more('more')}
        </Button>
      ) : null}
    </>
  )
}

function Row({ compared }: { compared: ComparedText }) {
  const t = useTranslations('models.report')
  const nameOf = useIntentName()
  const { text, truth, version, champion } = compared
  return (
    <li className="flex flex-col gap-1 px-4 py-2.5">
      <p className="text-pretty">{text}</p>
      <p className="text-ink-2">{nameOf(truth)}</p>
      <div className="flex flex-wrap gap-x-6 gap-y-1 text-xs text-ink-2">
        <Says words={t('says')} answer={version} truth={truth} />
        <Says words={t('championSays')} answer={champion} truth={truth} />
      </div>
    </li>
  )
}

function Says({ words, answer, truth }: { words: string; answer: ComparedText['version']; truth: string }) {
  const t = useTranslations('models.report')
  const nameOf = useIntentName()
  const right = answer.intent === truth
  return (
    <span className="inline-flex items-center gap-1.5">
      {right ? (
        <Check role="img" aria-label={t('right')} className="size-3.5 text-good-ink" />
      ) : (
        <X role="img" aria-label={t('wrong')} className="size-3.5 text-bad-ink" />
      )}
      {words} {nameOf(answer.intent)} <Probability value={answer.intentProbability} />
    </span>
  )
}
