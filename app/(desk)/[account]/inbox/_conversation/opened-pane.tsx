/** What an open conversation needs: its pane and the one beside it. Loaded when the first one is approached. */
'use client'

import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Sheet } from '@/app/_ui/dialog'
import { useConversation, useLiveConversation } from '../_data/conversation'
import { SidePane } from '../_side/side-pane'
import { ConversationPane } from './conversation-pane'

export function OpenedPane({ number }: { number: string }) {
  const { conversation, error, refetch } = useConversation(number)
  useLiveConversation(number, conversation?.id)
  const [details, setDetails] = useState(false)
  const t = useTranslations('inbox')
  return (
    <>
      <ConversationPane
        conversation={conversation}
        error={error}
        retry={() => void refetch()}
        showDetails={() => setDetails(true)}
      />
      <Sheet open={details} onOpenChange={setDetails} title={t('details')}>
        <SideOf number={number} inSheet />
      </Sheet>
    </>
  )
}

export function SideOf({ number, inSheet }: { number: string; inSheet?: boolean }) {
  const { conversation } = useConversation(number)
  return conversation ? <SidePane conversation={conversation} inSheet={inSheet} /> : null
}
