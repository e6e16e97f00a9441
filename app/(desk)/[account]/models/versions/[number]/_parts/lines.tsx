/** What a stricter line would do: fewer messages handled by the model, more of them right. */
'use client'

import { useTranslations } from 'next-intl'
import { useId, useState } from 'react'
import type { Judged } from '@/lib/features/learning/judge'
import { usePercent } from './figures'

export function Lines({ judged }: { judged: Judged }) {
  const t = useTranslations('models.report')
  const percent = usePercent()
  const id = useId()
  const [at, setAt] = useState(Math.floor(judged.lines.length / 2))
  const line = judged.lines[at]
  if (!line) return null
  const handled = percent(line.handled)
  const right = percent(line.right)
  return (
    <div className="panel flex flex-col gap-3 p-4">
      <input
        id={id}
        type="range"
        min={0}
        max={judged.lines.length - 1}
        value={at}
        onChange={(event) => setAt(Number(event.target.value))}
        aria-label={t('line')}
        aria-valuetext={percent(line.threshold)}
        className="w-full accent-accent"
      />
      <output htmlFor={id} className="text-base text-pretty">
        {t('lineAt', { threshold: percent(line.threshold), handled, right })}
      </output>
      <p className="text-xs text-ink-3">{t('lineLead')}</p>
    </div>
  )
}
