/** The chat's colour: a picker, a field for the exact value, suggestions, and whether it can be seen. */
'use client'

import Check from 'lucide-react/icons/check'
import CircleCheck from 'lucide-react/icons/circle-check'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { useFormatter, useTranslations } from 'next-intl'
import { Field } from '@/app/_ui/field'
import { Input } from '@/app/_ui/input'
import { judgeAccent, leastOnPage } from '@/lib/features/inboxes/rules'

/** Each reaches 3 : 1 on white and on near-black. */
const presets = ['#5b5bd6', '#0072b2', '#00806a', '#b45309', '#d1365e', '#7c5cbf', '#4b6478']

export const isAccent = (text: string): boolean => /^#[\da-f]{6}$/i.test(text)

export function Accent({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const t = useTranslations('settings.inbox.look')
  const good = isAccent(value)
  return (
    <div className="flex flex-col gap-2.5">
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
        <Field label={t('accent')} error={good ? undefined : t('accentBad')}>
          <Input
            value={value}
            spellCheck={false}
            autoComplete="off"
            maxLength={7}
            className="w-28 font-mono text-xs!"
            onChange={(event) => onChange(event.target.value)}
          />
        </Field>
        <fieldset className="flex items-center gap-1.5 pb-0.5">
          <legend className="sr-only">{t('presets')}</legend>
          {presets.map((preset) => (
            <button
              key={preset}
              type="button"
              aria-label={preset}
              aria-pressed={preset === value.toLowerCase()}
              onClick={() => onChange(preset)}
              style={{ background: preset }}
              className="grid size-7 place-items-center rounded-full text-white outline-offset-2!"
            >
              {preset === value.toLowerCase() ? <Check aria-hidden className="size-4" /> : null}
            </button>
          ))}
          <label
            data-tip={t('accent')}
            className="relative ms-1 size-7 overflow-hidden rounded-full border border-edge bg-[conic-gradient(#d55e00,#f0e442,#009e73,#56b4e9,#0072b2,#cc79a7,#d55e00)] has-focus-visible:outline-2 has-focus-visible:outline-focus"
          >
            <input
              type="color"
              aria-label={t('accent')}
              value={good ? value.toLowerCase() : '#5b5bd6'}
              onChange={(event) => onChange(event.target.value)}
              className="absolute inset-0 size-full cursor-pointer opacity-0"
            />
          </label>
        </fieldset>
      </div>
      {good ? <Judgement accent={value} /> : null}
    </div>
  )
}

function Judgement({ accent }: { accent: string }) {
  const t = useTranslations('settings.inbox.look')
  const format = useFormatter()
  const { onLight, onDark, text } = judgeAccent(accent)
  // Rounded down: 2.97 must not look like enough.
  const ratio = (value: number) => format.number(Math.floor(value * 10) / 10, { minimumFractionDigits: 1 })
  const faint =
    onLight < leastOnPage
      ? t('faintLight', { ratio: ratio(onLight) })
      : onDark < leastOnPage
        ? t('faintDark', { ratio: ratio(onDark) })
        : null
  return (
    <p role="status" className="flex flex-wrap gap-x-2 text-xs text-ink-3">
      <span className={faint ? 'flex gap-1.5 text-warn-ink' : 'flex gap-1.5 text-good-ink'}>
        {faint ? (
          <TriangleAlert aria-hidden className="mt-px size-4 flex-none" />
        ) : (
          <CircleCheck aria-hidden className="mt-px size-4 flex-none" />
        )}
        {faint ?? t('good')}
      </span>
      <span>{t('text', { ratio: ratio(text) })}</span>
    </p>
  )
}
