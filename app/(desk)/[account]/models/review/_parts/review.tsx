/** The review: one message at a time, keys first. */
'use client'

import ListChecks from 'lucide-react/icons/list-checks'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Select } from '@/app/_ui/input'
import { useCommand } from '@/app/_ui/keyboard'
import { Segmented } from '@/app/_ui/segmented'
import { EmptyState, ErrorState, SkeletonRows } from '@/app/_ui/states'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import { type ReviewReason, reviewedStates, reviewReasons } from '@/lib/core/learning'
import type { ReviewItem } from '@/lib/features/learning/review'
import { ModelsFrame } from '../../_parts/frame'
import { Done } from './done'
import { countOf, keyOf, useQueue } from './queue'
import { ReviewCard } from './review-card'

/** What comes after is shown in small: to see where it goes. */
const shown = 6

const states = ['new', ...reviewedStates] as const

export function Review() {
  const t = useTranslations('models.review')
  const [state, setState] = useState<(typeof states)[number]>('new')
  const [reason, setReason] = useState<ReviewReason | ''>('')
  return (
    <ModelsFrame
      title={t('title')}
      lead={t('lead')}
      trainersOnly={false}
      action={
        <div className="flex flex-wrap items-center gap-2">
          <Segmented
            label={t('state')}
            options={states.map((value) => ({ value, label: t(`states.${value}`) }))}
            value={state}
            onChange={setState}
          />
          {state === 'new' ? (
            <Select
              aria-label={t('because')}
              value={reason}
              onChange={(event) => setReason(event.target.value as typeof reason)}
            >
              <option value="">{t('every')}</option>
              {reviewReasons.map((each) => (
                <option key={each} value={each}>
                  {t(`reason.${each}`)}
                </option>
              ))}
            </Select>
          ) : null}
        </div>
      }
    >
      {state === 'new' ? <Queue reason={reason} showEvery={() => setReason('')} /> : <Done key={state} state={state} />}
    </ModelsFrame>
  )
}

function Queue({ reason, showEvery }: { reason: ReviewReason | ''; showEvery: () => void }) {
  const t = useTranslations('models.review')
  const { query, items, labelled, label, discard, undo } = useQueue(reason)
  useCommand('undo', undo)
  const [item, ...rest] = items
  return (
    <>
      {item ? (
        <div className="grid gap-6 lg:grid-cols-[1fr_18rem]">
          <div className="flex flex-col gap-3">
            <ReviewCard
              key={keyOf(item)}
              item={item}
              onLabel={(chosen, intent) => void label(chosen, intent)}
              onDiscard={(chosen) => void discard(chosen)}
            />
            <p className="text-xs text-ink-3 max-sm:hidden">{t('keys')}</p>
          </div>
          <aside className="flex flex-col gap-3">
            <p className="numbers text-ink-2">
              {t('left', { count: countOf(items) })}
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
          action={reason ? <Button onClick={showEvery}>{t('showEvery')}</Button> : null}
        >
          {t(reason ? 'emptyReason' : 'emptyLead')}
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
