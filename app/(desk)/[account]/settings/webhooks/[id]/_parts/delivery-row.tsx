/** One delivery: its state at a glance; opened, what the other side answered and the way to send it once more. */
'use client'

import ChevronRight from 'lucide-react/icons/chevron-right'
import RotateCw from 'lucide-react/icons/rotate-cw'
import Link from 'next/link'
import { useLocale, useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { useAccount } from '@/app/_ui/account'
import { Button } from '@/app/_ui/button'
import { Chip, type Tone } from '@/app/_ui/chip'
import { formatRelative, Time, useNow } from '@/app/_ui/time'
import type { DeliveryState } from '@/lib/features/webhooks/events'
import type { Delivery } from '@/lib/flows/read-webhooks'

const tones: Record<DeliveryState, Tone> = { queued: 'plain', sent: 'good', failed: 'bad', dropped: 'outline' }
const reasons = [
  'refused',
  'unknown_host',
  'unreachable',
  'tls',
  'too_slow',
  'too_large',
  'redirects',
  'off',
  'gone',
] as const

export function DeliveryRow({ row, again }: { row: Delivery; again: (() => void) | null }) {
  const t = useTranslations('webhooks.log')
  const events = useTranslations('webhooks.events')
  const account = useAccount()
  const locale = useLocale()
  const now = useNow()
  const { id, type, state, attempts, happenedAt, dueAt, status, error, answer, conversation } = row
  const reason = reasons.find((one) => one === error)
  const retried = state === 'queued' && attempts > 0
  return (
    <li>
      <details className="group">
        <summary className="flex cursor-pointer list-none items-center gap-x-3 px-3 py-2 hover:bg-hover [&::-webkit-details-marker]:hidden">
          <ChevronRight aria-hidden className="size-4 flex-none text-ink-3 transition-transform group-open:rotate-90" />
          <span className="flex min-w-0 flex-1 flex-wrap items-center justify-between gap-x-3 gap-y-1">
            <span className="min-w-0 flex-1 basis-44 truncate">{events(type)}</span>
            <span className="flex items-center gap-2">
              {retried ? <Chip tone="warn">{t('attempts', { count: attempts })}</Chip> : null}
              <Chip tone={tones[state]}>{t(state)}</Chip>
              <Time at={happenedAt} look="clock" className="numbers min-w-12 text-end text-ink-3" />
            </span>
          </span>
        </summary>
        <div className="flex flex-col gap-3 border-t border-line bg-canvas px-4 py-3 ps-10">
          <p className="text-ink-2">
            {[
              status ? t('status', { status }) : null,
              reason ? t(`why.${reason}`) : null,
              retried ? null : t('attempts', { count: attempts }),
              retried && dueAt && now ? t('next', { time: formatRelative(Date.parse(dueAt), locale, now) }) : null,
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
          {answer ? (
            <Detail name={t('answer')}>
              <pre className="max-h-48 overflow-y-auto font-mono text-xs wrap-anywhere whitespace-pre-wrap">
                {answer}
              </pre>
            </Detail>
          ) : null}
          <Detail name={t('id')}>
            <code className="font-mono text-xs wrap-anywhere">{id}</code>
          </Detail>
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
            {again ? (
              <Button size="small" onClick={again}>
                <RotateCw aria-hidden />
                {t('again')}
              </Button>
            ) : null}
            {conversation ? (
              <Link href={`/${account}/inbox/${conversation}`} className="rounded-sm text-accent-ink hover:underline">
                {t('conversation')}
              </Link>
            ) : null}
          </div>
        </div>
      </details>
    </li>
  )
}

function Detail({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-0.5">
      <span className="text-xs text-ink-3">{name}</span>
      {children}
    </div>
  )
}
