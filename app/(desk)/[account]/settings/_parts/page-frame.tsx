/** A settings page: its name, what it is for, and who may change it. */
'use client'

import Lock from 'lucide-react/icons/lock'
import { useTranslations } from 'next-intl'
import type { ReactNode } from 'react'
import { cn } from '@/app/_ui/cn'
import { useMembership } from '@/app/(desk)/_shell/session'
import type { Question } from '@/lib/features/accounts/permissions'

export function PageFrame({
  title,
  lead,
  may,
  action,
  wide,
  children,
}: {
  title: string
  lead: ReactNode
  /** May this person change what is here? */
  may: boolean
  action?: ReactNode
  wide?: boolean
  children: ReactNode
}) {
  const t = useTranslations('settings')
  const membership = useMembership()
  const waits = membership?.waits === true
  return (
    <div className={cn('mx-auto flex w-full flex-col gap-6 px-5 py-6', wide ? 'max-w-5xl' : 'max-w-3xl')}>
      <header className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <h1 className="text-xl">{title}</h1>
          <p className="text-pretty text-ink-2">{lead}</p>
        </div>
        {may ? action : null}
      </header>
      {membership && !may ? (
        <p className="flex items-center gap-2 rounded-md bg-canvas px-3 py-2 text-ink-2">
          <Lock aria-hidden className="size-4 flex-none" />
          {t(waits ? 'waits' : 'readOnly')}
        </p>
      ) : null}
      {waits && !may ? (
        <fieldset disabled className="contents">
          {children}
        </fieldset>
      ) : (
        children
      )}
    </div>
  )
}

/**
 * The same questions as the server's: pages only hide what it refuses. Members beyond the people that the plan includes change
 * nothing; `waiting`: what they may all the same, as reading and paying.
 */
export function useMay(question: Question, { waiting = false } = {}): boolean {
  const membership = useMembership()
  return membership !== undefined && (waiting || !membership.waits) && question(membership)
}

/** A part of a page with its own heading. */
export function Section({
  id,
  title,
  lead,
  children,
  className,
}: {
  /** For links that lead to it. */
  id?: string
  title: string
  lead?: ReactNode
  children: ReactNode
  className?: string
}) {
  return (
    <section id={id} className={cn('flex flex-col gap-3', className)}>
      <header>
        <h2 className="text-lg">{title}</h2>
        {lead ? <p className="text-pretty text-ink-2">{lead}</p> : null}
      </header>
      {children}
    </section>
  )
}
