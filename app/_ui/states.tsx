/** What a place shows when it has nothing, is waiting, or failed. */
'use client'

import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { Button } from './button'
import { cn } from './cn'
import { useErrorWords } from './error-words'

/** Teaches what the place is for and offers one action to begin. */
export function EmptyState({
  icon,
  title,
  heading: Heading = 'h2',
  children,
  action,
  className,
}: {
  icon?: ReactNode
  title: ReactNode
  /** `h1` where it stands for the whole page. */
  heading?: 'h1' | 'h2' | 'h3'
  children?: ReactNode
  action?: ReactNode
  className?: string
}) {
  return (
    <div className={cn('mx-auto flex max-w-sm flex-col items-center gap-2 px-6 py-12 text-center', className)}>
      {icon ? (
        <span
          aria-hidden
          className="mb-1 grid size-11 place-items-center rounded-lg bg-accent-soft text-accent-ink [&>svg]:size-5"
        >
          {icon}
        </span>
      ) : null}
      <Heading className="text-lg">{title}</Heading>
      {children ? <div className="text-pretty text-ink-2">{children}</div> : null}
      {action ? <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  )
}

/** Grey bars that appear only when the answer takes longer than 200 ms. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn('skeleton', className)} />
}

const widths = ['w-3/5', 'w-4/5', 'w-2/5', 'w-3/4', 'w-1/2']

export function SkeletonRows({ rows = 8, className }: { rows?: number; className?: string }) {
  const t = useTranslations('common')
  return (
    <div role="status" aria-label={t('loading')} className={cn('flex flex-col', className)}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
        <div key={row} className="flex h-row items-center px-3">
          <Skeleton className={cn('h-3', widths[row % widths.length])} />
        </div>
      ))}
    </div>
  )
}

/** A failure in words, by its code, with a way to try again. */
export function ErrorState({
  error,
  retry,
  action,
  heading: Heading = 'h2',
  className,
}: {
  error: unknown
  retry?: () => void
  action?: ReactNode
  heading?: 'h1' | 'h2' | 'h3'
  className?: string
}) {
  const t = useTranslations('common')
  const words = useErrorWords()(error)
  return (
    <div
      role="alert"
      className={cn('mx-auto flex max-w-sm flex-col items-center gap-2 px-6 py-12 text-center', className)}
    >
      <span aria-hidden className="mb-1 grid size-11 place-items-center rounded-lg bg-warn-soft text-warn-ink">
        <TriangleAlert className="size-5" />
      </span>
      <Heading className="text-lg">{words.title}</Heading>
      <p className="text-pretty text-ink-2">{words.detail}</p>
      <div className="mt-3 flex gap-2">
        {retry ? <Button onClick={retry}>{t('retry')}</Button> : null}
        {action}
      </div>
    </div>
  )
}
