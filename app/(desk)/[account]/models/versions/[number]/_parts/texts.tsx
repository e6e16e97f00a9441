/** The held-out texts with the answers of two models: what is better, worse or wrong, or all of them. */
'use client'

import { useQuery } from '@tanstack/react-query'
import Check from 'lucide-react/icons/check'
import X from 'lucide-react/icons/x'
import { useTranslations } from 'next-intl'
import { lazy, Suspense, useState } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { Probability } from '@/app/_ui/chip'
import { Field } from '@/app/_ui/field'
import { Select } from '@/app/_ui/input'
import { Popover } from '@/app/_ui/popover'
import { Segmented } from '@/app/_ui/segmented'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { whenNeeded } from '@/app/_ui/when-needed'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import { heldOutPage } from '@/lib/core/learning'
import type { ComparedText, HeldOutText } from '@/lib/flows/compare-version'
import type { LearningState, SentVersion } from '../../../_data/learning'

const WhyWords = lazy(
  whenNeeded(() =>
    import('@/app/(desk)/[account]/inbox/_conversation/why-words').then(({ WhyWords: Part }) => ({ default: Part })),
  ),
)

export interface TextFilter {
  show: 'better' | 'worse' | 'wrong' | 'all'
  truth?: string
  guess?: string
  /** Two intents, taken for each other either way. */
  pair?: readonly [string, string]
}

/** What a version is compared with at first: the one in charge; that one itself with what it took over from. */
export const usualRival = ({ championId }: LearningState, { id, report }: SentVersion): string =>
  championId === id ? (report?.championId ?? 'base') : ''

/** @param beside a version's id, `base`, or empty for the model in charge */
export function useCompared(versionId: string, beside: string) {
  const api = useApi()
  const account = useAccount()
  return useQuery({
    queryKey: [account, 'compared', versionId, beside],
    queryFn: ({ signal }) =>
      api.get<{ texts: ComparedText[] }>(`learning/versions/${versionId}/texts`, beside ? { beside } : {}, { signal }),
    staleTime: 60_000,
  })
}

export function Texts({
  learning,
  version,
  filter,
  onFilter,
}: {
  learning: LearningState
  version: SentVersion
  filter: TextFilter
  onFilter: (filter: TextFilter) => void
}) {
  const t = useTranslations('models.report')
  const nameOf = useIntentName()
  const versionId = version.id
  const [beside, setBeside] = useState(() => usualRival(learning, version))
  const query = useCompared(versionId, beside)
  const known = new Set(query.data?.texts.map(({ truth }) => truth))
  const counts = (show: TextFilter['show']) => query.data?.texts.filter((one) => matches(one, { show }, known)).length
  const options = (['better', 'worse', 'wrong', 'all'] as const).map((value) => ({
    value,
    label: t(`shows.${value}`, { count: counts(value) ?? 0 }),
  }))
  return (
    <section id="texts" className="flex scroll-mt-4 flex-col gap-3">
      <header className="flex flex-wrap items-end justify-between gap-3">
        <div className="min-w-0 flex-1 basis-72">
          <h2 className="text-lg">{t('texts')}</h2>
          <p className="text-pretty text-ink-2">{t('textsLead')}</p>
        </div>
        <Beside learning={learning} versionId={versionId} value={beside} onChange={setBeside} />
        <Segmented label={t('show')} options={options} value={filter.show} onChange={(show) => onFilter({ show })} />
      </header>
      {filter.truth || filter.pair ? (
        <p className="flex items-center gap-2">
          {filter.pair
            ? t('pair', { one: nameOf(filter.pair[0]), other: nameOf(filter.pair[1]) })
            : filter.truth === filter.guess
              ? t('rightly', { truth: nameOf(filter.truth ?? '') })
              : t('confusion', {
                  truth: nameOf(filter.truth ?? ''),
                  guess: filter.guess ? nameOf(filter.guess) : t('otherIntent'),
                })}
          <Button size="small" look="ghost" onClick={() => onFilter({ show: filter.show })}>
            {t('clear')}
          </Button>
        </p>
      ) : null}
      {query.data ? (
        <List key={JSON.stringify([filter, beside])} versionId={versionId} texts={query.data.texts} filter={filter} />
      ) : query.error ? (
        <ErrorState error={query.error} retry={() => query.refetch()} />
      ) : (
        <SkeletonRows rows={6} className="panel" />
      )}
    </section>
  )
}

