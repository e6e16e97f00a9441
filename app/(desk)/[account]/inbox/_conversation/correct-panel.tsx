/** The labels to choose from: number keys for the first nine, typing finds the others. Loaded when it is opened. */
'use client'

import Check from 'lucide-react/icons/check'
import { useFormatter, useTranslations } from 'next-intl'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { SentimentFace } from '@/app/_ui/chip'
import { cn } from '@/app/_ui/cn'
import type { CorrectedField, DeskMessage } from '@/lib/features/conversations/transcript'
import { effective } from '../_data/correct'
import { useLabelName } from '../_data/label-name'
import { useIntents } from '../_data/people'

const few = { sentiment: ['negative', 'neutral', 'positive'], urgency: ['high', 'normal', 'low'] } as const

export function CorrectPanel({
  field,
  message,
  choose,
}: {
  field: CorrectedField
  message: DeskMessage
  choose: (value: string, name: string) => void
}) {
  const t = useTranslations('inbox.correct')
  const common = useTranslations('common')
  const labelName = useLabelName()
  const format = useFormatter()
  const intents = useIntents()
  const [words, setWords] = useState('')
  const [at, setAt] = useState(0)
  const list = useRef<HTMLDivElement>(null)
  const now = effective(message, field).value
  const said = message.prediction
  const values = useMemo(() => (field === 'intent' ? intents.map(({ id }) => id) : [...few[field]]), [field, intents])
  const wanted = words.trim().toLowerCase()
  const found = values.filter(
    (value) => !wanted || labelName(field, value).toLowerCase().includes(wanted) || value.includes(wanted),
  )
  const take = (value: string | undefined) => value && choose(value, labelName(field, value))
  const move = (to: number) => {
    setAt(to)
    list.current?.children[to]?.scrollIntoView({ block: 'nearest' })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (event.key === 'ArrowDown') move(Math.min(found.length - 1, at + 1))
    else if (event.key === 'ArrowUp') move(Math.max(0, at - 1))
    else if (event.key === 'Enter') take(found[at])
    else if (!words && /^[1-9]$/.test(event.key) && found[Number(event.key) - 1]) take(found[Number(event.key) - 1])
    else return
    event.preventDefault()
  }
  const option = (index: number) => `correct-${field}-${index}`
  return (
    <div>
      <div className="border-b border-line px-3 pt-2.5 pb-1.5">
        <p className="font-medium">{t(field)}</p>
        <input
          // biome-ignore lint/a11y/noAutofocus: the panel was opened to choose here
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={`correct-${field}`}
          aria-activedescendant={found.length ? option(at) : undefined}
          aria-label={t(field)}
          placeholder={t('find')}
          value={words}
          onChange={(event) => {
            setWords(event.target.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
          className="mt-1 h-7 w-full bg-transparent outline-none"
        />
      </div>
      <div
        ref={list}
        id={`correct-${field}`}
        role="listbox"
        aria-label={t(field)}
        className="max-h-72 overflow-y-auto p-1"
      >
        {found.map((value, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are heard by the input, which keeps the focus
          <div
            key={value}
            id={option(i)}
            role="option"
            tabIndex={-1}
            aria-selected={value === now}
            className={cn('menu-item', i === at && 'bg-hover')}
            onPointerMove={() => at !== i && setAt(i)}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => take(value)}
          >
            {i < 9 && !words ? <kbd className="kbd">{i + 1}</kbd> : <span className="w-5" />}
            {field === 'sentiment' ? <SentimentFace value={value as 'neutral'} /> : null}
            <span className="min-w-0 flex-1 truncate">{labelName(field, value)}</span>
            {said?.[field] === value ? (
              <span className="numbers flex-none text-xs text-ink-3">
                {t('said', { percent: format.number(said[`${field}Probability`], { style: 'percent' }) })}
              </span>
            ) : null}
            {value === now ? <Check aria-hidden /> : null}
          </div>
        ))}
        {found.length ? null : <p className="px-2 py-3 text-ink-3">{common('nothingFound')}</p>}
      </div>
      <p className="border-t border-line px-3 py-2 text-xs text-ink-3">{t('hint')}</p>
    </div>
  )
}
