/** What stands in each column of a ticket's row. */
'use client'

import UserRoundSearch from 'lucide-react/icons/user-round-search'
import Link from 'next/link'
import { useTranslations } from 'next-intl'
import { memo, type ReactNode } from 'react'
import { useAccount } from '@/app/_ui/account'
import { Avatar } from '@/app/_ui/avatar'
import { Chip, Dot, SentimentFace } from '@/app/_ui/chip'
import { cn } from '@/app/_ui/cn'
import { Time } from '@/app/_ui/time'
import { useIntentName, usePeople } from '@/app/(desk)/[account]/inbox/_data/people'
import type { Ticket } from '@/lib/flows/list-tickets'
import type { ColumnId } from '../_data/columns'
import { PriorityMark, StatusMark } from './marks'

const nothing = (
  <span aria-hidden className="text-ink-off">
    –
  </span>
)

function Title({ ticket }: { ticket: Ticket }) {
  const t = useTranslations('tickets')
  const account = useAccount()
  return (
    <span className="flex min-w-0 items-center gap-2">
      {ticket.unread ? (
        <span
          role="img"
          aria-label={t('unread')}
          data-tip={t('unread')}
          className="size-1.5 flex-none rounded-full bg-accent"
        />
      ) : null}
      <Link
        href={`/${account}/inbox/${ticket.displayId}`}
        aria-label={`${t('open', { number: ticket.displayId })}: ${ticket.preview ?? ''}`}
        lang={ticket.language?.startsWith('zh') ? 'zh' : undefined}
        className={cn('min-w-0 truncate rounded-sm hover:underline', ticket.unread && 'font-medium')}
        draggable={false}
      >
        {ticket.preview ?? '…'}
      </Link>
      {ticket.needsPerson ? (
        <span
          role="img"
          aria-label={t('needsPerson')}
          data-tip={t('needsPerson')}
          className="ms-auto inline-flex flex-none text-warn-ink"
        >
          <UserRoundSearch aria-hidden className="size-4" />
        </span>
      ) : null}
    </span>
  )
}

function Owner({ id }: { id: string | null }) {
  const owner = usePeople().member(id)
  if (!owner) return nothing
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <Avatar name={owner.name} className="size-5 text-[0.625rem]" />
      <span className="truncate">{owner.name}</span>
    </span>
  )
}

function Labels({ ids }: { ids: readonly string[] }) {
  const people = usePeople()
  const labels = ids.flatMap((id) => people.label(id) ?? [])
  const [first] = labels
  if (!first) return nothing
  return (
    <span className="flex min-w-0 items-center gap-1">
      <Chip tone="outline" className="min-w-0">
        <Dot colour={first.colour} />
        <span className="truncate">{first.name}</span>
      </Chip>
      {labels.length > 1 ? (
        <Chip data-tip={labels.map((label) => label.name).join(', ')} className="flex-none">
          +{labels.length - 1}
        </Chip>
      ) : null}
    </span>
  )
}

function Sentiment({ value }: { value: NonNullable<Ticket['sentiment']> }) {
  const t = useTranslations('common.sentiment')
  return (
    <span className={cn('flex min-w-0 items-center gap-1.5', value === 'neutral' && 'text-ink-3')}>
      <span aria-hidden className="contents">
        <SentimentFace value={value} />
      </span>
      <span className="truncate">{t(value)}</span>
    </span>
  )
}

function Intent({ value }: { value: string }) {
  const name = useIntentName()
  return <span className="block truncate">{name(value)}</span>
}

function Team({ id }: { id: string | null }) {
  const team = usePeople().team(id)
  return team ? <span className="block truncate">{team.name}</span> : nothing
}

function Contact({ name }: { name: string | null }) {
  const t = useTranslations('tickets')
  return <span className={cn('block truncate', !name && 'text-ink-3')}>{name ?? t('visitor')}</span>
}

const cells: Record<ColumnId, (ticket: Ticket) => ReactNode> = {
  number: (ticket) => <span className="numbers text-ink-3">{ticket.displayId}</span>,
  title: (ticket) => <Title ticket={ticket} />,
  contact: (ticket) => <Contact name={ticket.contact.name} />,
  status: (ticket) => <StatusMark value={ticket.status} />,
  priority: (ticket) => <PriorityMark value={ticket.priority} />,
  owner: (ticket) => <Owner id={ticket.assigneeId} />,
  team: (ticket) => <Team id={ticket.teamId} />,
  labels: (ticket) => <Labels ids={ticket.labelIds} />,
  intent: (ticket) => (ticket.intent ? <Intent value={ticket.intent} /> : nothing),
  sentiment: (ticket) => (ticket.sentiment ? <Sentiment value={ticket.sentiment} /> : nothing),
  waiting: (ticket) => (ticket.waitingSince ? <Time at={ticket.waitingSince} look="short" /> : nothing),
  created: (ticket) => <Time at={ticket.createdAt} look="clock" />,
  activity: (ticket) => <Time at={ticket.lastActivityAt} look="clock" />,
}

/** Rows are drawn anew for every step of the scroll; a cell only when its ticket changed. */
export const Cell = memo(function Cell({ column, ticket }: { column: ColumnId; ticket: Ticket }) {
  return cells[column](ticket)
})
