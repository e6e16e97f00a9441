/** The messages in order, with days between them. Older ones come in above without a jump. */
'use client'

import ArrowDown from 'lucide-react/icons/arrow-down'
import { useTranslations } from 'next-intl'
import { useMemo, useRef, useState } from 'react'
import { Button } from '@/app/_ui/button'
import { Spinner } from '@/app/_ui/spinner'
import { ErrorState, Skeleton } from '@/app/_ui/states'
import type { DeskMessage } from '@/lib/features/conversations/transcript'
import type { OpenConversation } from '../_data/conversation'
import type { Unsent, useOutbox } from '../_data/outbox'
import { routedMessage } from '../_data/routed'
import { timeline } from '../_data/timeline'
import type { useTranscript } from '../_data/transcript'
import { ActivityRow } from './activity-row'
import { Day } from './day'
import { MessageRow } from './message-row'
import { RouteReason } from './route-reason'
import { UnsentRow } from './unsent-row'
import { useScroll } from './use-scroll'

export function Transcript({
  conversation,
  transcript,
  unsent,
  outbox,
  canWork,
}: {
  conversation: OpenConversation
  transcript: ReturnType<typeof useTranscript>
  unsent: readonly Unsent[]
  outbox: ReturnType<typeof useOutbox>
  canWork: boolean
}) {
  const t = useTranslations('inbox.transcript')
  const box = useRef<HTMLDivElement>(null)
  const { messages, more, loadOlder, olderState } = transcript
  const items = useMemo(() => timeline(messages), [messages])
  const newest = useMemo(() => messages.findLast((message) => message.kind === 'incoming'), [messages])
  const routed = useRouted(messages, conversation.route)
  // A message that has been stored and is listed is no longer shown as being sent.
  const waiting = unsent.filter((each) => !messages.some((message) => message.clientId === each.clientId))
  const { onScroll, behind, toEnd } = useScroll(
    box,
    { messages, own: waiting.length },
    () => void (more && olderState !== 'failed' && loadOlder()),
  )
  const reason = <RouteReason route={conversation.route} />
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        role="log"
        aria-label={t('label')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        tabIndex={0}
        onScroll={onScroll}
        className="h-full overflow-y-auto outline-offset-[-2px] [overflow-anchor:none]"
      >
        <div className="mx-auto flex min-h-full max-w-3xl flex-col justify-end px-4 py-4">
          {transcript.isPending ? <Waiting /> : null}
          {transcript.error && !messages.length ? (
            <ErrorState error={transcript.error} retry={() => void transcript.refetch()} className="my-auto" />
          ) : null}
          {more ? <Older state={olderState} load={() => void loadOlder()} /> : null}
          {items.map((item) => {
            if (item.kind === 'day') return <Day key={item.key} at={item.at} />
            if (item.kind === 'line') return <ActivityRow key={item.key} message={item.message} />
            const { message, first, last } = item
            return (
              <MessageRow
                key={item.key}
                message={message}
                first={first}
                last={last}
                conversation={conversation}
                newest={message === newest}
                canWork={canWork}
                reason={message.id === routed ? reason : null}
              />
            )
          })}
          {waiting.map((each) => (
            <UnsentRow key={each.clientId} message={each} outbox={outbox} />
          ))}
        </div>
      </div>
      {behind ? (
        <Button size="small" className="absolute inset-x-0 bottom-3 mx-auto w-max rounded-full" onClick={toEnd}>
          <ArrowDown aria-hidden />
          {t('newer')}
        </Button>
      ) : null}
    </div>
  )
}

/** The message beside which the route's reason stands; it stays there when older messages, or newer labels, come in. */
function useRouted(messages: readonly DeskMessage[], route: unknown): string | null {
  const stored = JSON.stringify(route)
  const [placed, setPlaced] = useState<{ stored: string; id: string } | null>(null)
  const here = placed?.stored === stored && messages.some((message) => message.id === placed.id) ? placed.id : null
  const found = here ?? routedMessage(messages, route)
  if (found && found !== here) setPlaced({ stored, id: found })
  return found
}

function Older({ state, load }: { state: 'idle' | 'loading' | 'failed'; load: () => void }) {
  const t = useTranslations('inbox.transcript')
  const common = useTranslations('common')
  return (
    <p className="flex h-10 flex-none items-center justify-center">
      {state === 'failed' ? (
        <Button size="small" look="ghost" onClick={load}>
          {common('retry')}
        </Button>
      ) : (
        <Spinner label={t('older')} className="text-ink-3" />
      )}
    </p>
  )
}

function Waiting() {
  const t = useTranslations('common')
  return (
    <div role="status" aria-label={t('loading')} className="space-y-4">
      <Skeleton className="h-9 w-2/5 rounded-lg" />
      <Skeleton className="h-14 w-3/5 rounded-lg" />
      <Skeleton className="ms-auto h-9 w-1/2 rounded-lg" />
    </div>
  )
}
