/** One message: the visitor's at the start with what the model said under it, ours at the end, notes apart from both. */
'use client'

import Lock from 'lucide-react/icons/lock'
import { useTranslations } from 'next-intl'
import { memo, type ReactNode } from 'react'
import { Avatar } from '@/app/_ui/avatar'
import { cn } from '@/app/_ui/cn'
import { Time } from '@/app/_ui/time'
import type { DeskMessage } from '@/lib/features/conversations/transcript'
import type { OpenConversation } from '../_data/conversation'
import { usePeople } from '../_data/people'
import { langOf } from '../_list/conversation-row'
import { AttachedFiles } from './attached-files'
import { LabelChips } from './label-chips'
import { MessageText } from './message-text'

interface Props {
  message: DeskMessage
  /** Of a run by the same person. */
  first: boolean
  last: boolean
  conversation: OpenConversation
  /** The visitor's newest: its labels stand out. */
  newest: boolean
  canWork: boolean
  /** Why the conversation was routed, where this message decided it. */
  reason: ReactNode
}

export const MessageRow = memo(function MessageRow(props: Props) {
  const { message, first, last } = props
  if (message.kind === 'incoming') return <Incoming {...props} />
  return <Outgoing message={message} first={first} last={last} />
})

function Incoming({ message, first, last, conversation, newest, canWork, reason }: Props) {
  const t = useTranslations('inbox')
  const name = conversation.contact.name ?? t('row.visitor')
  return (
    <div
      data-message
      className={cn('group/message grid grid-cols-[1.75rem_minmax(0,1fr)] gap-x-2.5', first ? 'mt-3' : 'mt-1')}
    >
      {first ? <Avatar name={name} className="mt-5" /> : <span />}
      <div className="min-w-0">
        {first ? <Byline name={name} at={message.createdAt} /> : null}
        <Bubble message={message} className="rounded-es-sm bg-speech-in" />
        <AttachedFiles files={message.attachments} />
        <div className="mt-1 flex flex-col gap-1.5">
          {message.text === '' ? null : (
            <LabelChips message={message} conversationId={conversation.id} newest={newest} canWork={canWork} />
          )}
          {reason}
        </div>
        {last ? null : <span className="block h-1" />}
      </div>
    </div>
  )
}

function Outgoing({ message, first }: Pick<Props, 'message' | 'first' | 'last'>) {
  const t = useTranslations('inbox.transcript')
  const { me } = usePeople()
  const name = message.author?.id === me ? t('you') : (message.author?.name ?? t('former'))
  return (
    <div data-message className={cn('flex flex-col items-end', first ? 'mt-3' : 'mt-1')}>
      {first ? <Byline name={name} at={message.createdAt} note={message.private} /> : null}
      <Bubble
        message={message}
        className={cn('rounded-ee-sm', message.private ? 'border border-warn-line bg-speech-note' : 'bg-speech-out')}
      />
      <AttachedFiles files={message.attachments} end />
    </div>
  )
}

export function Byline({ name, at, note }: { name: string; at: string; note?: boolean }) {
  const t = useTranslations('inbox.transcript')
  return (
    <p className="mb-0.5 flex items-baseline gap-1.5 text-xs text-ink-3">
      {note ? (
        <span className="inline-flex items-center gap-1 text-warn-ink" data-tip={t('noteHint')}>
          <Lock aria-hidden className="size-3 self-center" />
          {t('note')}
        </span>
      ) : null}
      <span className="font-medium text-ink-2">{name}</span>
      <Time at={at} look="clock" />
    </p>
  )
}

export function Bubble({
  message,
  className,
}: {
  message: Pick<DeskMessage, 'text' | 'prediction'>
  className?: string
}) {
  const t = useTranslations('inbox.message')
  // Files alone need no words.
  if (message.text === '') return null
  return (
    <div
      lang={langOf(message.prediction?.language ?? null)}
      className={cn(
        'w-fit max-w-[min(100%,68ch)] rounded-lg px-3 py-2 text-base whitespace-pre-wrap [overflow-wrap:anywhere]',
        className,
      )}
    >
      {message.text === null ? <i className="text-ink-3">{t('unreadable')}</i> : <MessageText text={message.text} />}
    </div>
  )
}
