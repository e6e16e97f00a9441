/** The way back: one press puts in charge again what answered before this one; others are a menu away. */
'use client'

import ChevronDown from 'lucide-react/icons/chevron-down'
import RotateCcw from 'lucide-react/icons/rotate-ccw'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Button, IconButton } from '@/app/_ui/button'
import { Menu } from '@/app/_ui/menu'
import { toastUndo } from '@/app/_ui/toast'
import { type LearningState, type SentVersion, useLearning } from '../_data/learning'
import { useAnyway } from './anyway'
import { BrokenCases } from './broken-cases'
import { useEndingTrial } from './end-trial'

/** Only what answered before is offered, the latest first: everything else has to pass the comparison. */
function placesOf({ deployments, versions, championId }: LearningState): (SentVersion | null)[] {
  const before = [...new Set([...deployments.map(({ number }) => number), null])]
  return before.flatMap((number) => {
    if (number === null) return championId ? [null] : []
    const version = versions.find((one) => one.number === number)
    return version && !version.brought && version.id !== championId ? [version] : []
  })
}

export function Back({ learning }: { learning: LearningState }) {
  const t = useTranslations('models')
  const { api, again } = useLearning()
  const { attempt, asked } = useAnyway()
  const { ending, asked: askedToEnd } = useEndingTrial()
  const [busy, setBusy] = useState(false)
  const [first, ...others] = placesOf(learning)
  if (first === undefined) return null
  const roll = async (to: string | null, name: string) => {
    setBusy(true)
    await attempt(
      async (anyway) => {
        const from = learning.championId
        await api.post('learning/roll-back', { id: to, anyway })
        // It was in charge a moment ago, so there is nothing to ask about.
        const undo = () => api.post('learning/roll-back', { id: from, anyway: true }).then(again)
        toastUndo(t('charge.rolledBack', { name }), undo)
        await again()
      },
      <BrokenCases versionId={to} />,
    )
    await again()
    setBusy(false)
  }
  const labelOf = (version: SentVersion | null) =>
    version ? t('charge.backTo', { number: version.number }) : t('charge.backToBase')
  const go = (version: SentVersion | null) =>
    ending(() => void roll(version?.id ?? null, version ? t('version', { number: version.number }) : t('base')))
  return (
    <div className="flex gap-1">
      <Button size="small" busy={busy} onClick={() => go(first)}>
        <RotateCcw aria-hidden />
        {labelOf(first)}
      </Button>
      {others.length ? (
        <Menu
          label={t('charge.others')}
          align="end"
          trigger={
            <IconButton size="small" label={t('charge.others')}>
              <ChevronDown aria-hidden />
            </IconButton>
          }
          items={others.map((version) => ({ label: labelOf(version), onSelect: () => go(version) }))}
        />
      ) : null}
      {askedToEnd}
      {asked}
    </div>
  )
}
