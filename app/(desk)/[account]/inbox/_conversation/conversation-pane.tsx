/** The open conversation: head, transcript, composer. */
'use client'

import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { ApiError } from '@/app/_ui/api'
import { Button } from '@/app/_ui/button'
import { preloadCombobox } from '@/app/_ui/combobox'
import { preloadPopover } from '@/app/_ui/popover'
import { EmptyState, ErrorState } from '@/app/_ui/states'
import { usePreload } from '@/app/_ui/use-preload'
import { useActions } from '../_data/actions'
import type { OpenConversation } from '../_data/conversation'
import { useOutbox } from '../_data/outbox'
import { useCanWork, usePeople } from '../_data/people'
import { useTranscript } from '../_data/transcript'
import { useMarkRead } from '../_data/use-mark-read'
import { useTitle } from '../_data/use-title'
import { useOpen } from '../_data/view'
import { Composer } from './composer'
import { ConversationHead } from './conversation-head'
import { preloadCorrectPanel } from './correct-picker'
import { Transcript } from './transcript'

const behindKeys = [preloadPopover, preloadCombobox, preloadCorrectPanel]
const nothing: typeof behindKeys = []

export function ConversationPane({
  conversation,
  error,
  retry,
  showDetails,
}: {
  conversation: OpenConversation | undefined
  error: Error | null
  retry: () => void
  showDetails: () => void
}) {
  const t = useTranslations('inbox.gone')
  const open = useOpen()
  if (!conversation) {
    if (error instanceof ApiError && error.code === 'not_found') {
      return (
        <EmptyState
          title={t('title')}
          className="pt-24"
          action={<Button onClick={() => open(null)}>{t('back')}</Button>}
        >
          {t('detail')}
        </EmptyState>
      )
    }
    return error ? <ErrorState error={error} retry={retry} className="pt-24" /> : null
  }
  return <Opened conversation={conversation} showDetails={showDetails} />
}

function Opened({ conversation, showDetails }: { conversation: OpenConversation; showDetails: () => void }) {
  const people = usePeople()
  const me = useMemo(() => {
    const own = people.member(people.me)
    return own ? { id: own.id, name: own.name } : null
  }, [people])
  const outbox = useOutbox(me)
  const actions = useActions(conversation)
  const transcript = useTranscript(conversation.id)
  const canWork = useCanWork()
  useMarkRead(conversation, canWork)
  usePreload(canWork ? behindKeys : nothing)
  const unsent = useMemo(
    () => outbox.unsent.filter((each) => each.conversationId === conversation.id),
    [outbox.unsent, conversation.id],
  )
  // The head of the page says who is being talked to.
  const title = conversation.contact.name
  useTitle('name', title ?? '')
  return (
    <article className="flex h-full flex-col" aria-label={title ?? undefined}>
      <ConversationHead conversation={conversation} actions={actions} canWork={canWork} showDetails={showDetails} />
      <Transcript
        conversation={conversation}
        transcript={transcript}
        unsent={unsent}
        outbox={outbox}
        canWork={canWork}
      />
      <Composer conversation={conversation} actions={actions} send={outbox.send} canWork={canWork} />
    </article>
  )
}
