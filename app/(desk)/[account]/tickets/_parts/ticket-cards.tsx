/** The same tickets on a phone: one card of three lines each. */
'use client'

import { useVirtualizer } from '@tanstack/react-virtual'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { useAccount } from '@/app/_ui/account'
import { Avatar } from '@/app/_ui/avatar'
import { SentimentFace } from '@/app/_ui/chip'
import { cn } from '@/app/_ui/cn'
import { Checkbox } from '@/app/_ui/input'
import { Time } from '@/app/_ui/time'
import { useIntentName, usePeople } from '@/app/(desk)/[account]/inbox/_data/people'
import { mostAtOnce } from '@/lib/features/tickets/rules'
import type { Ticket } from '@/lib/flows/list-tickets'
import { PriorityIcon, StatusMark } from './marks'
import type { RowsProps } from './ticket-table'

/** Height of a card, px. */
const height = 84

export function TicketCards({ rows, view, selection, setSelection, canSelect, onEnd, end, busy }: RowsProps) {
  const t = useTranslations('tickets')
  const frame = useRef<HTMLElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => height,
    getItemKey: (index) => rows[index]?.id ?? index,
    overscan: 8,
  })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= rows.length - 20) onEnd()
  }, [last, rows.length, onEnd])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view begins at its top
  useEffect(() => void frame.current?.scrollTo({ top: 0 }), [view])
  const toggle = (id: string) => {
    const { [id]: had, ...rest } = selection
    if (had) setSelection(rest)
    else if (Object.keys(selection).length < mostAtOnce) setSelection({ ...selection, [id]: true })
  }
  return (
    <section
      ref={frame}
      aria-label={t('table')}
      aria-busy={busy}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      className="min-h-0 flex-1 overflow-y-auto"
    >
      <ul className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const ticket = rows[item.index]
          if (!ticket) return null
          return (
            <li
              key={ticket.id}
              className={cn(
                'absolute inset-x-0 top-0 flex border-b border-line',
                selection[ticket.id] && 'bg-selected',
              )}
              style={{ height, transform: `translateY(${item.start}px)` }}
            >
              {canSelect ? (
                // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox stands inside
                <label className="grid w-11 flex-none place-items-center">
                  <Checkbox
                    aria-label={t('select.row', { number: ticket.displayId })}
                    checked={selection[ticket.id] ?? false}
                    onChange={() => toggle(ticket.id)}
                  />
                </label>
              ) : null}
              <Card ticket={ticket} padded={!canSelect} />
            </li>
          )
        })}
      </ul>
      {end}
    </section>
  )
}

function Card({ ticket, padded }: { ticket: Ticket; padded: boolean }) {
  const t = useTranslations('tickets')
  const account = useAccount()
  const people = usePeople()
  const owner = people.member(ticket.assigneeId)
  const intentName = useIntentName()
  return (
    <Link
      href={`/${account}/inbox/${ticket.displayId}`}
      className={cn('flex min-w-0 flex-1 flex-col justify-center gap-1 pe-3', padded && 'ps-3')}
    >
      <span className="flex items-center gap-2 text-xs text-ink-3">
        <span className="numbers">#{ticket.displayId}</span>
        <span className="min-w-0 truncate text-ink-2">{ticket.contact.name ?? t('visitor')}</span>
        <Time at={ticket.lastActivityAt} look="clock" className="ms-auto flex-none" />
      </span>
      <span
        lang={ticket.language?.startsWith('zh') ? 'zh' : undefined}
        className={cn('truncate', ticket.unread && 'font-semibold', ticket.status === 'resolved' && 'text-ink-2')}
      >
        {ticket.preview ?? '…'}
      </span>
      <span className="flex items-center gap-3 text-xs text-ink-2">
        <StatusMark value={ticket.status} className="flex-none" />
        {ticket.priority === 'normal' ? null : (
          <span className="flex flex-none items-center gap-1 whitespace-nowrap">
            <PriorityIcon value={ticket.priority} />
            {t(`priority.${ticket.priority}`)}
          </span>
        )}
        {ticket.sentiment === 'negative' ? <SentimentFace value="negative" className="flex-none" /> : null}
        {ticket.intent ? <span className="min-w-0 truncate text-ink-3">{intentName(ticket.intent)}</span> : null}
        {owner ? (
          <span className="ms-auto flex max-w-1/3 flex-none items-center gap-1.5">
            <Avatar name={owner.name} className="size-5 text-[0.625rem]" />
            <span className="truncate">{owner.name}</span>
          </span>
        ) : null}
      </span>
    </Link>
  )
}
