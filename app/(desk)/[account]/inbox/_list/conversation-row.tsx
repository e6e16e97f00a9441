/** One conversation in the list: who, what they last wrote, what it is about, how long they wait. */
'use client'

import AlarmClock from 'lucide-react/icons/alarm-clock'
import Hourglass from 'lucide-react/icons/hourglass'
import UserRoundSearch from 'lucide-react/icons/user-round-search'
import { useLocale, useTranslations } from 'next-intl'
import { type MouseEvent, memo, useMemo } from 'react'
import { useAccount } from '@/app/_ui/account'
import { Avatar } from '@/app/_ui/avatar'
import { Dot, NamedFace } from '@/app/_ui/chip'
import { cn } from '@/app/_ui/cn'
import { formatTime, Time, useNow } from '@/app/_ui/time'
import type { ConversationRow as Row } from '@/lib/features/conversations/row'
import { useIntentName, usePeople } from '../_data/people'
import { formatWait } from '../_data/wait'
import { PriorityIcon } from '../_parts/priority-icon'

/** The language of foreign text, for its line height and its voice. */
export const langOf = (language: string | null): string | undefined =>
  language === 'zh' ? 'zh-CN' : language && language !== 'und' ? language : undefined

/** What every row says, looked up once for all of them: a row that asked by itself would take three times as long to draw. */
export function useRowWords() {
  const t = useTranslations('inbox.row')
  const sentiment = useTranslations('common.sentiment')
  const locale = useLocale()
  const account = useAccount()
  const people = usePeople()
  const intentName = useIntentName()
  return useMemo(
    () => ({ t, sentiment, locale, account, people, intentName }),
    [t, sentiment, locale, account, people, intentName],
  )
}
type RowWords = ReturnType<typeof useRowWords>

export const ConversationRow = memo(function ConversationRow({
  row,
  words,
  current,
  open,
}: {
  row: Row
  words: RowWords
  current: boolean
  open: (displayId: number) => void
}) {
  const { t, account } = words
  const name = row.contact.name ?? t('visitor')
  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    open(row.displayId)
  }
  return (
    <a
      href={`/${account}/inbox/${row.displayId}`}
      onClick={onClick}
      aria-current={current ? 'true' : undefined}
      className={cn(
        'group relative flex h-full gap-2.5 border-b border-line/60 py-2 ps-3.5 pe-3 text-ink outline-offset-[-2px] hover:bg-hover',
        current && 'bg-selected hover:bg-selected',
      )}
    >
      {row.unread ? (
        <span
          role="img"
          aria-label={t('unread')}
          className="absolute inset-s-1 top-[1.1rem] size-1.5 rounded-full bg-accent"
        />
      ) : null}
      <Avatar name={name} className="mt-0.5" />
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="flex items-baseline gap-2">
          <span className={cn('min-w-0 flex-1 truncate', row.unread ? 'font-semibold' : 'font-medium')}>{name}</span>
          <Time at={row.lastActivityAt} look="clock" className="flex-none text-xs text-ink-3" />
        </span>
        <Preview row={row} words={words} />
        <Meta row={row} words={words} />
      </span>
    </a>
  )
})

function Preview({ row, words: { t } }: { row: Row; words: RowWords }) {
  const mine = { outgoing: t('team'), note: t('note') }[row.previewKind]
  return (
    <span className={cn('truncate', row.unread ? 'text-ink' : 'text-ink-2')}>
      {mine ? <span className={row.previewKind === 'note' ? 'text-warn-ink' : 'text-ink-3'}>{mine}</span> : null}
      {row.preview === null ? (
        <i>{t('unreadable')}</i>
      ) : (
        <span lang={mine ? undefined : langOf(row.language)}>{row.preview}</span>
      )}
    </span>
  )
}

function Meta({ row, words }: { row: Row; words: RowWords }) {
  const { t, people, intentName } = words
  const assignee = people.member(row.assigneeId)
  return (
    <span className="mt-auto flex h-5 items-center gap-1.5 text-xs text-ink-3">
      {row.sentiment ? (
        <NamedFace value={row.sentiment} name={words.sentiment(row.sentiment)} className="-ms-px" />
      ) : null}
      {row.needsPerson ? (
        <span className="chip min-h-4.5 min-w-0 px-1.5" data-tone="unsure">
          <UserRoundSearch aria-hidden className="flex-none" />
          <span className="truncate">{t('needsPerson')}</span>
        </span>
      ) : row.intent ? (
        <span className="min-w-0 truncate text-ink-2">{intentName(row.intent)}</span>
      ) : (
        <span className="truncate italic">{t('unlabelled')}</span>
      )}
      {row.priority === 'normal' ? null : <PriorityIcon value={row.priority} />}
      <span className="flex flex-none gap-0.5">
        {row.labelIds.slice(0, 4).map((id) => {
          const label = people.label(id)
          return label ? (
            <span key={id} role="img" aria-label={label.name} data-tip={label.name} className="inline-flex">
              <Dot colour={label.colour} />
            </span>
          ) : null
        })}
      </span>
      <span className="ms-auto flex flex-none items-center gap-1.5">
        <Waiting row={row} words={words} />
        {assignee ? (
          <span
            role="img"
            aria-label={t('assignedTo', { name: assignee.name })}
            data-tip={t('assignedTo', { name: assignee.name })}
          >
            <Avatar name={assignee.name} className="size-5 text-[0.625rem]" />
          </span>
        ) : null}
      </span>
    </span>
  )
}

/** Half an hour without an answer is worth a colour, minutes. */
const long = 30

function Waiting({ row, words: { t, locale } }: { row: Row; words: RowWords }) {
  const now = useNow()
  if (!now) return null
  if (row.snoozedUntil) {
    const until = formatTime(Date.parse(row.snoozedUntil), locale, now)
    return (
      <span className="numbers inline-flex items-center gap-0.5" data-tip={t('snoozedUntil', { time: until })}>
        <AlarmClock aria-hidden className="size-3.5" />
        {until}
      </span>
    )
  }
  if (!row.waitingSince || row.status === 'resolved') return null
  const minutes = (now - Date.parse(row.waitingSince)) / 60_000
  const time = formatWait(minutes, locale)
  return (
    <span
      role="img"
      aria-label={t('waiting', { time })}
      data-tip={t('waiting', { time })}
      className={cn('numbers inline-flex items-center gap-0.5', minutes >= long && 'text-warn-ink')}
    >
      <Hourglass aria-hidden className="size-3" />
      {time}
    </span>
  )
}