/** Any two can be compared: both are asked anew about the same texts. */
function Beside({
  learning,
  versionId,
  value,
  onChange,
}: {
  learning: LearningState
  versionId: string
  value: string
  onChange: (beside: string) => void
}) {
  const t = useTranslations('models')
  const others = learning.versions.filter(({ id }) => id !== versionId)
  return (
    <Field label={t('report.beside')}>
      <Select value={value} onChange={(event) => onChange(event.target.value)}>
        {learning.championId === versionId ? null : <option value="">{t('report.inCharge')}</option>}
        <option value="base">{t('base')}</option>
        {others.map(({ id, number }) => (
          <option key={id} value={id}>
            {t('version', { number })}
          </option>
        ))}
      </Select>
    </Field>
  )
}

function matches({ truth, version, other }: ComparedText, filter: TextFilter, known: ReadonlySet<string>): boolean {
  const right = version.intent === truth
  if (filter.show === 'wrong' && right) return false
  const was = other.intent === truth
  if (filter.show === 'better' && !(right && !was)) return false
  if (filter.show === 'worse' && !(was && !right)) return false
  if (filter.pair) return filter.pair.includes(truth) && filter.pair.includes(version.intent)
  if (!filter.truth) return true
  const guess = known.has(version.intent) ? version.intent : ''
  return truth === filter.truth && guess === (filter.guess ?? '')
}

function List({ versionId, texts, filter }: { versionId: string; texts: readonly ComparedText[]; filter: TextFilter }) {
  const t = useTranslations('models.report')
  const known = new Set(texts.map(({ truth }) => truth))
  const more = useTranslations('models.examples')
  const [pages, setPages] = useState(1)
  const found = texts.filter((text) => matches(text, filter, known))
  if (!found.length) return <p className="panel px-4 py-6 text-center text-ink-2">{t('none')}</p>
  const page = (at: number) => found.slice(at * heldOutPage, (at + 1) * heldOutPage)
  return (
    <>
      <div className="panel divide-y divide-line">
        {Array.from({ length: pages }, (_, at) => (
          <Page key={page(at)[0]?.id} versionId={versionId} texts={page(at)} />
        ))}
      </div>
      <div className="flex items-center justify-center gap-3">
        <p className="numbers text-xs text-ink-3">
          {t('shown', { count: Math.min(found.length, pages * heldOutPage), all: found.length })}
        </p>
        {found.length > pages * heldOutPage ? (
          <Button onClick={() => setPages(pages + 1)}>{more('more')}</Button>
        ) : null}
      </div>
    </>
  )
}

/** The words of a page's texts come when the page is looked at; what was erased meanwhile has none. */
function Page({ versionId, texts }: { versionId: string; texts: readonly ComparedText[] }) {
  const api = useApi()
  const account = useAccount()
  const ids = texts.map(({ id }) => id).join(',')
  const { data, error, refetch } = useQuery({
    queryKey: [account, 'held-out', versionId, ids],
    queryFn: ({ signal }) =>
      api.get<{ texts: HeldOutText[] }>(`learning/versions/${versionId}/held-out`, { ids }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (error) return <ErrorState heading="h3" error={error} retry={() => refetch()} />
  if (!data) return <SkeletonRows rows={Math.min(6, texts.length)} />
  const words = new Map(data.texts.map(({ id, text }) => [id, text]))
  return (
    <ul className="divide-y divide-line">
      {texts.map((one) => {
        const text = words.get(one.id)
        return text === undefined ? null : <Row key={one.id} compared={one} text={text} versionId={versionId} />
      })}
    </ul>
  )
}

function Row({ compared, text, versionId }: { compared: ComparedText; text: string; versionId: string }) {
  const t = useTranslations('models.report')
  const nameOf = useIntentName()
  const { truth, version, other } = compared
  return (
    <li className="flex flex-col gap-1 px-4 py-2.5">
      <p className="text-pretty">{text}</p>
      <p className="text-ink-2">{nameOf(truth)}</p>
      <div className="flex flex-wrap gap-x-6 gap-y-1 text-xs text-ink-2">
        <Says words={t('says')} answer={version} truth={truth} />
        <Says words={t('otherSays')} answer={other} truth={truth} />
        <Popover
          label={t('why')}
          className="w-80"
          trigger={
            <button
              type="button"
              className="rounded-sm text-ink-2 underline hover:text-ink"
              aria-label={t('whyOf', { text: text.slice(0, 40) })}
            >
              {t('why')}
            </button>
          }
        >
          <Suspense>
            <WhyWords messageId={null} text={text} versionId={versionId} />
          </Suspense>
        </Popover>
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
