/** Asks the installation how it is, every ten seconds while anyone looks. */
'use client'

import Circle from 'lucide-react/icons/circle'
import CircleCheck from 'lucide-react/icons/circle-check'
import CircleX from 'lucide-react/icons/circle-x'
import Clock from 'lucide-react/icons/clock'
import { useTranslations } from 'next-intl'
import { useEffect, useState } from 'react'
import { cn } from '../_ui/cn'
import { SkeletonRows } from '../_ui/states'
import { Time } from '../_ui/time'

const parts = ['database', 'migrations', 'inference', 'worker', 'events'] as const
type Part = (typeof parts)[number]
type PartState = 'ready' | 'starting' | 'slow' | 'away'
type Answer = { ready: boolean; parts: Record<Part, PartState> }

const looks = {
  ready: { icon: CircleCheck, ink: 'text-good-ink' },
  starting: { icon: Circle, ink: 'text-ink-2' },
  slow: { icon: Clock, ink: 'text-warn-ink' },
  away: { icon: CircleX, ink: 'text-bad-ink' },
} as const
/** Milliseconds. */
const interval = 10_000

async function ask(): Promise<Answer | 'away'> {
  try {
    const response = await fetch('/api/ready', { cache: 'no-store' })
    return (await response.json()) as Answer
  } catch {
    return 'away'
  }
}

function useStatus() {
  const [seen, setSeen] = useState<{ answer: Answer | 'away'; at: number } | null>(null)
  useEffect(() => {
    let here = true
    const look = async () => {
      if (document.hidden) return
      const answer = await ask()
      if (here) setSeen({ answer, at: Date.now() })
    }
    void look()
    const timer = setInterval(look, interval)
    document.addEventListener('visibilitychange', look)
    return () => {
      here = false
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [])
  return seen
}

export function StatusBoard() {
  const t = useTranslations('status')
  const seen = useStatus()
  if (!seen) return <SkeletonRows rows={6} className="panel mt-6 py-2" />
  const { answer, at } = seen
  const whole =
    answer === 'away'
      ? 'away'
      : !answer.ready
        ? 'down'
        : parts.every((part) => answer.parts[part] === 'ready')
          ? 'ok'
          : 'some'
  const tone = { ok: 'bg-good-soft text-good-ink', some: 'bg-warn-soft text-warn-ink' }[whole as string]
  return (
    <>
      <p
        role="status"
        className={cn('mt-6 rounded-lg px-4 py-3 text-lg font-medium', tone ?? 'bg-bad-soft text-bad-ink')}
      >
        {t(whole)}
      </p>
      {answer === 'away' ? null : (
        <dl className="panel mt-4 divide-y divide-line">
          {parts.map((part) => (
            <PartRow key={part} part={part} state={answer.parts[part] ?? 'away'} />
          ))}
        </dl>
      )}
      <p className="mt-3 text-xs text-ink-3">
        {t('checked')} <Time at={at} look="clock" />
      </p>
    </>
  )
}

function PartRow({ part, state }: { part: Part; state: PartState }) {
  const t = useTranslations('status')
  const { icon: Icon, ink } = looks[state]
  return (
    <div className="grid grid-cols-[1fr_auto] gap-x-4 px-4 py-3">
      <dt className="text-base font-medium">{t(`parts.${part}`)}</dt>
      <dd className={cn('inline-flex items-center gap-1.5 font-medium', ink)}>
        <Icon aria-hidden className="size-4" />
        {t(`states.${state}`)}
      </dd>
      {state !== 'ready' && part !== 'migrations' ? (
        <dd className="col-span-2 mt-0.5 text-ink-2">{t(`notes.${part}`)}</dd>
      ) : null}
    </div>
  )
}
