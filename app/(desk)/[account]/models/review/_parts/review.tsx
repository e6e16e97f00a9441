/** The review: one message at a time, keys first. */
'use client'

import ListChecks from 'lucide-react/icons/list-checks'
import { useLocale, useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Select } from '@/app/_ui/input'
import { useCommand } from '@/app/_ui/keyboard'
import { Segmented } from '@/app/_ui/segmented'
import { EmptyState, ErrorState, SkeletonRows } from '@/app/_ui/states'
import { useIntentName, useIntents } from '@/app/(desk)/[account]/inbox/_data/people'
import { reviewedStates, reviewReasons } from '@/lib/core/learning'
import type { ReviewItem } from '@/lib/features/learning/review'
import { ModelsFrame } from '../../_parts/frame'
import { Done } from './done'
import { keyOf, useQueue, type Wanted } from './queue'
import { ReviewCard, UndoButton, useOrder } from './review-card'

/** What comes after is shown in small: to see where it goes. */
const shown = 6

const states = ['new', ...reviewedStates] as const

export function Review() {
  const t = useTranslations('models.review')
  const [state, setState] = useState<(typeof states)[number]>('new')
  const [wanted, setWanted] = useState<Wanted>({ reason: '', intent: '' })
  return (
    <ModelsFrame
      title={t('title')}
      lead={t('lead')}
      trainersOnly={false}
      ownUndo={state === 'new'}
      action={
        <div className="flex flex-wrap items-center gap-2">
          <Segmented
            label={t('state')}
            options={states.map((value) => ({ value, label: t(`states.${value}`) }))}
            value={state}
            onChange={setState}
          />
          {state === 'new' ? <Filters wanted={wanted} onChange={setWanted} /> : null}
        </div>
      }
    >
      {state === 'new' ? (
        <Queue wanted={wanted} showEvery={() => setWanted({ reason: '', intent: '' })} />
      ) : (
        <Done key={state} state={state} />
      )}
    </ModelsFrame>
  )
}

function Filters({ wanted, onChange }: { wanted: Wanted; onChange: (wanted: Wanted) => void }) {
  const t = useTranslations('models.review')
  const locale = useLocale()
  const nameOf = useIntentName()
  const intents = useIntents()
    .map(({ id }) => ({ id, name: nameOf(id) }))
    .sort((a, b) => a.name.localeCompare(b.name, locale))
  return (
    <span className="flex min-w-0 gap-2 max-sm:w-full">
      <Select
        className="max-sm:flex-1"
        aria-label={t('because')}
        value={wanted.reason}
        onChange={(event) => onChange({ ...wanted, reason: event.target.value as Wanted['reason'] })}
      >
        <option value="">{t('every')}</option>
        {reviewReasons.map((each) => (
          <option key={each} value={each}>
            {t(`reason.${each}`)}
          </option>
        ))}
      </Select>
      <Select
        aria-label={t('takenFor')}
        className="max-sm:flex-1 sm:max-w-48"
        value={wanted.intent}
        onChange={(event) => onChange({ ...wanted, intent: event.target.value })}
      >
        <option value="">{t('anyIntent')}</option>
        {intents.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </span>
  )
}

function Queue({ wanted, showEvery }: { wanted: Wanted; showEvery: () => void }) {
  const t = useTranslations('models.review')
  const queue = useQueue(wanted)
  const order = useOrder()
  const { query, items, left, labelled, canUndo, undo } = queue
  useCommand('undo', undo)
  const [item, ...rest] = items
  const narrowed = wanted.reason !== '' || wanted.intent !== ''
  return (
    <>
      {item ? (
        <div className="grid grid-cols-1 gap-6 lg:grid-cols-[minmax(0,1fr)_18rem]">
          <ReviewCard key={keyOf(item)} item={item} queue={queue} all={order} />
          <aside className="flex flex-col gap-3">
            <p className="numbers text-ink-2">
              {t('left', { count: left })}
              {labelled ? <span className="block text-ink-3">{t('enough', { count: labelled })}</span> : null}
            </p>
            {rest.length ? <Next items={rest.slice(0, shown)} /> : null}
          </aside>
        </div>
      ) : query.error ? (
        <ErrorState error={query.error} retry={() => query.refetch()} />
      ) : query.data ? (
        <EmptyState
          icon={<ListChecks />}
          title={t('empty')}
          action={
            narrowed || canUndo ? (
              <span className="flex flex-wrap justify-center gap-2">
                {narrowed ? <Button onClick={showEvery}>{t('showEvery')}</Button> : null}
                {canUndo ? <UndoButton queue={queue} /> : null}
              </span>
            ) : null
          }
        >
          {t(narrowed ? 'emptyReason' : 'emptyLead')}
        </EmptyState>
      ) : (
        <SkeletonRows rows={6} className="panel" />
      )}
    </>
  )
}

function Next({ items }: { items: readonly ReviewItem[] }) {
  const t = useTranslations('models.review')
  const nameOf = useIntentName()
  return (
    <section aria-label={t('next')} className="max-lg:hidden">
      <h2 className="mb-1 text-xs font-medium text-ink-3">{t('next')}</h2>
      <ol className="flex flex-col divide-y divide-line">
        {items.map((item) => (
          <li key={keyOf(item)} className="py-2">
            <p className="truncate">{item.texts[0]?.text}</p>
            <p className="truncate text-xs text-ink-3">
              {item.said ? nameOf(item.said.intent) : t(`reason.${item.reason}`)}
              {item.texts.length > 1 ? ` · ${t('together', { count: item.texts.length })}` : null}
            </p>
          </li>
        ))}
      </ol>
    </section>
  )
}
