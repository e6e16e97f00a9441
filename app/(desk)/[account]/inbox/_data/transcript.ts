/** The messages of a conversation: newest page first, older ones on demand, and what came later as the news tell of it. */
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

/** What is on the page, and up to which sequence all of it was read: one's own message may stand behind others that have not come yet. */
interface Shown extends TranscriptPage {
  read: number
}

const lastOf = (page: TranscriptPage): number => page.messages.at(-1)?.sequence ?? 0

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
  const query = useQuery<Shown, Error>({
    queryKey: key,
    enabled: id !== undefined,
    queryFn: async ({ signal }) => {
      const page = await api.get<TranscriptPage>(`conversations/${id}/messages`, { limit: pageSize }, { signal })
      const old = client.getQueryData<Shown>(key)
      if (!old || !continues(old.messages, page.messages, page.more)) return { ...page, read: lastOf(page) }
      const read = Math.max(old.read, lastOf(page))
      return { messages: mergeMessages(old.messages, page.messages), more: old.more, read }
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
      client.setQueryData<Shown>(key, (old) => ({
        messages: mergeMessages(old?.messages ?? [], page.messages),
        more: page.more,
        read: old?.read ?? 0,
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
      client.setQueryData<Shown>(key, (old) => old && { ...old, messages: mergeMessages(old.messages, [], removed) })
      return
    }
    if (!messageId) return
    const again = () => void client.invalidateQueries({ queryKey: key })
    const shown = client.getQueryData<Shown>(key)
    // Before the first page has arrived there is nothing to add to, and that page may be older than the news.
    if (!shown) return void setTimeout(again, settled)
    const known = shown.messages.some((message) => message.id === messageId)
    // What is new is read from where the reading stands: had the one before been lost on its way, it would lack in the middle.
    api
      .get<TranscriptPage>(`conversations/${id}/messages`, known ? { ids: messageId } : { after: shown.read })
      .then((page) => {
        const read = known ? 0 : lastOf(page)
        client.setQueryData<Shown>(
          key,
          (old) =>
            old && { ...old, messages: mergeMessages(old.messages, page.messages), read: Math.max(old.read, read) },
        )
        if (page.more) again()
      })
      .catch(again)
  }
  useLive<News>('message.created', fetchMessage)
  useLive<News>('message.labelled', fetchMessage)
  useLive<News>('conversation.updated', fetchMessage)
  useReady(key)
  return { ...query, messages: query.data?.messages ?? [], more: query.data?.more ?? false, loadOlder, olderState }
}

/** Puts messages into a transcript that is on the page. */
export function addMessages(client: QueryClient, account: string, id: string, fresh: readonly DeskMessage[]): void {
  client.setQueryData<Shown>(
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
    client.setQueryData<Shown>(
      key,
      (data) =>
        data && {
          ...data,
          messages: data.messages.map((now) => (now.id === messageId ? withoutChange(now, before, changed) : now)),
        },
    )
}
