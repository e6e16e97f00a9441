/** Tells the server that the conversation has been seen, while the page is really looked at. */
'use client'

import { useEffect, useRef } from 'react'
import { useApi } from '@/app/_ui/account'
import type { ConversationRow } from '@/lib/features/conversations/row'

/** Milliseconds a conversation must stay open: moving through a list with j does not read everything. */
const dwell = 700

export function useMarkRead(conversation: Pick<ConversationRow, 'id' | 'unread' | 'lastSequence'>, on: boolean): void {
  const api = useApi()
  const { id, unread, lastSequence } = conversation
  const told = useRef(0)
  useEffect(() => {
    if (!on || !unread || told.current >= lastSequence) return
    const tell = () => {
      if (document.hidden) return
      told.current = lastSequence
      // Unread stays unread when it fails; the next message or opening tries again.
      api.post(`conversations/${id}/read`, { sequence: lastSequence }).catch(() => {
        told.current = 0
      })
    }
    const timer = setTimeout(tell, dwell)
    document.addEventListener('visibilitychange', tell)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', tell)
    }
  }, [api, id, unread, lastSequence, on])
}
