/** The messages of a conversation: newest page first, older ones on demand, single ones as the news name them. */
'use client'

import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { useLive } from '@/app/_ui/live'
import type { DeskMessage, TranscriptPage } from '@/lib/features/conversations/transcript'
import { continues, mergeMessages, withoutChange } from './merge'
import { settled, useReady } from './use-ready'

const pageSize = 40
const keyOf = (account: string, id: string) => [account, 'inbox', 'messages', id]

interface News {
  conversationId: string | null
  messageId: string | null
  removed?: string
  because?: string
}

export function useTranscript(id: string | undefined) {
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const key = keyOf(account, id ?? '')
  const query = useQuery<TranscriptPage, Error>({
    queryKey: key,
    enabled: id !== undefined,
    queryFn: async ({ signal }) => {
      const page = await api.get<TranscriptPage>(`conversations/${id}/messages`, { limit: pageSize }, { signal })
      const old = client.getQueryData<TranscriptPage>(key)
      if (!old || !continues(old.messages, page.messages, page.more)) return page
      return { messages: mergeMessages(old.messages, page.messages), more: old.more }
    },
  })

  const [olderState, setOlderState] = useState<'idle' | 'loading' | 'failed'>('idle')
  const loading = useRef(false)
  const loadOlder = useCallback(async () => {
    const first = query.data?.messages[0]
    if (!id || !first || !query.data?.more || loading.current) return
    loading.current = true
    setOlderState('loading')
    try {
      const page = await api.get<TranscriptPage>(`conversations/${id}/messages`, {
        before: first.sequence,
        limit: pageSize,
      })
      client.setQueryData<TranscriptPage>(key, (old) => ({
        messages: mergeMessages(old?.messages ?? [], page.messages),
        more: page.more,
      }))
      setOlderState('idle')
    } catch {
      setOlderState('failed')
    } finally {
      loading.current = false
    }
  }, [api, client, id, key, query.data])

  const fetchMessage = ({ conversationId, messageId, removed, because }: News) => {
    if (!id || conversationId !== id) return
    // The thread was joined to another: what is here has other sequences now.
    if (because === 'renumbered') return void client.resetQueries({ queryKey: key })
    if (removed) {
      client.setQueryData<TranscriptPage>(
        key,
        (old) => old && { ...old, messages: mergeMessages(old.messages, [], removed) },
      )
      return
    }
    if (!messageId) return
    api
      .get<TranscriptPage>(`conversations/${id}/messages`, { ids: messageId })
      .then((page) => {
        // Before the first page has arrived there is nothing to add to, and that page may be older than the news.
        if (client.getQueryData(key)) addMessages(client, account, id, page.messages)
        else setTimeout(() => void client.invalidateQueries({ queryKey: key }), settled)
      })
      .catch(() => void client.invalidateQueries({ queryKey: key }))
  }
  useLive<News>('message.created', fetchMessage)
  useLive<News>('message.labelled', fetchMessage)
  useLive<News>('conversation.updated', fetchMessage)
  useReady(key)
  return { ...query, messages: query.data?.messages ?? [], more: query.data?.more ?? false, loadOlder, olderState }
}

/** Puts messages into a transcript that is on the page. */
export function addMessages(client: QueryClient, account: string, id: string, fresh: readonly DeskMessage[]): void {
  client.setQueryData<TranscriptPage>(
    keyOf(account, id),
    (old) => old && { ...old, messages: mergeMessages(old.messages, fresh) },
  )
}

/** Changes one message at once; returns the way back. */
export function patchMessage(
  client: QueryClient,
  account: string,
  id: string,
  messageId: string,
  change: (message: DeskMessage) => DeskMessage,
): () => void {
  const key = keyOf(account, id)
  const before = client.getQueryData<TranscriptPage>(key)?.messages.find((message) => message.id === messageId)
  if (!before) return () => {}
  const changed = change(before)
  addMessages(client, account, id, [changed])
  return () =>
    client.setQueryData<TranscriptPage>(
      key,
      (data) =>
        data && {
          ...data,
          messages: data.messages.map((now) => (now.id === messageId ? withoutChange(now, before, changed) : now)),
        },
    )
}
