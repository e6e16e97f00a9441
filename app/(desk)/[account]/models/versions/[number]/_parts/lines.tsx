/** How sure the model must be: what a line would do to held-out texts, and saving it for one intent or for all. */
'use client'

import { useLocale, useTranslations } from 'next-intl'
import { useId, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Field } from '@/app/_ui/field'
import { Select } from '@/app/_ui/input'
import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import { useIntentName } from '@/app/(desk)/[account]/inbox/_data/people'
import { usePercent } from '@/app/(desk)/[account]/models/_parts/percent'
import { lines } from '@/lib/core/learning'
import { figuresAt } from '@/lib/features/learning/lines'
import type { ComparedText } from '@/lib/flows/compare-version'
import type { ListedIntent } from '@/lib/flows/read-intents'
import { useIntentSet, useSaveLines } from '../../../_data/intents'
import { useCompared } from './texts'

interface Of {
  versionId: string
  labels: readonly string[]
  beside: string
}

export function Lines({ versionId, labels, beside }: Of) {
  const compared = useCompared(versionId, beside)
  const { query } = useIntentSet()
  const failed = compared.error ?? query.error
  if (failed) return <ErrorState error={failed} retry={() => Promise.all([compared.refetch(), query.refetch()])} />
  if (!compared.data || !query.data) return <SkeletonRows rows={4} className="panel" />
  const known = new Set(labels)
  const intents = query.data.intents.filter(({ key, archived }) => known.has(key) && !archived)
  return intents.length ? <Line texts={compared.data.texts} intents={intents} /> : null
}

const lineOf = ({ threshold }: ListedIntent) => threshold ?? lines.least

function Line({ texts, intents }: { texts: readonly ComparedText[]; intents: readonly ListedIntent[] }) {
  const t = useTranslations('models.report.lines')
  const percent = usePercent()
  const nameOf = useIntentName()
  const locale = useLocale()
  const save = useSaveLines()
  const id = useId()
  const [chosen, setChosen] = useState('')
  const [moved, setMoved] = useState<number | null>(null)
  const meant = intents.filter(({ key }) => !chosen || key === chosen)
  const saved = [...new Set(meant.map(lineOf))]
  const line = moved ?? saved[0] ?? lines.least
  const figures = figuresAt(texts, line, chosen || null)
  const choose = (key: string) => {
    setChosen(key)
    setMoved(null)
  }
  const share = (value: number | null) => (value === null ? '–' : percent(value))
  return (
    <div className="panel flex flex-col gap-4 p-4">
      <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
        <Field label={t('of')} className="min-w-0 flex-1 basis-44">
          <Select value={chosen} onChange={(event) => choose(event.target.value)}>
            <option value="">{t('all')}</option>
            {intents
              .map(({ key }) => ({ key, name: nameOf(key) }))
              .sort((a, b) => a.name.localeCompare(b.name, locale))
              .map(({ key, name }) => (
                <option key={key} value={key}>
                  {name}
                </option>
              ))}
          </Select>
        </Field>
        <p className="text-ink-3">
          {saved.length > 1
            ? t('differs')
            : line === saved[0]
              ? t('isSaved', { line: percent(line) })
              : t('savedNow', { line: percent(saved[0] ?? lines.least) })}
        </p>
      </div>
      <div className="flex items-center gap-3">
        <input
          id={id}
          type="range"
          min={lines.least * 100}
          max={lines.most * 100}
          value={Math.round(line * 100)}
          onChange={(event) => setMoved(Number(event.target.value) / 100)}
          aria-label={t('label')}
          aria-valuetext={percent(line)}
          className="min-h-6 w-full accent-accent"
        />
        <span aria-hidden className="numbers w-10 flex-none text-end text-base font-semibold">
          {percent(line)}
        </span>
      </div>
      <output htmlFor={id}>
        <dl className="grid grid-cols-3 gap-x-4">
          {(
            [
              ['precision', figures.precision],
              ['recall', figures.recall],
              ['handled', figures.of ? figures.handled / figures.of : null],
            ] as const
          ).map(([name, value]) => (
            <div key={name} className="flex flex-col justify-between">
              <dt className="text-xs text-ink-3">{t(name)}</dt>
              <dd className="numbers text-lg font-semibold">{share(value)}</dd>
            </div>
          ))}
        </dl>
        <p className="mt-2 text-xs text-pretty text-ink-3">
          {chosen
            ? t('countedOne', { of: figures.of, handled: figures.handled })
            : t('counted', { of: figures.of, handled: figures.handled })}
        </p>
      </output>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line pt-3">
        <Button
          disabled={saved.length === 1 && saved[0] === line}
          onClick={() => {
            setMoved(null)
            void save(meant, line === lines.least ? null : line)
          }}
        >
          {chosen ? t('saveOne', { name: nameOf(chosen) }) : t('saveAll', { count: meant.length })}
        </Button>
        <p className="min-w-0 flex-1 basis-48 text-xs text-pretty text-ink-3">{t('lead')}</p>
      </div>
    </div>
  )
}
