/** The open conversation: its row first (from the list, at once), then all of it, kept true by the account's news. */
'use client'

import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useAccount, useApi } from '@/app/_ui/account'
import { useLive } from '@/app/_ui/live'
import type { ConversationDetail } from '@/lib/features/conversations/read-one'
import type { ConversationRow } from '@/lib/features/conversations/row'
import { findRow } from './list'
import { withoutChange } from './merge'
import { useReady } from './use-ready'

/** What the page needs before the details have arrived. */
export type OpenConversation = ConversationRow & Partial<Omit<ConversationDetail, keyof ConversationRow>>

const detailKey = (account: string, displayId: string) => [account, 'inbox', 'conversation', displayId]

export function useConversation(displayId: string) {
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const key = detailKey(account, displayId)
  const query = useQuery<ConversationDetail, Error>({
    queryKey: key,
    queryFn: ({ signal }) => api.get<ConversationDetail>(`conversations/${displayId}`, {}, { signal }),
  })
  const row = query.data ?? findRow(client, account, displayId)
  return { ...query, conversation: row as OpenConversation | undefined }
}

/** Mount once beside the open conversation: asks again when the news are about it. */
export function useLiveConversation(displayId: string, id: string | undefined): void {
  const account = useAccount()
  const client = useQueryClient()
  const key = detailKey(account, displayId)
  const again = ({ conversationId }: { conversationId: string | null }) => {
    if (conversationId === id) void client.invalidateQueries({ queryKey: key })
  }
  useLive('message.created', again)
  useLive('message.labelled', again)
  useLive('conversation.updated', again)
  useReady(key)
}

/** Changes the open conversation at once; returns the way back. */
export function patchConversation(
  client: QueryClient,
  account: string,
  displayId: number,
  patch: Partial<ConversationRow>,
): () => void {
  const key = detailKey(account, String(displayId))
  const before = client.getQueryData<ConversationDetail>(key)
  if (!before) return () => {}
  const changed = { ...before, ...patch }
  client.setQueryData<ConversationDetail>(key, changed)
  return () => client.setQueryData<ConversationDetail>(key, (now) => now && withoutChange(now, before, changed))
}
